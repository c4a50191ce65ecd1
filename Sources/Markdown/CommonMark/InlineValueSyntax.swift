/// Reads `{= path | format }`, the content of a code span that quotes a computed value.
package enum InlineValueSyntax {
    /// How messages show the form.
    static let example = "{= sweep.peak.layer | .2f }"

    package struct Parts {
        package let path: String
        package let format: String
    }

    /// Whether a code span's content means to be an inline value.
    static func isMeant(_ content: String) -> Bool { content.utf8.starts(with: "{=".utf8) }

    /// Path and format, or the sentence that says what is wrong.
    package static func parts(of content: String) -> Result<Parts, Malformed> {
        guard content.utf8.last == UInt8(ascii: "}") else {
            return .failure(Malformed(problem: "an inline value that starts with '{=' must end with '}'"))
        }
        let inner = content.dropFirst(2).dropLast()
        let bar = inner.firstIndex(of: "|")
        let path = trimmed(inner[..<(bar ?? inner.endIndex)])
        let format = bar.map { trimmed(inner[inner.index(after: $0)...]) } ?? ""
        if path.isEmpty { return .failure(Malformed(problem: "an inline value names no path")) }
        guard path.utf8.allSatisfy(isPathByte) else {
            return .failure(Malformed(problem: "an inline value is a path and a format, never an expression"))
        }
        if bar != nil, format.isEmpty {
            return .failure(Malformed(problem: "an inline value has a '|' but no format after it"))
        }
        return .success(Parts(path: path, format: format))
    }

    package struct Malformed: Error {
        package let problem: String
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
