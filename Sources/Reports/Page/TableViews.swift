import Charts
import Foundation
import Notebooks
import Values

/// A table as a page shows it: the first rows open, the others folded, and where a page cannot hold them all, the others in its file.
struct TableViews {
    let table: Table
    /// What the table is: `Table 1`.
    let label: String
    private let columns: [ColumnFormat]

    /// - Parameter formats: the author's formats by column.
    init(_ table: Table, label: String, formats: [String: ValueFormat] = [:]) {
        self.table = table
        self.label = label
        columns = table.columns.indices.map { index in
            ColumnFormat(table.rows.map { $0[index] }, format: formats[table.columns[index]] ?? .plain)
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

    /// All rows that a page shows, for a fold.
    var folded: GridView { grid(0..<shownRows, "Data of \(label)") }

    /// The rows below the open ones.
    var more: MoreRowsView? {
        guard table.rows.count > Self.openRows else { return nil }
        return MoreRowsView(
            count: Scalar.int(table.rows.count - Self.openRows).text,
            grid: shownRows > Self.openRows ? grid(Self.openRows..<shownRows, "\(label), more rows") : nil, rest: rest)
    }

    private var shownRows: Int {
        min(table.rows.count, Self.mostRows, max(Self.openRows, Self.mostCells / max(1, table.columns.count)))
    }

    /// What the page does not show, in words.
    var rest: String? {
        let left = table.rows.count - shownRows
        guard left > 0 else { return nil }
        let rows = left == 1 ? "One more row is" : "The other \(Scalar.int(left).text) rows are"
        return "\(rows) not shown here; the CSV file has all \(Scalar.int(table.rows.count).text)."
    }

    /// The head and the texts of all rows that a page shows, and which columns hold numbers.
    var shown: (header: [String], rows: [[String]], isNumeric: [Bool]) {
        (names, texts(0..<shownRows), columns.map(\.isNumeric))
    }

    private var names: [String] { table.columns.map { $0.replacing("_", with: " ") } }

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
                ? "Not all columns are printed here; the page on a screen has them, and its CSV file." : nil,
            header: zip(names, columns).map { HeaderView(name: Markup.escaped($0), isWords: !$1.isNumeric) },
            rows: texts.map { row in
                row.indices.map { Self.cell(row[$0], columns[$0], isLong: width.isLong[$0]) }.joined()
            })
    }

    private static func cell(_ text: String, _ column: ColumnFormat, isLong: Bool) -> String {
        guard column.isNumeric else {
            return "<td class=\"pb-words\(isLong ? " pb-long" : "")\">\(Markup.escaped(text))</td>"
        }
        let gap = column.gap(text)
        return gap > 0 ? "<td class=\"pb-gap-\(gap)\">\(Markup.escaped(text))</td>" : "<td>\(Markup.escaped(text))</td>"
    }

    // MARK: As a file

    /// Above this many bytes a file is packed; a small one opens at a click in a spreadsheet.
    private static let packedAbove = 16_384

    /// The whole table as CSV, with all digits.
    func file(_ fileName: String) -> FileView { Self.file(table, label: label, fileName) }

    /// A whole table as CSV, with all digits.
    /// - Parameter fileName: the file's name without its ending.
    static func file(_ table: Table, label: String, _ fileName: String) -> FileView {
        let text = CSV.text(table)
        let isPacked = text.utf8.count > packedAbove
        return FileView(
            label: Markup.escaped(label), name: Markup.escaped("\(fileName).csv\(isPacked ? ".gz" : "")"),
            address: isPacked
                ? "data:application/gzip;base64," + Data(Gzip.packed(Array(text.utf8))).base64EncodedString()
                : "data:text/csv;charset=utf-8," + CSV.encoded(text),
            kind: isPacked ? "CSV (gzip)" : "CSV",
            rows: table.rows.count == 1 ? "1 row" : "\(Scalar.int(table.rows.count).text) rows")
    }
}
