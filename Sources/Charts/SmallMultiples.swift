/// The same chart for several parts of the data, side by side, lettered; they share a key where their series are the same.
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
    /// The least width of a panel.
    private static let least = 190.0

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let wanted = panels.count > 4 ? 3 : panels.count > 1 ? 2 : 1
        let columns = max(1, min(wanted, Int((theme.width + Self.gap) / (Self.least + Self.gap))))
        var inner = theme
        inner.margin = 0
        inner.width = ((theme.width - Self.gap * Double(columns - 1)) / Double(columns)).rounded(.down)
        if columns > 1 { inner.plotHeight = max(60, (theme.plotHeight * (columns > 2 ? 0.5 : 0.6)).rounded()) }
        var drawing = Drawing(in: theme)
        let (charts, key) = shared
        let legend = key?.legend(in: theme)
        legend?.draw(into: &drawing, y: 0)
        var y = legend.map { $0.height > 0 ? $0.height + 8 : 0 } ?? 0
        for start in stride(from: 0, to: panels.count, by: columns) {
            var rowHeight = 0.0
            for index in start..<min(start + columns, panels.count) {
                inner.idPrefix = "\(theme.idPrefix)-\(index)"
                let x = Double(index - start) * (inner.width + Self.gap)
                let svg = charts[index].draw(in: inner)
                drawTitle(index, x: x, y: y + theme.fontSize, room: inner.width, theme: theme, into: &drawing)
                drawing.add(svg, x: x, y: y + theme.lineHeight + 6)
                rowHeight = max(rowHeight, svg.height + theme.lineHeight + 6)
            }
            y += rowHeight + 16
        }
        return SVG(drawing, width: theme.width, height: max(theme.lineHeight, y - 16), theme: theme)
    }

    /// The charts without their keys, and the key that they share; as they are where they differ.
    private var shared: (charts: [any Chart], key: ChartKey?) {
        let charts = panels.map(\.chart)
        let keyed = charts.compactMap { $0 as? any KeyedChart }
        guard keyed.count == charts.count, keyed.count > 1, let key = keyed.first?.key, key.names.count > 1,
            keyed.allSatisfy({ $0.key == key })
        else { return (charts, nil) }
        return (keyed.map(\.withoutKey), key)
    }

    private func drawTitle(
        _ index: Int, x: Double, y: Double, room: Double, theme: Theme, into drawing: inout Drawing
    ) {
        let title = panels[index].title
        guard panels.count > 1, index < 26 else {
            drawing.text(theme.fitted(title, into: room), x: x, y: y, style: "pb-panel-title")
            return
        }
        let letter = Unicode.Scalar(UInt8(ascii: "a") + UInt8(index))
        drawing.text(String(letter), x: x, y: y, style: "pb-panel-letter")
        drawing.text(theme.fitted(title, into: room - 16), x: x + 16, y: y, style: "pb-panel-title")
    }
}
