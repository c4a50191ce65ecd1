/// A mark with its interval for every category: estimates that are not amounts, so that no bar from zero misleads.
public struct IntervalChart: Chart, Equatable {
    /// What is measured on what.
    public var categories: Categories
    /// The axis of values.
    public var value: Axis
    /// Lines that are not data.
    public var references: [Reference]
    /// Whether the chart names its series itself; not where several charts share a key.
    public var showsKey = true

    /// Marks for these categories; references that the axis has no place for are left out.
    public init(_ categories: Categories, value: Axis, references: [Reference] = []) {
        self.categories = categories
        self.value = value
        self.references = references.filter { value.shows($0.value) }
    }

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        EstimateMarks(categories, value: value, references: references, legend: legend(in: theme), hasStems: false)
            .draw(in: theme)
    }
}

/// A mark on a thin line from zero for every category, with its interval: coefficients, of which many are zero.
public struct StemChart: Chart, Equatable {
    /// What is measured on what.
    public var categories: Categories
    /// The axis of values; zero is always on it.
    public var value: Axis
    /// Lines that are not data.
    public var references: [Reference]
    /// Whether the chart names its series itself; not where several charts share a key.
    public var showsKey = true

    /// Stems for these categories; references that the axis has no place for are left out.
    public init(_ categories: Categories, value: Axis, references: [Reference] = []) {
        self.categories = categories
        self.value = value
        self.value.includesZero = true
        self.value.scale = .linear
        self.references = references.filter { $0.value.isDrawable }
    }

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        EstimateMarks(categories, value: value, references: references, legend: legend(in: theme), hasStems: true)
            .draw(in: theme)
    }
}

extension IntervalChart: KeyedChart {
    var key: ChartKey { categories.key(.mark) }
}

extension StemChart: KeyedChart {
    var key: ChartKey { categories.key(.mark) }
}

/// Marks with their intervals over categories, on stems from zero or free.
private struct EstimateMarks {
    let categories: Categories
    let value: Axis
    let references: [Reference]
    let legend: Legend
    let hasStems: Bool

    init(_ categories: Categories, value: Axis, references: [Reference], legend: Legend, hasStems: Bool) {
        self.categories = categories
        self.value = value
        self.references = references
        self.legend = legend
        self.hasStems = hasStems
    }

    func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: categories.series.map(\.role))
        let frame = CategoryFrame(
            categories, value: value, theme: theme, top: legend.height, references: references.map(\.value))
        var drawing = Drawing(in: theme)
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing)
        frame.drawReferenceLines(references, into: &drawing)
        let count = Double(max(1, categories.series.count))
        let step = min(10, frame.pitch * 0.8 / count)
        // Intervals lie below all marks.
        for draw in [drawInterval, drawMark] {
            for (place, series) in categories.series.enumerated() {
                let offset = (Double(place) - (count - 1) / 2) * step
                for index in categories.names.indices {
                    guard let value = series.estimates[index].drawable, self.value.shows(value) else { continue }
                    draw(series, index, value, styles[place], frame.middle(index) + offset, step, frame, &drawing)
                }
            }
        }
        frame.drawReferenceLabels(references, into: &drawing)
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    private func drawInterval(
        _ series: EstimateSeries, _ index: Int, _ value: Double, _ style: SeriesStyle, at along: Double, step: Double,
        in frame: CategoryFrame, into drawing: inout Drawing
    ) {
        if hasStems, value != 0 {
            drawing.line(
                "pb-stem \(style.className)", from: frame.place(along, frame.value(0)),
                to: frame.place(along, frame.value(value)))
        }
        guard let interval = series.estimates[index].interval.map(frame.drawn) else { return }
        drawing.line(
            "pb-errorbar \(style.className)", from: frame.place(along, interval.low),
            to: frame.place(along, interval.high))
        frame.drawArrows(interval, style.className, along: along, into: &drawing)
    }

    private func drawMark(
        _ series: EstimateSeries, _ index: Int, _ value: Double, _ style: SeriesStyle, at along: Double, step: Double,
        in frame: CategoryFrame, into drawing: inout Drawing
    ) {
        let at = frame.place(along, frame.value(value))
        // What is exactly zero was left out by the model, and an open mark says so.
        let isEmpty = hasStems && value == 0
        drawing.path(
            "\(isEmpty ? "pb-open" : "pb-dot") \(style.className)",
            style.marker.outline(x: at.x, y: at.y, radius: min(4, max(1.5, step * 0.45))))
        categories.read(series, index, style, at: at, into: &drawing)
    }
}
