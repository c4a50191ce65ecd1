/// Data that can draw itself: data in, one SVG element out, the same bytes for the same data.
public protocol Chart: Sendable, Codable {
    /// Draws the chart; every colour is left to the style sheet through classes.
    func draw(in theme: Theme) -> SVG
}
