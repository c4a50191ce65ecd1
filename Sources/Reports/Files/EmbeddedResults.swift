import Foundation
import JSON
import Notebooks
import Values

/// A page's results as a data block that no text inside can end early, and back.
public enum EmbeddedResults {
    static let id = HeadingAnchors.results

    private static let opening = "<script type=\"application/json\" id=\"\(id)\">"
    private static let closing = "</script>"

    /// The results in a report, or in a file that `render --results` wrote.
    /// - Throws: what the file holds instead.
    public static func results(in bytes: [UInt8]) throws(ResultsError) -> Results {
        let isJSON = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        guard let text = isJSON ? bytes[...] : block(of: bytes) else {
            throw ResultsError("it is neither a report nor a results file")
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(Array(text))
        } catch {
            throw ResultsError("\(error)")
        }
        return try Results(json)
    }

    /// The JSON inside a page.
    private static func block(of page: [UInt8]) -> ArraySlice<UInt8>? {
        let data = Data(page)
        guard let start = data.range(of: Data(opening.utf8), options: .backwards)?.upperBound,
            let end = data.range(of: Data(closing.utf8), in: start..<data.endIndex)?.lowerBound
        else { return nil }
        return page[start..<end]
    }

    /// Rows of a table up to which a page's JSON holds them.
    static let rowLimit = 2_000

    /// The `<script>` element of type `application/json`; browsers do not run it.
    static func html(_ results: JSON) -> String {
        opening + escaped(forPage(results).text()) + closing
    }

    /// The results with the tables of each block by column, and with `{"columns": […], "count": 96000}` for each table of more rows than
    /// the limit: without cells, so that no reader takes it for an empty one.
    private static func forPage(_ results: JSON) -> JSON {
        results.mapping("blocks") { blocks in
            blocks.mappingMembers { _, block in
                var written = PageColumns()
                return block.mapping("tables") { $0.mappingMembers { light($1, named: $0, &written) } }
                    .mapping("figures") { $0.mappingMembers { light($1, named: nil, &written) } }
            }
        }
    }

    /// Whether a page's JSON holds the rows of a table.
    static func holds(_ table: Table) -> Bool { table.rows.count <= rowLimit }

    private static func light(_ table: JSON, named name: String?, _ written: inout PageColumns) -> JSON {
        // Rows of another table are identified by their numbers.
        guard table["table"] == nil, case .array(let rows)? = table["rows"] else { return table }
        if rows.count > rowLimit {
            return .object([JSON.Member("columns", table["columns"] ?? .null), JSON.Member("count", .int(rows.count))])
        }
        return written.table(table, named: name)
    }

    /// JSON text in which `<`, `>`, `&` and the two line separators are written as escapes; they occur in strings only.
    private static func escaped(_ json: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(json.utf8.count + json.utf8.count / 16)
        let bytes = Array(json.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "<"): out += Self.lessThan
            case UInt8(ascii: ">"): out += Self.greaterThan
            case UInt8(ascii: "&"): out += Self.ampersand
            case 0xE2 where bytes[index...].starts(with: Self.separators[0].bytes):
                out += Self.separators[0].escape
                index += 2
            case 0xE2 where bytes[index...].starts(with: Self.separators[1].bytes):
                out += Self.separators[1].escape
                index += 2
            default: out.append(byte)
            }
            index += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let lessThan = Array("\\u003c".utf8)
    private static let greaterThan = Array("\\u003e".utf8)
    private static let ampersand = Array("\\u0026".utf8)
    /// U+2028 and U+2029, which end a line of a script.
    private static let separators = [
        (bytes: [UInt8](arrayLiteral: 0xE2, 0x80, 0xA8), escape: Array("\\u2028".utf8)),
        (bytes: [UInt8](arrayLiteral: 0xE2, 0x80, 0xA9), escape: Array("\\u2029".utf8)),
    ]
}

extension JSON {
    /// The same object with another value under one key.
    fileprivate func mapping(_ key: String, _ change: (JSON) -> JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.map { $0.key == key ? Member($0.key, change($0.value)) : $0 })
    }

    /// The same object with every value changed.
    fileprivate func mappingMembers(_ change: (String, JSON) -> JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.map { Member($0.key, change($0.key, $0.value)) })
    }
}
