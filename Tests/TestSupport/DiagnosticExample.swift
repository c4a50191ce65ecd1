import Foundation
import Testing

/// A section of `docs/diagnostics.md`: a code, and a notebook with what is said of it.
public struct DiagnosticExample: Sendable, CustomTestStringConvertible {
    /// The code, which heads the section.
    public let code: String
    /// What follows `markdown` in the fence's info string: parameters, and how the text is to be read.
    public let words: [String]
    /// The notebook's text.
    public let notebook: String
    /// `refs.bib` beside it.
    public let bibliography: String?
    /// What `patchbook check` prints.
    public let expected: String

    /// What a test is called.
    public var testDescription: String { code }

    /// The codes of all sections.
    public static func codes() throws -> [String] { try sections().map { String($0.prefix { $0 != "\n" }) } }

    /// Every example.
    public static func all() throws -> [DiagnosticExample] {
        try sections().compactMap { section in
            guard
                let match = section.firstMatch(
                    of:
                        /````markdown([^\n]*)\n(?s:(.*?))\n````\n\n(?:````bibtex\n(?s:(.*?))\n````\n\n)?```text\n(?s:(.*?))\n```/
                )
            else { return nil }
            let words = match.1.split(separator: " ").map(String.init)
            let times = words.firstIndex(of: "times").flatMap { Int(words[$0 - 1]) } ?? 1
            return DiagnosticExample(
                code: String(section.prefix { $0 != "\n" }), words: words,
                notebook: String(repeating: String(match.2), count: times) + "\n",
                bibliography: match.3.map { String($0) + "\n" }, expected: String(match.4))
        }
    }

    private static func sections() throws -> [Substring] {
        let page = String(decoding: try Fixtures.bytes(Fixtures.repository + "/docs/diagnostics.md"), as: UTF8.self)
        return page.split(separator: "\n## ").dropFirst().map { $0 }
    }

    /// `name=value` of `-P`, where the example sets a parameter.
    public var setting: String? { words.firstIndex(of: "-P").map { words[$0 + 1] } }
}
