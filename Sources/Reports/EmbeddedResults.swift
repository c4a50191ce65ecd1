import JSON

/// A page's results as a data block that no text inside can end early.
enum EmbeddedResults {
    static let id = "patchbook-results"

    /// Rows of a table up to which a page's JSON holds them; a larger table is in a file that the page offers.
    static let rowLimit = 2_000

    /// The `<script>` element of type `application/json`; browsers do not run it.
    static func html(_ results: JSON) -> String {
        "<script type=\"application/json\" id=\"\(id)\">\(escaped(withoutLargeTables(results).text()))</script>"
    }

    /// The results with `{"columns": […], "count": 96000}` for each table of more rows than the limit: without `rows`, so that no
    /// reader takes it for an empty one.
    private static func withoutLargeTables(_ results: JSON) -> JSON {
        results.mapping("blocks") { blocks in
            blocks.mappingMembers { block in
                block.mapping("tables") { tables in
                    tables.mappingMembers { table in
                        guard case .array(let rows)? = table["rows"], rows.count > rowLimit else { return table }
                        return .object([
                            JSON.Member("columns", table["columns"] ?? .null), JSON.Member("count", .int(rows.count)),
                        ])
                    }
                }
            }
        }
    }

    /// JSON text in which `<`, `>`, `&` and the two line separators are written as escapes; they occur in strings only.
    private static func escaped(_ json: String) -> String {
        var out = ""
        out.reserveCapacity(json.utf8.count)
        for scalar in json.unicodeScalars {
            switch scalar {
            case "<": out += "\\u003c"
            case ">": out += "\\u003e"
            case "&": out += "\\u0026"
            case "\u{2028}": out += "\\u2028"
            case "\u{2029}": out += "\\u2029"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

extension JSON {
    /// The same object with another value under one key.
    fileprivate func mapping(_ key: String, _ change: (JSON) -> JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.map { $0.key == key ? Member($0.key, change($0.value)) : $0 })
    }

    /// The same object with every value changed.
    fileprivate func mappingMembers(_ change: (JSON) -> JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.map { Member($0.key, change($0.value)) })
    }
}
