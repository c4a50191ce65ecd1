import JSON

/// A page's results as a data block that no text inside can end early.
enum EmbeddedResults {
    static let id = "patchbook-results"

    /// The `<script>` element of type `application/json`; browsers do not run it.
    static func html(_ results: JSON) -> String {
        "<script type=\"application/json\" id=\"\(id)\">\(escaped(results.text()))</script>"
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
