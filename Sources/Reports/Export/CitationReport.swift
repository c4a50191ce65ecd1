import JSON
import Notebooks

/// A `CITATION.cff` (Citation File Format 1.2.0) that says how to cite the report.
public struct CitationReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its file.
    public static let name = "cff"
    /// One line of help.
    public static let summary = "a citation file; forges look for it as CITATION.cff, so name it with -o"

    private let surroundings: ReportSurroundings

    /// A writer of citation files.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// A citation that cannot be given.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The one file.
    /// - Throws: ``Problem`` for a notebook without an author.
    public func files(_ evaluation: Evaluation) throws -> [OutputFile] {
        guard let author = evaluation.author else {
            throw Problem(description: "a citation names its authors: give 'author' in the front matter")
        }
        let prose = ProseHTML(values: QuotedValues(evaluation: evaluation))
        let subtitle = try prose.plain(evaluation.subtitle)
        // A JSON text is a YAML text.
        func line(_ key: String, _ text: String) -> [String] {
            text.isEmpty ? [] : ["\(key): \(JSON.string(text).text())"]
        }
        let lines =
            ["cff-version: 1.2.0", "message: \"If you use these results, please cite them.\"", "type: dataset"]
            + line("title", try prose.plain(evaluation.title)) + ["authors:"] + line("  - name", author)
            + line("abstract", subtitle)
        return [OutputFile(path: Self.mainFile(surroundings.place), text: lines.joined(separator: "\n") + "\n")]
    }
}
