/// Lines over a numeric axis, with intervals as bands, reference lines, and a name beside each line's end where there is room.
public struct LineChart: Chart, Equatable {
    /// A line that the data are compared with.
    public typealias Reference = Charts.Reference

    /// The axis that the lines run along.
    public var x: Axis
    /// The axis of values.
    public var y: Axis
    /// One line each.
    public var series: [Series]
    /// Lines that are not data.
    public var references: [Reference]
    /// Whether the chart names its lines itself; not where several charts share a key.
    public var showsKey = true

    /// Lines on their axes; references that the axis has no place for are left out.
    public init(x: Axis, y: Axis, series: [Series], references: [Reference] = []) {
        self.x = x
        self.y = y
        self.series = series
        self.references = references.filter { y.shows($0.value) }
    }

    /// Above this many points a line shows no markers, and above the second number a reader cannot point at them.
    private static let markerLimits = (seen: 40, pointedAt: 200)

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: series.map(\.role))
        let ranges = self.ranges
        var frame = PlotFrame(theme: theme, x: x, ranges.x, y: y, ranges.y)
        let labels = namesLines ? endLabels(in: frame) : []
        let legend = Legend(zip(series, styles).map { ($0.label, $1) }, swatch: .line, theme: theme)
        var drawing = Drawing(in: theme)
        if labels == nil {
            frame = PlotFrame(theme: theme, x: x, ranges.x, y: y, ranges.y, top: legend.height)
            legend.draw(into: &drawing, y: 0)
        }
        frame.drawAxes(into: &drawing)
        // Controls lie below, the first effect on top.
        let order = series.indices.sorted { (depth($0), $0) > (depth($1), $1) }
        for index in order { LineMarks(series[index], styles[index], frame).drawBands(into: &drawing) }
        frame.drawReferenceLines(references, into: &drawing)
        for index in order {
            let marks = LineMarks(series[index], styles[index], frame)
            let count = series[index].points.count
            marks.drawLine(into: &drawing)
            marks.drawMarkers(into: &drawing, areSeen: count <= Self.markerLimits.seen)
            if count <= Self.markerLimits.pointedAt {
                for point in series[index].points where frame.shows(point) {
                    drawing.read(
                        reading(point), x: frame.x(point.x), y: frame.y(point.y),
                        series: series.count > 1 ? series[index].label : "", style: styles[index].className)
                }
            }
        }
        if !series.contains(where: { $0.points.contains(where: isShown) }) { frame.drawEmptyNote(into: &drawing) }
        frame.drawReferenceLabels(references, into: &drawing)
        guard let labels, !labels.isEmpty else {
            return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
        }
        drawing.group("pb-beside") { drawing in
            for label in labels { draw(label, styles[label.index], in: frame, into: &drawing) }
        }
        return SVG(drawing, width: theme.width, height: frame.height, key: legend.html, theme: theme)
    }

    private var ranges: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        let points = series.flatMap(\.points).filter(isShown)
        let intervals = points.flatMap(\.intervals)
        let heights = points.map(\.y) + y.places(of: intervals) + references.map(\.value)
        return (x.range(of: points.map(\.x)), y.range(of: heights, goesOn: y.openEnds(of: intervals)))
    }

    /// Whether lines are named: one line alone is what the y axis says it is.
    private var namesLines: Bool { showsKey && series.count > 1 }

    private func isShown(_ point: Point) -> Bool { x.shows(point.x) && y.shows(point.y) }

    private func depth(_ index: Int) -> Int {
        switch series[index].role {
        case .effect: 0
        case .second: 1
        case .other: 2
        case .control: 3
        }
    }

    private func reading(_ point: Point) -> Reading {
        let place = Numerals.reading(point.x)
        // A label that ends with the place, such as `layer 5`, says it already.
        let name = point.label.hasSuffix(" \(place)") ? String(point.label.dropLast(place.count)) : ""
        let label: Reading = point.label.isEmpty || !name.isEmpty ? "" : "\(point.label), "
        return label + "\(fixed: name.isEmpty ? "\(x.title.isEmpty ? "x" : x.title) " : name)\(place): "
            + Estimate(point.y, lower: point.lower, upper: point.upper).reading
    }

    // MARK: Names of lines

    private func labelRoom(_ theme: Theme) -> Double {
        (series.map { theme.textWidth($0.label) }.max() ?? 0).rounded(.up) + EndLabels.lead + 4
    }

    private func endLabels(in frame: PlotFrame) -> [EndLabels.Placed]? {
        guard labelRoom(frame.theme) <= frame.theme.margin else { return nil }
        let ends = series.map { line in
            line.points.filter(isShown).max { $0.x < $1.x }.map { (x: frame.x($0.x), y: frame.y($0.y)) }
        }
        // A line without any point has no end: only a legend can name it.
        guard ends.allSatisfy({ $0 != nil }) else { return nil }
        return EndLabels.place(
            ends, between: frame.top - 8, and: frame.bottom + 8, height: frame.theme.lineHeight,
            farthest: frame.theme.lineHeight * 3)
    }

    private func draw(
        _ label: EndLabels.Placed, _ style: SeriesStyle, in frame: PlotFrame, into drawing: inout Drawing
    ) {
        let start = frame.right + 14
        if abs(label.y - label.lineEnd.y) > 2 || label.lineEnd.x < frame.right - 1 {
            drawing.line("pb-leader", from: (label.lineEnd.x + 4, label.lineEnd.y), to: (start - 1, label.y))
        }
        Legend.draw(.line, of: style, x: start, middle: label.y, into: &drawing)
        drawing.text(
            series[label.index].label, x: start + Legend.swatchWidth + 6, y: label.y + frame.theme.fontSize * 0.35,
            style: "pb-name \(style.className)", isBeside: true)
    }
}

extension LineChart: KeyedChart {
    var key: ChartKey { ChartKey(swatch: .line, names: series.map { .init(label: $0.label, role: $0.role) }) }
}
