import Notebooks
import Values

/// A table as comma-separated values (RFC 4180): full digits, `\r\n` between lines, empty cells for null.
enum CSV {
    /// The whole table with its column names.
    static func text(_ table: Table) -> String {
        let lines = [table.columns.map(field)] + table.rows.map { $0.map { field(QuotedValues.exact($0)) } }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    private static func field(_ text: String) -> String {
        let needsQuotes =
            text.utf8.contains { ",\"\r\n".utf8.contains($0) } || text.hasPrefix(" ") || text.hasSuffix(" ")
        guard needsQuotes else { return text }
        var out = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { out += "\"" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }
}
