import Values

/// What a reader sees who points at a mark: words that many marks share, with each mark's own between them.
///
///     "layer \(5): \(Numerals.reading(value))"
///
/// A drawing holds the words once for all marks of a series that share them; `\(fixed:)` adds to them.
struct Reading: Equatable, ExpressibleByStringInterpolation {
    /// One more than there are values.
    private(set) var words: [String]
    private(set) var values: [String]

    init(stringLiteral text: String) { (words, values) = ([text], []) }
    init(stringInterpolation parts: Parts) { (words, values) = (parts.words, parts.values) }

    struct Parts: StringInterpolationProtocol {
        fileprivate var words = [""]
        fileprivate var values: [String] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ text: String) { words[words.count - 1] += text }
        mutating func appendInterpolation(fixed text: String) { appendLiteral(text) }
        mutating func appendInterpolation(_ text: String) {
            values.append(text)
            words.append("")
        }
    }

    static func + (left: Reading, right: Reading) -> Reading {
        var sum = left
        sum.words[sum.words.count - 1] += right.words[0]
        sum.words += right.words.dropFirst()
        sum.values += right.values
        return sum
    }
}

/// The readings of a drawing, as data that a page's script shows under the pointer and to the keyboard.
struct Readings: Equatable {
    private struct Mark: Equatable {
        var x: Int
        var y: Int
        let values: [String]
    }

    /// Marks of one series with the same words.
    private struct Group: Equatable {
        let name: String
        let style: String
        let words: [String]
        var marks: [Mark]

        func json(_ columns: inout Columns) -> String {
            var parts = [Readings.text(name), Readings.text(style), columns.text(words.map(Readings.text))]
            parts.append(columns.text(marks.map { "\($0.x)" }))
            parts.append(columns.text(marks.map { "\($0.y)" }))
            for place in 0..<words.count - 1 {
                parts.append(columns.text(marks.map { Readings.scalar($0.values[place]) }))
            }
            return Readings.list(parts)
        }
    }

    /// Lists of what marks share a part of: a run is written once, and so is a list that another group of the drawing has.
    fileprivate struct Columns {
        private var numbers: [String: Int] = [:]

        /// `[52,89]`, with `[0,12]` for twelve zeros in a row, or the number of the same list before it in the drawing.
        mutating func text(_ cells: [String]) -> String {
            let text = Readings.list(
                Runs.worthwhile(cells).map { run in
                    run.count == 1 ? cells[run.lowerBound] : "[\(cells[run.lowerBound]),\(run.count)]"
                })
            if let number = numbers[text] { return "\(number)" }
            numbers[text] = numbers.count
            return text
        }
    }

    /// Cells of a heatmap: places in pixels, names and values.
    struct Grid: Equatable {
        var x: Double
        var y: Double
        let width: Double
        let height: Double
        let rowTitle: String
        let rows: [String]
        let columnTitle: String
        let columns: [String]
        /// Row by row.
        let values: [String]

        fileprivate func json(_ lists: inout Columns) -> String {
            let n = Numerals.coordinate
            // Many cells make a hundredth of a pixel several.
            let scale = { (value: Double) in DecimalDigits(value).rounded(significant: 6).positional() }
            return "[[\(n(x)),\(n(y)),\(scale(width)),\(scale(height))],\(Readings.text(rowTitle)),"
                + "\(Readings.list(rows.map(Readings.scalar))),\(Readings.text(columnTitle)),"
                + "\(Readings.list(columns.map(Readings.scalar))),\(lists.text(values.map(Readings.scalar)))]"
        }
    }

    private var groups: [Group] = []
    private var grids: [Grid] = []

    /// Adds a mark's reading.
    /// - Parameters:
    ///   - series: the name of the series; empty where the chart has one alone.
    ///   - style: the series' class, by which it is brought forward.
    mutating func add(_ reading: Reading, x: Double, y: Double, series: String, style: String) {
        let mark = Mark(x: Int(x.rounded()), y: Int(y.rounded()), values: reading.values)
        let index = groups.lastIndex { $0.name == series && $0.style == style && $0.words == reading.words }
        if let index {
            groups[index].marks.append(mark)
        } else {
            groups.append(Group(name: series, style: style, words: reading.words, marks: [mark]))
        }
    }

    mutating func add(_ grid: Grid) { grids.append(grid) }

    /// Adds those of a drawing that is put into this one at (`x`, `y`).
    mutating func add(_ others: Readings, x: Double, y: Double) {
        groups += others.groups.map { group in
            var group = group
            for index in group.marks.indices {
                group.marks[index].x += Int(x.rounded())
                group.marks[index].y += Int(y.rounded())
            }
            return group
        }
        grids += others.grids.map { grid in
            var grid = grid
            grid.x += x
            grid.y += y
            return grid
        }
    }

    /// The attribute of the drawing's element that holds them; empty without any.
    var attribute: String {
        guard !groups.isEmpty || !grids.isEmpty else { return "" }
        // A group is `[series, class, [words], [x …], [y …], [first value …], …]`, a grid
        // `[[x, y, width, height], row title, [rows], column title, [columns], [values]]`.
        // Quotes of JSON stay as they are in an attribute between single ones.
        var columns = Columns()
        let parts = groups.map { $0.json(&columns) } + grids.map { $0.json(&columns) }
        return " data-readings='\(Self.list(parts))'"
    }

    private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

    /// A value as JSON: a plain number without quotes, where its text can be made from it again.
    private static func scalar(_ text: String) -> String {
        let number = text.hasPrefix("\u{2212}") ? "-\(text.dropFirst())" : text
        let digits = number.utf8.drop { $0 == UInt8(ascii: "-") }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isPlain =
            (1...2).contains(parts.count) && digits.count <= 12
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            }
            && (parts[0].count == 1 || parts[0].first != UInt8(ascii: "0"))
            && (parts.count == 1 || parts[1].last != UInt8(ascii: "0")) && number != "-0"
        return isPlain ? number : Self.text(text)
    }

    /// A text as JSON in which what means something to HTML is written as an escape, for an attribute between single quotes.
    private static func text(_ text: String) -> String {
        var out = "\""
        for scalar in Markup.allowed(text).unicodeScalars {
            switch scalar {
            case "\"", "\\", "'", "&", "<", ">", "\u{00}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
