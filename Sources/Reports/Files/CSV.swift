import Notebooks
import Values

/// A table as comma-separated values (RFC 4180): full digits, `\r\n` between lines, empty cells for null.
enum CSV {
    /// The whole table with its column names.
    static func text(_ table: Table) -> String {
        let lines = [table.columns.map(field)] + table.rows.map { $0.map { field(QuotedValues.exact($0)) } }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// A text percent-encoded for a `data:` address in a quoted attribute.
    static func encoded(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ","), UInt8(ascii: ":"):
                out.append(byte)
            default:
                out += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
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
