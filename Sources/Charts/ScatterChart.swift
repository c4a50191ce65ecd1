/// Points over two numeric axes, with zero lines, and the line of equal values where both axes measure the same.
public struct ScatterChart: Chart, Equatable {
    /// The axis from left to right.
    public var x: Axis
    /// The axis from bottom to top.
    public var y: Axis
    /// Points that belong together.
    public var series: [Series]
    /// Both axes measure one quantity: same range, a square plot and the line y = x.
    public var comparesLikeWithLike: Bool

    /// Points on their axes.
    public init(x: Axis, y: Axis, series: [Series], comparesLikeWithLike: Bool = false) {
        self.x = x
        self.y = y
        self.series = series
        self.comparesLikeWithLike = comparesLikeWithLike
    }

    /// Above this many points all dots of a series are one path and carry no titles.
    private static let titleLimit = 2000

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: series.map(\.role))
        let entries = series.count > 1 ? zip(series, styles).map { ($0.label, $1) } : []
        let legend = Legend(entries, swatch: .mark, theme: theme)
        let points = series.flatMap(\.points).filter(\.isDrawable)
        let heights = points.map(\.y) + (comparesLikeWithLike ? points.map(\.x) : [])
        let xRange = x.ticks(over: padded(x, points.map(\.x)), count: max(2, Int(theme.width / 90))).range
        let frame = PlotFrame(
            theme: theme, x: x, xRange, y: y, padded(y, heights), top: legend.height, isSquare: comparesLikeWithLike)
        var drawing = Drawing()
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing, xGrid: true)
        if comparesLikeWithLike {
            drawing.line("pb-identity", from: (frame.left, frame.bottom), to: (frame.right, frame.top))
            drawing.text("y = x", x: frame.right + 6, y: frame.top + 5, style: "pb-tick")
        }
        let radius = points.count > 400 ? 2.0 : points.count > 100 ? 3 : 3.5
        for index in series.indices.reversed() {
            let style = styles[index]
            if points.count > Self.titleLimit {
                drawCloud(series[index], style, frame, into: &drawing)
            } else {
                for point in series[index].points where point.isDrawable {
                    drawing.path(
                        "pb-mark \(style.className)",
                        style.marker.outline(x: frame.x(point.x), y: frame.y(point.y), radius: radius),
                        title: caption(series[index], point))
                }
            }
        }
        if points.isEmpty { frame.drawEmptyNote(into: &drawing) }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    /// A little room around the points, so that no mark sits on the frame.
    private func padded(_ axis: Axis, _ values: [Double]) -> ClosedRange<Double> {
        let range = axis.range(of: values)
        guard axis.domain == nil else { return range }
        let room = (range.upperBound - range.lowerBound) * 0.02
        return (range.lowerBound - room)...(range.upperBound + room)
    }

    private func drawCloud(_ series: Series, _ style: SeriesStyle, _ frame: PlotFrame, into drawing: inout Drawing) {
        var dots = PathData()
        for point in series.points where point.isDrawable { dots.dot(frame.x(point.x), frame.y(point.y)) }
        drawing.path("pb-cloud \(style.className)", dots.text)
    }

    private func caption(_ series: Series, _ point: Point) -> String {
        let name = self.series.count > 1 ? series.label : ""
        let who = [name, point.label].filter { !$0.isEmpty }.joined(separator: ", ")
        let place = "\(axisName(x, "x")) \(Numerals.reading(point.x)), \(axisName(y, "y")) \(Numerals.reading(point.y))"
        return who.isEmpty ? place : "\(who): \(place)"
    }

    private func axisName(_ axis: Axis, _ fallback: String) -> String { axis.title.isEmpty ? fallback : axis.title }
}
