import Values

/// Points over two numeric axes, with zero lines, and the line of equal values where both axes measure the same.
///
/// Many points of one series are shown as counts in small cells, many points of several series with those that fall on one
/// another drawn once; the chart says which.
public struct ScatterChart: Chart, Equatable {
    /// The axis from left to right.
    public var x: Axis
    /// The axis from bottom to top.
    public var y: Axis
    /// Points that belong together.
    public var series: [Series]
    /// Both axes measure one quantity: same range, a square plot and the line y = x.
    public var comparesLikeWithLike: Bool
    /// Whether the chart names its series itself; not where several charts share a key.
    public var showsKey = true

    /// Points on their axes.
    public init(x: Axis, y: Axis, series: [Series], comparesLikeWithLike: Bool = false) {
        self.x = x
        self.y = y
        self.series = series
        self.comparesLikeWithLike = comparesLikeWithLike
    }

    private static let equal = "y = x"
    /// Above this many points there is no mark a point.
    private static let markLimit = 2000

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: series.map(\.role))
        let isSquare = comparesLikeWithLike && x.scale == y.scale
        let legend = legend(in: theme)
        let points = series.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }
        let isDense = points.count > Self.markLimit
        let isCounted = isDense && series.count(where: { !$0.points.isEmpty }) == 1
        let heights = points.map(\.y) + (isSquare ? points.map(\.x) : [])
        let xRange = x.ticks(over: padded(x, points.map(\.x)), count: max(2, Int(theme.width / 90))).range
        let noteHeight = isCounted ? 2 * theme.lineHeight + 16 : isDense ? theme.lineHeight + 4 : 0
        let frame = PlotFrame(
            theme: theme, x: x, xRange, y: y, padded(y, heights), top: legend.height + noteHeight,
            rightMargin: isSquare ? theme.textWidth(Self.equal) + 10 : 12, isSquare: isSquare)
        var drawing = Drawing(in: theme)
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing, xGrid: true)
        if isSquare {
            drawing.line("pb-identity", from: (frame.left, frame.bottom), to: (frame.right, frame.top))
            drawing.text(Self.equal, x: frame.right + 6, y: frame.top + 5, style: "pb-tick")
        }
        if isCounted {
            PointCounts(points, in: frame).draw(
                into: &drawing, keyAt: legend.height)
        } else {
            let radius = points.count > 400 ? 2.0 : points.count > 100 ? 3 : 3.5
            for index in series.indices.reversed() {
                isDense
                    ? drawCloud(series[index], styles[index], frame, into: &drawing)
                    : drawMarks(series[index], styles[index], radius, frame, into: &drawing)
            }
            if isDense {
                let note = "\(Scalar.int(points.count).text) points; those that fall on one another are drawn once"
                drawing.text(
                    theme.fitted(note, into: theme.width), x: 0, y: legend.height + theme.fontSize, style: "pb-tick")
            }
        }
        if points.isEmpty { frame.drawEmptyNote(into: &drawing) }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    /// A little room around the points, so that no mark sits on the frame.
    private func padded(_ axis: Axis, _ values: [Double]) -> ClosedRange<Double> {
        let range = axis.range(of: values)
        guard axis.domain == nil else { return range }
        guard axis.scale == .linear else { return (range.lowerBound / 1.05)...(range.upperBound * 1.05) }
        let room = (range.upperBound - range.lowerBound) * 0.02
        return (range.lowerBound - room)...(range.upperBound + room)
    }

    private func drawMarks(
        _ series: Series, _ style: SeriesStyle, _ radius: Double, _ frame: PlotFrame, into drawing: inout Drawing
    ) {
        for point in series.points where frame.shows(point) {
            let at = (x: frame.x(point.x), y: frame.y(point.y))
            drawing.path(
                "pb-mark \(style.className)", style.marker.outline(x: at.x, y: at.y, radius: radius), isApart: true)
            drawing.read(
                reading(point), x: at.x, y: at.y, series: self.series.count > 1 ? series.label : "",
                style: style.className)
        }
    }

    /// Draws all points of a series as one path, each pixel once.
    private func drawCloud(_ series: Series, _ style: SeriesStyle, _ frame: PlotFrame, into drawing: inout Drawing) {
        var dots = PathData()
        var taken: Set<Pixel> = []
        for point in series.points where frame.shows(point) {
            let pixel = Pixel(x: Int(frame.x(point.x).rounded()), y: Int(frame.y(point.y).rounded()))
            if taken.insert(pixel).inserted { dots.dot(Double(pixel.x), Double(pixel.y)) }
        }
        drawing.path("pb-cloud \(style.className)", dots.text)
    }

    private struct Pixel: Hashable {
        let x: Int
        let y: Int
    }

    private func reading(_ point: Point) -> Reading {
        // `pair 12` is a word that many marks share, and a number.
        let number = point.label.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let noun = String(point.label.dropLast(number.count))
        let who: Reading = point.label.isEmpty ? "" : "\(fixed: noun)\(number): "
        return who
            + "\(fixed: name(x, "x")) \(Numerals.reading(point.x)), \(fixed: name(y, "y")) \(Numerals.reading(point.y))"
    }

    private func name(_ axis: Axis, _ fallback: String) -> String { axis.title.isEmpty ? fallback : axis.title }
}

extension ScatterChart: KeyedChart {
    var key: ChartKey { ChartKey(swatch: .mark, names: series.map { .init(label: $0.label, role: $0.role) }) }
}
