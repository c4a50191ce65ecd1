import Charts
import Notebooks
import Values

/// A table as HTML: the first rows open, the others folded, and where a page cannot hold them all, the others in the files beside.
struct TableHTML {
    let table: Table
    /// The author's formats by column.
    var formats: [String: ValueFormat] = [:]

    /// Rows that are shown openly.
    private static let openRows = 20
    /// Rows that a page shows at all.
    private static let mostRows = 500
    /// Cells that a page shows at all of a table with many columns.
    private static let mostCells = 6_000

    /// The table with at most `openRows` rows open.
    /// - Parameter label: what a reader hears on the way in: `Table 1`.
    func html(label: String) -> String {
        let columns = columnFormats
        let count = table.rows.count
        var out = grid(0..<min(count, Self.openRows), columns, label: label)
        guard count > Self.openRows else { return out }
        let words = "\(Scalar.int(count - Self.openRows).text) more rows"
        out += "\n<details>\n<summary>\(words)</summary>\n"
        if shownRows > Self.openRows {
            out += grid(Self.openRows..<shownRows, columns, label: "\(label), more rows") + "\n"
        }
        return out + rest + "</details>"
    }

    /// The table with all rows that a page shows, for a fold.
    func foldedHTML(label: String) -> String { grid(0..<shownRows, columnFormats, label: label) + "\n" + rest }

    private var shownRows: Int {
        min(table.rows.count, Self.mostRows, max(Self.openRows, Self.mostCells / max(1, table.columns.count)))
    }

    /// What the page does not show, in words.
    private var rest: String {
        let left = table.rows.count - shownRows
        guard left > 0 else { return "" }
        let rows = left == 1 ? "One more row is" : "The other \(Scalar.int(left).text) rows are"
        return
            "<p class=\"pb-count\">\(rows) not shown here; the CSV file has all \(Scalar.int(table.rows.count).text).</p>\n"
    }

    private var columnFormats: [ColumnFormat] {
        table.columns.indices.map { index in
            ColumnFormat(table.rows.map { $0[index] }, format: formats[table.columns[index]] ?? .plain)
        }
    }

    private func grid(_ rows: Range<Int>, _ columns: [ColumnFormat], label: String) -> String {
        var out =
            "<div class=\"pb-scroll\" role=\"group\" aria-label=\"\(Markup.escaped(label))\" tabindex=\"0\">\n"
            + "<table class=\"pb-numbers\">\n<thead>\n<tr>"
        for (name, column) in zip(table.columns, columns) {
            let style = column.isNumeric ? "" : " class=\"pb-words\""
            out += "<th scope=\"col\"\(style)>\(Markup.escaped(name.replacing("_", with: " ")))</th>"
        }
        out += "</tr>\n</thead>\n<tbody>\n"
        for row in rows {
            out += "<tr>"
            for (cell, column) in zip(table.rows[row], columns) {
                let text = column.text(cell)
                let gap = column.gap(text)
                out += column.isNumeric ? gap > 0 ? "<td class=\"pb-gap-\(gap)\">" : "<td>" : "<td class=\"pb-words\">"
                out += Markup.escaped(text) + "</td>"
            }
            out += "</tr>\n"
        }
        return out + "</tbody>\n</table>\n</div>"
    }
}
