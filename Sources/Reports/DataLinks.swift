import Charts
import Foundation
import JSON
import Notebooks
import Values

/// A table as files to download from the page itself: CSV and JSON, packed as gzip where they are large.
struct DataLinks {
    let table: Table
    /// The files' name without its ending.
    let fileName: String
    /// What the table is, for who hears the links: `Figure 1`.
    let label: String

    /// Above this many bytes a file is packed; a small one opens at a click in a spreadsheet.
    private static let packedAbove = 16_384
    /// Above this many rows a table is offered as CSV alone: the page carries large data once.
    private static let jsonRows = 2_000

    /// Links in a row, with the number of rows.
    var html: String {
        var links = [link(CSV.text(table), type: "text/csv;charset=utf-8", ending: "csv")]
        if table.rows.count <= Self.jsonRows {
            links.append(link(table.json.text(), type: "application/json", ending: "json"))
        }
        return
            "<p class=\"pb-tools\">\(links.joined(separator: " ")) <span class=\"pb-count\">(\(Self.rows(table)))</span></p>"
    }

    /// The CSV file alone.
    var csv: String { link(CSV.text(table), type: "text/csv;charset=utf-8", ending: "csv") }

    /// How many rows a table has, in words.
    static func rows(_ table: Table) -> String {
        table.rows.count == 1 ? "1 row" : "\(Scalar.int(table.rows.count).text) rows"
    }

    private func link(_ text: String, type: String, ending: String) -> String {
        let isPacked = text.utf8.count > Self.packedAbove
        let address =
            isPacked
            ? "data:application/gzip;base64," + Data(Gzip.packed(Array(text.utf8))).base64EncodedString()
            : "data:\(type)," + CSV.encoded(text)
        let name = Markup.escaped("\(fileName).\(ending)\(isPacked ? ".gz" : "")")
        let words = ending.uppercased() + (isPacked ? " (gzip)" : "")
        return
            "<a download=\"\(name)\" href=\"\(address)\" aria-label=\"\(words), data of \(Markup.escaped(label))\">\(words)</a>"
    }
}
