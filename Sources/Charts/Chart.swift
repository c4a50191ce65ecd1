/// Data that can draw itself as markup: the same bytes for the same data, every colour left to the style sheet.
public protocol Graphic: Sendable, Codable {
    /// HTML or SVG, ready to stand inside a page.
    func markup(in theme: Theme) -> String
}

/// Data that can draw itself as one SVG element.
public protocol Chart: Graphic {
    /// Draws the chart.
    func draw(in theme: Theme) -> SVG
}

extension Chart {
    /// The key for narrow pages, where there is one, and the element that the chart draws.
    public func markup(in theme: Theme) -> String {
        let svg = draw(in: theme)
        return svg.key + svg.markup
    }
}
