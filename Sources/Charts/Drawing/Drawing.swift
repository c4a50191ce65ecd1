import Values

/// SVG elements in the order they are painted; coordinates in pixels from the top left.
///
/// Neighbours that look alike become one element: outlines of one class a single path, texts of one class a group.
struct Drawing {
    enum Anchor: String {
        case start, middle, end
    }

    /// The last element, as far as the next outline or text may still join it.
    private enum Open: Equatable {
        case nothing
        case path(String)
        case group(String)

        var end: String {
            switch self {
            case .nothing: ""
            case .path: "\"/>\n"
            case .group: "</g>\n"
            }
        }
    }

    private var body = ""
    private var open = Open.nothing
    /// What a reader sees who points at the marks.
    private(set) var readings = Readings()
    /// What texts are measured with; a drawing of cells holds no text and has none.
    private let theme: Theme?
    private var taken: [TextBox] = []

    /// The elements.
    var markup: String { body + open.end }

    /// A drawing that texts do not leave to the left and right.
    init(in theme: Theme) { self.theme = theme }

    private init() { theme = nil }

    /// A drawing in units of cells, without texts.
    static let ofCells = Drawing()

    mutating func line(_ style: String, from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        var data = PathData()
        data.move(start.x, start.y)
        data.line(end.x, end.y)
        path(style, data.text)
    }

    mutating func rectangle(_ style: String, x: Double, y: Double, width: Double, height: Double) {
        var data = PathData()
        data.rectangle(x, y, width: width, height: height)
        path(style, data.text)
    }

    /// A rectangle painted with a pattern of this drawing.
    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, fill: String) {
        let n = Numerals.coordinate
        element(
            "<rect fill=\"url(#\(Markup.escaped(fill)))\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"/>\n"
        )
    }

    /// - Parameter isApart: whether the outline shows through those of its class that it lies on.
    mutating func path(_ style: String, _ data: String, isApart: Bool = false) {
        guard !data.isEmpty else { return }
        if isApart {
            begin(.group(style), "<g class=\"\(style)\">\n")
            body += "<path d=\"\(data)\"/>\n"
        } else {
            begin(.path(style), "<path class=\"\(style)\" d=\"")
            body += data
        }
    }

    /// The text that a reader sees who points at a mark at (`x`, `y`).
    mutating func read(_ reading: Reading, x: Double, y: Double, series: String = "", style: String = "") {
        readings.add(reading, x: x, y: y, series: series, style: style)
    }

    /// What a reader sees who points at cells.
    mutating func read(_ grid: Readings.Grid) { readings.add(grid) }

    /// A text like `text`, but only where it touches no text that is there already; false where it does.
    @discardableResult mutating func label(
        _ text: String, x: Double, y: Double, style: String = "", anchor: Anchor = .start, isUpright: Bool = false
    ) -> Bool {
        guard let theme else { preconditionFailure("'\(text)' in a drawing of cells") }
        let box = TextBox(text, x: x, y: y, anchor: anchor, isUpright: isUpright, theme: theme)
        guard !taken.contains(where: box.touches) else { return false }
        self.text(text, x: x, y: y, style: style, anchor: anchor, isUpright: isUpright)
        return true
    }

    /// A text whose baseline stands at `y`, or one that runs upwards from there; moved sideways where it would leave the drawing,
    /// unless it stands beside it.
    mutating func text(
        _ text: String, x: Double, y: Double, style: String = "", anchor: Anchor = .start, isUpright: Bool = false,
        isBeside: Bool = false
    ) {
        guard let theme else { preconditionFailure("'\(text)' in a drawing of cells") }
        guard !text.isEmpty else { return }
        let box = TextBox(text, x: x, y: y, anchor: anchor, isUpright: isUpright, theme: theme)
        taken.append(box)
        let n = Numerals.coordinate
        let left = isBeside ? x : x + box.shift
        let turn = isUpright ? " transform=\"rotate(-90 \(n(left)) \(n(y)))\"" : ""
        let element = "<text x=\"\(n(left))\" y=\"\(n(y))\"\(turn)>\(Markup.escaped(text))</text>\n"
        let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        var style = style
        if style.hasPrefix(Self.halo) {
            // The halo is a text of its own below: page checkers do not know `paint-order` yet.
            let attributes = " class=\"\(style)\" aria-hidden=\"true\"\(side)"
            begin(.group(attributes), "<g\(attributes)>\n")
            body += element
            style = String(style.dropFirst(Self.halo.count).drop { $0 == " " })
        }
        let attributes = (style.isEmpty ? "" : " class=\"\(style)\"") + side
        begin(.group(attributes), "<g\(attributes)>\n")
        body += element
    }

    /// The class of a text that stands on lines and marks, which a rim of the paper's colour keeps away.
    private static let halo = "pb-halo"

    /// Puts another drawing here, moved by (`x`, `y`).
    mutating func add(_ other: SVG, x: Double, y: Double) {
        let n = Numerals.coordinate
        element("<g transform=\"translate(\(n(x)) \(n(y)))\">\n\(other.content)</g>\n")
        readings.add(other.readings, x: x, y: y)
    }

    /// Cells of a grid, each 1 × 1 in units of `width` × `height` pixels, with the grid's corner at (`x`, `y`).
    mutating func addCells(_ cells: Drawing, x: Double, y: Double, width: Double, height: Double) {
        let content = cells.markup
        guard !content.isEmpty else { return }
        let n = Numerals.coordinate
        // Cells are small, so their sizes need more digits than a place does.
        let scale = { (value: Double) in DecimalDigits(value).rounded(significant: 7).positional() }
        // A cell is a stroke one unit wide, which takes a third of an outline's bytes: its line runs through its middle.
        element(
            "<g class=\"pb-cells\" transform=\"translate(\(n(x)) \(n(y + height / 2))) scale(\(scale(width)) \(scale(height)))\">\n"
                + content + "</g>\n")
    }

    /// A group of elements of one class.
    mutating func group(_ style: String, _ draw: (inout Drawing) -> Void) {
        element("<g class=\"\(style)\">\n")
        draw(&self)
        element("</g>\n")
    }

    /// A pattern of slanted lines that `rectangle(fill:)` can name.
    mutating func hatch(id: String) {
        element(
            "<defs><pattern id=\"\(Markup.escaped(id))\" patternUnits=\"userSpaceOnUse\" width=\"5\" height=\"5\">"
                + "<path class=\"pb-hatch\" d=\"M-1 1L1 -1M0 5L5 0M4 6L6 4\"/></pattern></defs>\n")
    }

    /// Ends what is open, unless it is the same again.
    private mutating func begin(_ next: Open, _ start: String) {
        guard open != next else { return }
        body += open.end + start
        open = next
    }

    /// An element that nothing joins.
    private mutating func element(_ markup: String) {
        body += open.end + markup
        open = .nothing
    }
}

/// The outline of a path, point by point; after the first of each stroke, points are written as steps, which are shorter.
struct PathData {
    private(set) var text = ""
    /// The last point in tenths of a pixel, as it is written.
    private var last = (x: 0, y: 0)

    mutating func move(_ x: Double, _ y: Double) {
        last = (Self.tenths(x), Self.tenths(y))
        text += "M\(Self.text(last.x)) \(Self.text(last.y))"
    }

    mutating func line(_ x: Double, _ y: Double) {
        let next = (x: Self.tenths(x), y: Self.tenths(y))
        step(next.x - last.x, next.y - last.y)
        last = next
    }

    mutating func close() { text += "z" }

    mutating func rectangle(_ x: Double, _ y: Double, width: Double, height: Double) {
        move(x, y)
        line(x + width, y)
        line(x + width, y + height)
        line(x, y + height)
        close()
    }

    /// A run of `length` cells from column `x` of row `y` on, in units of cells.
    mutating func run(_ x: Int, _ y: Int, length: Int) { text += "M\(x) \(y)h\(length)" }

    /// A line of no length, which round caps turn into a dot.
    mutating func dot(_ x: Double, _ y: Double) {
        move(x, y)
        text += "h0"
    }

    private mutating func step(_ x: Int, _ y: Int) {
        if y == 0 {
            text += "h\(Self.text(x))"
        } else if x == 0 {
            text += "v\(Self.text(y))"
        } else {
            text += "l\(Self.text(x))\(y < 0 ? "" : " ")\(Self.text(y))"
        }
    }

    /// `-.4` for minus four tenths.
    private static func text(_ tenths: Int) -> String {
        let text = Numerals.tenths(tenths)
        return abs(tenths) < 10 && tenths != 0 ? text.replacing("0.", with: ".") : text
    }

    private static func tenths(_ value: Double) -> Int {
        precondition(abs(value) < 1e12, "coordinate \(value) outside any drawing")
        return Int((value * 10).rounded())
    }
}
