/// A mark with its interval for every category: estimates that are not amounts, so that no bar from zero misleads.
public struct IntervalChart: Chart, Equatable {
    /// What is measured on what.
    public var categories: Categories
    /// The axis of values.
    public var value: Axis

    /// Marks for these categories.
    public init(_ categories: Categories, value: Axis) {
        self.categories = categories
        self.value = value
    }

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: categories.series.map(\.role))
        let entries = categories.series.count > 1 ? zip(categories.series, styles).map { ($0.label, $1) } : []
        let legend = Legend(entries, swatch: .mark, theme: theme)
        let frame = CategoryFrame(categories, value: value, theme: theme, top: legend.height)
        var drawing = Drawing()
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing)
        let count = Double(max(1, categories.series.count))
        let step = min(10, frame.pitch * 0.8 / count)
        let radius = min(4, max(1.5, step * 0.45))
        for (place, series) in categories.series.enumerated() {
            let offset = (Double(place) - (count - 1) / 2) * step
            for index in categories.names.indices {
                let estimate = series.estimates[index]
                guard let value = estimate.drawable else { continue }
                let along = frame.middle(index) + offset
                if let interval = estimate.interval {
                    drawing.line(
                        "pb-errorbar \(styles[place].className)",
                        from: frame.place(along, frame.value(interval.lower)),
                        to: frame.place(along, frame.value(interval.upper)))
                }
                let at = frame.place(along, frame.value(value))
                drawing.path(
                    "pb-dot \(styles[place].className)",
                    styles[place].marker.outline(x: at.x, y: at.y, radius: radius),
                    title: categories.caption(series, index))
            }
        }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }
}
