/// The names that a template may use; one that no view has would otherwise come out as nothing, in silence.
enum TemplateNames {
    private static let known: Set<String> = [
        "address", "anchor", "author", "block", "caption", "checks", "claims", "contents", "data", "digests", "drawing",
        "entries", "facts", "failed", "figures", "files", "hasContents", "hasEntries", "hasFacts", "hasFolds",
        "hasParameters", "held", "label", "language", "lead", "level", "links", "name", "notes", "parameters", "parts",
        "policy", "prose", "provenance", "results", "source", "state", "style", "subtitle", "summary", "table",
        "tables", "tally", "target", "text", "title", "value", "verdict", "version", "windowTitle",
    ]

    /// Looks at every tag of a template.
    /// - Throws: `TemplateError` for a value or a partial that does not exist.
    static func check(_ text: String, file: String, partials: [String]) throws(TemplateError) {
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            for tag in tags(in: line) {
                guard let mark = tag.first else { continue }
                if mark == ">" {
                    let name = tag.dropFirst().drop(while: \.isWhitespace)
                    if !partials.contains(String(name)) {
                        throw TemplateError(
                            file: file, line: offset + 1, problem: "there is no partial '\(name).mustache'")
                    }
                    continue
                }
                guard mark.isLetter || "{&#^/".contains(mark) else { continue }
                let name = tag.drop { "{&#^/ ".contains($0) }.prefix { $0.isLetter || $0.isNumber || $0 == "." }
                for part in name.split(separator: ".") where !known.contains(String(part)) {
                    throw TemplateError(
                        file: file, line: offset + 1,
                        problem: "there is no value '\(part)'; values are \(known.sorted().joined(separator: ", "))")
                }
            }
        }
    }

    /// What stands between the braces of each tag on a line.
    private static func tags(in line: Substring) -> [Substring] {
        line.split(separator: "{{", omittingEmptySubsequences: false).dropFirst().map { rest in
            rest.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)[0]
        }
    }
}
