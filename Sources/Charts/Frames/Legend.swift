/// A key to the series above the plot, in as many rows as it takes.
struct Legend {
    /// How a series shows itself in the key.
    enum Swatch: Equatable {
        case line, block, mark

        /// Width in pixels.
        var width: Double {
            switch self {
            case .line: Legend.swatchWidth
            case .block: 14
            case .mark: 9
            }
        }
    }

    /// Width of a line's swatch.
    static let swatchWidth = 22.0
    private static let gap = 20.0

    let theme: Theme
    let entries: [(label: String, style: SeriesStyle)]
    let swatch: Swatch
    private let rows: [[Int]]

    init(_ entries: [(label: String, style: SeriesStyle)], swatch: Swatch, theme: Theme) {
        self.theme = theme
        let room = theme.width - swatch.width - 6
        let entries = entries.map { (label: theme.fitted($0.label, into: room), style: $0.style) }
        self.entries = entries
        self.swatch = swatch
        var rows: [[Int]] = []
        var used = Double.infinity
        for (index, entry) in entries.enumerated() {
            let width = swatch.width + 6 + theme.textWidth(entry.label)
            if used + Self.gap + width > theme.width {
                rows.append([])
                used = -Self.gap
            }
            rows[rows.count - 1].append(index)
            used += Self.gap + width
        }
        self.rows = rows
    }

    /// Height in pixels; 0 without entries.
    var height: Double { rows.isEmpty ? 0 : Double(rows.count) * theme.lineHeight + 6 }

    /// Draws the key with its top at `y`.
    func draw(into drawing: inout Drawing, y: Double) {
        var names: [(label: String, x: Double, y: Double)] = []
        for (row, indices) in rows.enumerated() {
            var x = 0.0
            let base = y + Double(row) * theme.lineHeight + theme.fontSize
            for index in indices {
                let entry = entries[index]
                Self.draw(swatch, of: entry.style, x: x, middle: base - theme.fontSize * 0.34, into: &drawing)
                names.append((entry.label, x + swatch.width + 6, base))
                x += swatch.width + 6 + theme.textWidth(entry.label) + Self.gap
            }
        }
        for name in names { drawing.text(name.label, x: name.x, y: name.y) }
    }

    /// The key as HTML, whose entries wrap on a narrow page.
    var html: String {
        let items = entries.map { entry in
            var drawing = Drawing(in: theme)
            Self.draw(swatch, of: entry.style, x: 0, middle: 6, into: &drawing)
            return "<li><svg width=\"\(Numerals.coordinate(swatch.width))\" height=\"12\" aria-hidden=\"true\">"
                + drawing.markup.replacing("\n", with: "") + "</svg>\(Markup.escaped(entry.label))</li>\n"
        }
        return "<ul class=\"pb-key\">\n\(items.joined())</ul>\n"
    }

    /// Draws one swatch from `x` on.
    static func draw(_ swatch: Swatch, of style: SeriesStyle, x: Double, middle y: Double, into drawing: inout Drawing)
    {
        let name = style.className
        switch swatch {
        case .line:
            drawing.line("pb-line \(name)", from: (x, y), to: (x + swatchWidth, y))
            if !style.isControl {
                drawing.path("pb-dot \(name)", style.marker.outline(x: x + swatchWidth / 2, y: y, radius: 3))
            }
        case .block:
            drawing.rectangle("pb-bar \(name)", x: x, y: y - 6, width: swatch.width, height: 12)
        case .mark:
            drawing.path("pb-dot \(name)", style.marker.outline(x: x + 4.5, y: y, radius: 3.4))
        }
    }
}
