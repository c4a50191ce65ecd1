/// The same chart for several parts of the data, side by side in two columns.
public struct SmallMultiples: Chart {
    /// One part with its name.
    public struct Panel: Sendable {
        /// What the part is called.
        public let title: String
        /// What is drawn of it.
        public let chart: any Chart

        /// A panel out of its two halves.
        public init(_ title: String, _ chart: any Chart) {
            self.title = title
            self.chart = chart
        }
    }

    /// From left to right, then down.
    public let panels: [Panel]

    /// The panels in their order.
    public init(_ panels: [Panel]) {
        self.panels = panels
    }

    private static let gap = 24.0

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let columns = panels.count > 1 ? 2 : 1
        var inner = theme
        inner.width = ((theme.width - Self.gap * Double(columns - 1)) / Double(columns)).rounded(.down)
        if columns > 1 { inner.plotHeight = max(60, (theme.plotHeight * 0.6).rounded()) }
        var drawing = Drawing()
        var y = 0.0
        for start in stride(from: 0, to: panels.count, by: columns) {
            var rowHeight = 0.0
            for index in start..<min(start + columns, panels.count) {
                inner.idPrefix = "\(theme.idPrefix)-\(index)"
                let x = Double(index - start) * (inner.width + Self.gap)
                let svg = panels[index].chart.draw(in: inner)
                drawing.text(
                    theme.fitted(panels[index].title, into: inner.width), x: x, y: y + theme.fontSize,
                    style: "pb-panel-title")
                drawing.add(svg.content, x: x, y: y + theme.lineHeight + 6)
                rowHeight = max(rowHeight, svg.height + theme.lineHeight + 6)
            }
            y += rowHeight + 16
        }
        return SVG(drawing, width: theme.width, height: max(theme.lineHeight, y - 16), theme: theme)
    }
}
