/// Whether intervals go on beyond what an axis has a place for.
struct OpenEnds {
    var below = false
    var above = false
}

/// Both ends of an interval around an estimate; infinite where it is open.
typealias Ends = (lower: Double, upper: Double)

extension Axis {
    /// The ends that the axis has a place for.
    func places(of intervals: some Sequence<Ends>) -> [Double] {
        intervals.flatMap { [$0.lower, $0.upper] }.filter(shows)
    }

    /// At which sides any of these intervals goes on beyond the axis.
    func openEnds(of intervals: some Sequence<Ends>) -> OpenEnds {
        var open = OpenEnds()
        for interval in intervals {
            if !shows(interval.lower) { open.below = true }
            if !shows(interval.upper) { open.above = true }
        }
        return open
    }
}

/// An interval in pixels along the axis of values.
struct DrawnInterval {
    /// The pixel of the lower end, or of the axis' own end where the interval goes on.
    let low: Double
    let high: Double
    let open: OpenEnds

    init(_ ends: Ends, on axis: Axis, _ scale: Scale) {
        open = axis.openEnds(of: [ends])
        low = open.below ? scale.start : scale(ends.lower)
        // What lies wholly below a logarithmic axis stays at its foot.
        high = !open.above ? scale(ends.upper) : ends.upper > 0 ? scale.end : scale.start
    }

    /// Draws an arrowhead at each end that goes on.
    /// - Parameters:
    ///   - along: the interval's place along the other axis.
    ///   - place: pixels of a place along the other axis and along this one.
    func drawArrows(
        _ style: String, along: Double, _ place: (Double, Double) -> (x: Double, y: Double), from start: Double,
        to end: Double, into drawing: inout Drawing
    ) {
        let inward = end > start ? 4.0 : -4
        for (isOpen, pixel, back) in [(open.below, low, inward), (open.above, high, -inward)] where isOpen {
            var arrow = PathData()
            let sides = [place(along - 3, pixel + back), place(along + 3, pixel + back)]
            let tip = place(along, pixel)
            arrow.move(sides[0].x, sides[0].y)
            arrow.line(tip.x, tip.y)
            arrow.line(sides[1].x, sides[1].y)
            drawing.path("pb-arrow \(style)", arrow.text)
        }
    }
}
