import Charts
import Notebooks

/// A table as HTML: the first rows open, the others folded, all of them in a CSV file beside.
struct TableHTML {
    let table: Table
    /// The CSV file's name.
    let fileName: String
    /// The author's formats by column.
    var formats: [String: ValueFormat] = [:]

    /// Rows that are shown openly.
    private static let openRows = 20
    /// Rows that a page shows at all; the CSV file has the others too.
    private static let shownRows = 500

    /// The table with at most `openRows` rows open.
    /// - Parameter label: what a reader hears on the way in: `Table 1`.
    func html(label: String) -> String {
        let columns = columnFormats
        let count = table.rows.count
        var out = grid(0..<min(count, Self.openRows), columns, label: label)
        if count > Self.openRows {
            let shown = Self.openRows..<min(count, Self.shownRows)
            out += "\n<details>\n<summary>\(count - Self.openRows) more rows</summary>\n"
            out += grid(shown, columns, label: "\(label), more rows") + "\n"
            if count > Self.shownRows {
                out += "<p class=\"pb-count\">The other \(count - Self.shownRows) rows are in the CSV file.</p>\n"
            }
            out += "</details>"
        }
        return out + "\n" + download
    }

    /// The table with all rows that a page shows, for a fold.
    func foldedHTML(label: String) -> String {
        let count = table.rows.count
        var out = download + "\n" + grid(0..<min(count, Self.shownRows), columnFormats, label: label)
        if count > Self.shownRows {
            out += "\n<p class=\"pb-count\">The other \(count - Self.shownRows) rows are in the CSV file.</p>"
        }
        return out
    }

    private var download: String {
        let rows = table.rows.count == 1 ? "1 row" : "\(table.rows.count) rows"
        return "<p class=\"pb-tools\"><a download=\"\(Markup.escaped(fileName)).csv\" href=\"\(CSV.address(table))\">"
            + "Download as CSV</a> <span class=\"pb-count\">(\(rows))</span></p>"
    }

    private var columnFormats: [ColumnFormat] {
        table.columns.indices.map { index in
            ColumnFormat(table.rows.map { $0[index] }, format: formats[table.columns[index]])
        }
    }

    private func grid(_ rows: Range<Int>, _ columns: [ColumnFormat], label: String) -> String {
        var out =
            "<div class=\"pb-scroll\" role=\"group\" aria-label=\"\(Markup.escaped(label))\" tabindex=\"0\">\n<table>\n<thead>\n<tr>"
        for (name, column) in zip(table.columns, columns) {
            let style = column.isNumeric ? " class=\"pb-number\"" : ""
            out += "<th scope=\"col\"\(style)>\(Markup.escaped(name.replacing("_", with: " ")))</th>"
        }
        out += "</tr>\n</thead>\n<tbody>\n"
        for row in rows {
            out += "<tr>"
            for (cell, column) in zip(table.rows[row], columns) {
                let style = column.isNumeric ? "pb-number" : "pb-words"
                out += "<td class=\"\(style)\">\(Markup.escaped(column.text(cell)))</td>"
            }
            out += "</tr>\n"
        }
        return out + "</tbody>\n</table>\n</div>"
    }
}
