import Values

/// SVG elements in the order they are painted; coordinates in pixels from the top left.
struct Drawing {
    enum Anchor: String {
        case start, middle, end
    }

    private(set) var markup = ""
    /// What texts are measured with; a drawing of cells holds no text and has none.
    private let theme: Theme?
    private var taken: [TextBox] = []

    /// A drawing that texts do not leave to the left and right.
    init(in theme: Theme) { self.theme = theme }

    private init() { theme = nil }

    /// A drawing in units of cells, without texts.
    static let ofCells = Drawing()

    mutating func line(_ style: String, from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        let n = Numerals.coordinate
        markup +=
            "<line class=\"\(style)\" x1=\"\(n(start.x))\" y1=\"\(n(start.y))\" x2=\"\(n(end.x))\" y2=\"\(n(end.y))\"/>\n"
    }

    mutating func rectangle(
        _ style: String, x: Double, y: Double, width: Double, height: Double, title: String? = nil,
        fill: String? = nil
    ) {
        let n = Numerals.coordinate
        let paint = fill.map { " fill=\"url(#\(Markup.escaped($0)))\"" } ?? ""
        markup +=
            "<rect class=\"\(style)\"\(paint) x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\""
        close("rect", title: title)
    }

    mutating func path(_ style: String, _ data: String, title: String? = nil) {
        guard !data.isEmpty else { return }
        markup += "<path class=\"\(style)\" d=\"\(data)\""
        close("path", title: title)
    }

    /// A text like `text`, but only where it touches no text that is there already; false where it does.
    @discardableResult mutating func label(
        _ text: String, x: Double, y: Double, style: String = "", anchor: Anchor = .start, title: String? = nil,
        isUpright: Bool = false
    ) -> Bool {
        guard let theme else { preconditionFailure("'\(text)' in a drawing of cells") }
        let box = TextBox(text, x: x, y: y, anchor: anchor, isUpright: isUpright, theme: theme)
        guard !taken.contains(where: box.touches) else { return false }
        self.text(text, x: x, y: y, style: style, anchor: anchor, title: title, isUpright: isUpright)
        return true
    }

    /// A text whose baseline stands at `y`, or one that runs upwards from there; moved sideways where it would leave the drawing.
    mutating func text(
        _ text: String, x: Double, y: Double, style: String = "", anchor: Anchor = .start, title: String? = nil,
        isUpright: Bool = false
    ) {
        guard let theme else { preconditionFailure("'\(text)' in a drawing of cells") }
        guard !text.isEmpty else { return }
        let box = TextBox(text, x: x, y: y, anchor: anchor, isUpright: isUpright, theme: theme)
        taken.append(box)
        let x = x + box.shift
        let n = Numerals.coordinate
        var place = " x=\"\(n(x))\" y=\"\(n(y))\""
        if anchor != .start { place += " text-anchor=\"\(anchor.rawValue)\"" }
        if isUpright { place += " transform=\"rotate(-90 \(n(x)) \(n(y)))\"" }
        let words = "\(Markup.escaped(text))</text>\n"
        var style = style
        if style.hasPrefix(Self.halo) {
            // The halo is a text of its own below: page checkers do not know `paint-order` yet.
            markup += "<text class=\"\(style)\" aria-hidden=\"true\"\(place)>\(words)"
            style = String(style.dropFirst(Self.halo.count).drop { $0 == " " })
        }
        markup += (style.isEmpty ? "<text" : "<text class=\"\(style)\"") + "\(place)>"
        if let title { markup += Self.title(title) }
        markup += words
    }

    /// The class of a text that stands on lines and marks, which a rim of the paper's colour keeps away.
    private static let halo = "pb-halo"

    /// Puts another drawing here, moved by (`x`, `y`).
    mutating func add(_ content: String, x: Double, y: Double) {
        let n = Numerals.coordinate
        markup += "<g transform=\"translate(\(n(x)) \(n(y)))\">\n\(content)</g>\n"
    }

    /// Cells of a grid, each 1 × 1 in units of `width` × `height` pixels, with the grid's corner at (`x`, `y`).
    mutating func addCells(_ content: String, x: Double, y: Double, width: Double, height: Double) {
        let n = Numerals.coordinate
        // Cells are small, so their sizes need more digits than a place does.
        let scale = { (value: Double) in DecimalDigits(value).rounded(significant: 7).positional() }
        markup +=
            "<g class=\"pb-cells\" transform=\"translate(\(n(x)) \(n(y))) scale(\(scale(width)) \(scale(height)))\">\n"
        markup += content + "</g>\n"
    }

    /// A pattern of slanted lines that `rectangle(fill:)` can name.
    mutating func hatch(id: String) {
        markup +=
            "<defs><pattern id=\"\(Markup.escaped(id))\" patternUnits=\"userSpaceOnUse\" width=\"5\" height=\"5\">"
            + "<path class=\"pb-hatch\" d=\"M-1 1L1 -1M0 5L5 0M4 6L6 4\"/></pattern></defs>\n"
    }

    private mutating func close(_ element: String, title: String?) {
        markup += title.map { ">\(Self.title($0))</\(element)>\n" } ?? "/>\n"
    }

    /// What a reader sees who points at a mark; a name of any length is repeated at every mark, so it has an end.
    private static func title(_ text: String) -> String {
        let shown = text.unicodeScalars.count > 300 ? String(text.prefix(300)) + "…" : text
        return "<title>\(Markup.escaped(shown))</title>"
    }
}

/// The outline of a path, point by point.
struct PathData {
    private(set) var text = ""

    mutating func move(_ x: Double, _ y: Double) { add("M", x, y) }
    mutating func line(_ x: Double, _ y: Double) { add("L", x, y) }
    mutating func close() { text += "Z" }

    /// A run of `length` cells from (`x`, `y`) on, in units of cells.
    mutating func run(_ x: Int, _ y: Int, length: Int) { text += "M\(x) \(y)h\(length)v1h\(-length)z" }

    /// A line of no length, which round caps turn into a dot.
    mutating func dot(_ x: Double, _ y: Double) {
        add("M", x, y)
        text += "h0"
    }

    private mutating func add(_ command: String, _ x: Double, _ y: Double) {
        text += "\(command)\(Numerals.coordinate(x)) \(Numerals.coordinate(y))"
    }
}
