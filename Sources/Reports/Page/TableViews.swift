import Charts
import Notebooks
import Values

/// A table as a page shows it: the first rows open, the others folded, and as many of those as a page can hold.
struct TableViews {
    let table: Table
    /// What the table is: `Table 1`.
    let label: String
    private let columns: [ColumnFormat]
    /// The heads of the columns: the author's words where there are any.
    private let names: [String]

    /// - Parameter result: the block's, whose options `format` and `headings` say how the author wants its columns; binding made sure
    ///   that they can be read.
    init(_ table: Table, label: String, result: BlockResult? = nil) {
        self.table = table
        self.label = label
        func texts(_ option: String) -> [String: String] {
            guard case .map(let entries)? = result?.option(option) else { return [:] }
            return Dictionary(
                entries.compactMap { entry in
                    guard case .scalar(let scalar) = entry.value else { return nil }
                    return (entry.key, scalar.plainText)
                }, uniquingKeysWith: { $1 })
        }
        let (formats, headings) = (texts("format").compactMapValues { try? ValueFormat($0) }, texts("headings"))
        names = table.columns.map { headings[$0] ?? $0.replacing("_", with: " ") }
        columns = table.columns.indices.map { index in
            ColumnFormat(
                table.rows.map { $0[index] }, format: formats[table.columns[index]] ?? .plain(for: table.columns[index])
            )
        }
    }

    /// Rows that are shown openly.
    private static let openRows = 20
    /// Rows that a page shows at all.
    private static let mostRows = 500
    /// Cells that a page shows at all of a table with many columns.
    private static let mostCells = 6_000

    /// The rows that are shown openly.
    var open: GridView { grid(0..<min(table.rows.count, Self.openRows), label) }

    /// The rows below the open ones.
    var more: MoreRowsView? {
        guard table.rows.count > Self.openRows else { return nil }
        return MoreRowsView(
            count: Scalar.int(table.rows.count - Self.openRows).text,
            grid: shownRows > Self.openRows ? grid(Self.openRows..<shownRows, "\(label), more rows") : nil,
            rest: left.map { "\($0); \(Self.whereabouts(of: table))." })
    }

    private var shownRows: Int {
        min(table.rows.count, Self.mostRows, max(Self.openRows, Self.mostCells / max(1, table.columns.count)))
    }

    /// How many rows a page does not show, as a sentence without its end.
    var left: String? {
        let left = table.rows.count - shownRows
        guard left > 0 else { return nil }
        return (left == 1 ? "One more row is" : "The other \(Scalar.int(left).text) rows are") + " not shown here"
    }

    // MARK: The data of a figure

    /// Rows and cells of a figure's data up to which its fold holds them; the page's script makes the grid of longer ones.
    private static let (foldedRows, foldedCells) = (12, 120)

    /// A figure's data for its fold where it is small, else where it is, in words.
    static func fold(_ data: Table, label: String) -> (grid: GridView?, rest: String?) {
        guard data.rows.count <= foldedRows, data.rows.count * data.columns.count <= foldedCells else {
            return (nil, "\(Scalar.int(data.rows.count).text) rows; \(whereabouts(of: data)).")
        }
        return (TableViews(data, label: label).grid(0..<data.rows.count, "Data of \(label)"), nil)
    }

    private static func whereabouts(of table: Table) -> String {
        EmbeddedResults.holds(table)
            ? "the results at the page's end hold all" : "<code>patchbook render --results</code> writes all"
    }

    /// The head and the texts of all rows that a page shows, and which columns hold numbers.
    var shown: (header: [String], rows: [[String]], isNumeric: [Bool]) {
        (names, texts(0..<shownRows), columns.map(\.isNumeric))
    }

    private func texts(_ rows: Range<Int>) -> [[String]] {
        rows.map { row in zip(table.rows[row], columns).map { $1.text($0) } }
    }

    private func grid(_ rows: Range<Int>, _ label: String) -> GridView {
        let texts = texts(rows)
        // A gap counts half digits.
        let measured = texts.map { row in
            zip(row, columns).map { $0 + String(repeating: "0", count: ($1.gap($0) + 1) / 2) }
        }
        let width = GridWidth(names, measured, isNumeric: columns.map(\.isNumeric))
        return GridView(
            scroller: width.fitsPhone ? nil : Markup.escaped(label), print: width.print.style,
            cut: width.print == .cut
                ? "Not all columns are printed here; the page on a screen has them." : nil,
            header: zip(names, columns).map { HeaderView(name: Markup.escaped($0), isWords: !$1.isNumeric) },
            rows: texts.map { row in
                row.indices.map { Self.cell(row[$0], columns[$0], isLong: width.isLong[$0]) }.joined()
            })
    }

    /// A cell without its end tag, which HTML does without: a page has many of them.
    private static func cell(_ text: String, _ column: ColumnFormat, isLong: Bool) -> String {
        guard column.isNumeric else {
            return "<td class=\"pb-words\(isLong ? " pb-long" : "")\">\(Markup.escaped(text))"
        }
        let gap = column.gap(text)
        return gap > 0 ? "<td class=\"pb-gap-\(gap)\">\(Markup.escaped(text))" : "<td>\(Markup.escaped(text))"
    }
}
