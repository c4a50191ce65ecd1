/// Bars from zero, one group a category, with their intervals.
public struct BarChart: Chart, Equatable {
    /// What is measured on what.
    public var categories: Categories
    /// The axis of values; zero is always on it.
    public var value: Axis
    /// Lines that are not data.
    public var references: [Reference]
    /// Whether the chart names its series itself; not where several charts share a key.
    public var showsKey = true

    /// Bars for these categories; references that the axis has no place for are left out.
    public init(_ categories: Categories, value: Axis, references: [Reference] = []) {
        self.categories = categories
        self.value = value
        self.value.includesZero = true
        self.value.scale = .linear
        self.references = references.filter { $0.value.isDrawable }
    }

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: categories.series.map(\.role))
        let legend = legend(in: theme)
        let frame = CategoryFrame(
            categories, value: value, theme: theme, top: legend.height, references: references.map(\.value))
        var drawing = Drawing(in: theme)
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing)
        let width = frame.pitch * (frame.pitch > 8 ? 0.76 : 0.9) / Double(max(1, categories.series.count))
        for draw in [drawBar, drawWhisker] {
            for (place, series) in categories.series.enumerated() {
                let offset = (Double(place) - Double(categories.series.count) / 2) * width
                for index in categories.names.indices {
                    draw(series, index, styles[place], frame.middle(index) + offset, width, frame, &drawing)
                }
            }
        }
        frame.drawReferenceLines(references, into: &drawing)
        frame.drawReferenceLabels(references, into: &drawing)
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    private func drawBar(
        _ series: EstimateSeries, _ index: Int, _ style: SeriesStyle, from along: Double, width: Double,
        in frame: CategoryFrame, into drawing: inout Drawing
    ) {
        let estimate = series.estimates[index]
        let middle = along + width / 2
        guard let value = estimate.drawable else {
            // A missing value is not a bar of height zero: say so where there is room, and no note says it for all.
            if width >= 10, !categories.isEmpty {
                let at = frame.isUpright ? (middle, max(frame.value(0) - 3, 10)) : (frame.value(0) + 10, middle + 4)
                drawing.text("–", x: at.0, y: at.1, style: "pb-tick", anchor: .middle)
            }
            return
        }
        let (zero, end) = (frame.value(0), frame.value(value))
        let corner = frame.place(along, min(zero, end))
        let gap = width > 4 ? 1.0 : 0
        let (thick, long) = (max(0.5, width - gap), value == 0 ? 0 : max(0.5, abs(end - zero)))
        drawing.rectangle(
            "pb-bar \(style.className)", x: corner.x, y: corner.y, width: frame.isUpright ? thick : long,
            height: frame.isUpright ? long : thick)
        categories.read(series, index, style, at: frame.place(middle, end), into: &drawing)
    }

    private func drawWhisker(
        _ series: EstimateSeries, _ index: Int, _ style: SeriesStyle, from along: Double, width: Double,
        in frame: CategoryFrame, into drawing: inout Drawing
    ) {
        let estimate = series.estimates[index]
        let (middle, gap) = (along + width / 2, width > 4 ? 1.0 : 0)
        guard estimate.drawable != nil else { return }
        guard let interval = estimate.interval.map(frame.drawn), interval.low != interval.high else { return }
        let cap = min(4, width / 3)
        let center = middle - gap / 2
        let whisker = width < 6 ? "pb-whisker pb-thin" : "pb-whisker"
        drawing.line(whisker, from: frame.place(center, interval.low), to: frame.place(center, interval.high))
        for (end, isOpen) in [(interval.low, interval.open.below), (interval.high, interval.open.above)]
        where cap >= 2 && !isOpen {
            drawing.line("pb-whisker", from: frame.place(center - cap, end), to: frame.place(center + cap, end))
        }
        frame.drawArrows(interval, style.className, along: center, into: &drawing)
    }
}

extension BarChart: KeyedChart {
    var key: ChartKey { categories.key(.block) }
}
