/// One `<svg>` element, ready to stand inside an HTML page.
public struct SVG: Sendable, Equatable {
    /// Size in pixels at which text has its intended size.
    public let width: Double
    /// Height that goes with `width`.
    public let height: Double
    /// The element with its title and description.
    public let markup: String
    /// A key in HTML, for pages too narrow for names beside the drawing; empty where the drawing needs none.
    public let key: String
    /// What is drawn, without the element around it.
    let content: String
    let readings: Readings

    /// Wraps a drawing of `width` × `height` pixels; title and description come from the theme.
    init(_ drawing: Drawing, width: Double, height: Double, key: String = "", theme: Theme) {
        self.width = width
        self.height = height
        self.key = key
        content = drawing.markup
        readings = drawing.readings
        let id = Markup.escaped(theme.idPrefix)
        let (w, h) = (Numerals.coordinate(width), Numerals.coordinate(height))
        var labels = "\(id)-title"
        var names = "<title id=\"\(id)-title\">\(Markup.escaped(theme.title))</title>"
        if !theme.description.isEmpty {
            labels += " \(id)-desc"
            names += "<desc id=\"\(id)-desc\">\(Markup.escaped(theme.description))</desc>"
        }
        markup =
            "<svg class=\"pb-chart\" role=\"img\" aria-labelledby=\"\(labels)\" "
            + "width=\"\(w)\" height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" "
            + "font-size=\"\(Numerals.coordinate(theme.fontSize))\"\(readings.attribute)>\n"
            + names + "\n" + content + "</svg>"
    }
}
