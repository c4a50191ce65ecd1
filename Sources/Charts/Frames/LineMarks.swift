/// The band, line and markers of one series, broken where a value is missing.
struct LineMarks {
    private let series: Series
    private let style: SeriesStyle
    private let frame: PlotFrame
    /// Runs of neighbouring points that can be drawn.
    private let runs: [ArraySlice<Point>]

    init(_ series: Series, _ style: SeriesStyle, _ frame: PlotFrame) {
        self.series = series
        self.style = style
        self.frame = frame
        runs = series.points.split(whereSeparator: { !frame.shows($0) })
    }

    /// Draws the intervals as bands, and as strokes where a point has no neighbour; simultaneous ones lie below, paler.
    func drawBands(into drawing: inout Drawing) {
        drawBand("pb-outer", \.outer, into: &drawing)
        drawBand("pb-band", \.interval, into: &drawing)
    }

    private func drawBand(_ kind: String, _ interval: (Point) -> Ends?, into drawing: inout Drawing) {
        var band = PathData()
        for run in runs {
            let ends = run.map { point in
                interval(point).map { ends in
                    let drawn = frame.drawn(ends)
                    drawn.drawArrows(
                        style.className, along: frame.x(point.x), { ($0, $1) }, from: frame.bottom, to: frame.top,
                        into: &drawing)
                    return (x: frame.x(point.x), low: drawn.low, high: drawn.high)
                }
            }
            for part in ends.split(whereSeparator: { $0 == nil }) {
                let ends = part.compactMap(\.self)
                if let only = ends.first, ends.count == 1 {
                    let style = kind == "pb-outer" ? "pb-errorbar pb-thin" : "pb-errorbar"
                    drawing.line("\(style) \(self.style.className)", from: (only.x, only.low), to: (only.x, only.high))
                    continue
                }
                for (index, end) in ends.enumerated() {
                    index == 0 ? band.move(end.x, end.high) : band.line(end.x, end.high)
                }
                for end in ends.reversed() { band.line(end.x, end.low) }
                band.close()
            }
        }
        drawing.path("\(kind) \(style.className)", band.text)
    }

    /// Draws the line.
    func drawLine(into drawing: inout Drawing) {
        var line = PathData()
        for run in runs {
            let pixels = thinned(run.map { (x: frame.x($0.x), y: frame.y($0.y)) })
            for (index, pixel) in pixels.enumerated() {
                index == 0 ? line.move(pixel.x, pixel.y) : line.line(pixel.x, pixel.y)
            }
        }
        drawing.path("pb-line \(style.className)", line.text)
    }

    /// Draws a marker for each point of a series that is not a control, and always for a point without neighbours.
    func drawMarkers(into drawing: inout Drawing, areSeen: Bool) {
        for run in runs where (areSeen && !style.isControl) || run.count == 1 {
            for point in run {
                drawing.path(
                    "pb-dot \(style.className)",
                    style.marker.outline(x: frame.x(point.x), y: frame.y(point.y), radius: 3))
            }
        }
    }

    /// Keeps the first, lowest, highest and last point of each pixel column where points are closer than pixels.
    private func thinned(_ pixels: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard Double(pixels.count) > 4 * (frame.right - frame.left) else { return pixels }
        var kept: [(x: Double, y: Double)] = []
        var start = 0
        while start < pixels.count {
            let column = pixels[start].x.rounded()
            var end = start
            var (low, high) = (start, start)
            while end < pixels.count, pixels[end].x.rounded() == column {
                if pixels[end].y < pixels[low].y { low = end }
                if pixels[end].y > pixels[high].y { high = end }
                end += 1
            }
            var last = -1
            for index in [start, min(low, high), max(low, high), end - 1] where index > last {
                kept.append(pixels[index])
                last = index
            }
            start = end
        }
        return kept
    }
}
