import JSON
import Notebooks

/// A `CITATION.cff` (Citation File Format 1.2.0) that says how to cite the report.
public struct CitationReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its file.
    public static let name = "cff"
    /// One line of help.
    public static let summary = "a citation file; forges look for it as CITATION.cff, so name it with -o"

    /// Whether a text has the notebook's mark.
    public static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool { isMarked(bytes, notebook) }

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
        let publication = evaluation.publication
        guard !publication.authors.isEmpty else {
            throw Problem(description: "a citation names its authors: give 'author' in the front matter")
        }
        let prose = ProseHTML(values: QuotedValues(evaluation: evaluation))
        let abstract =
            publication.abstract.isEmpty ? try prose.plain(evaluation.subtitle) : try prose.plain(publication.abstract)
        // A JSON text is a YAML text.
        func line(_ key: String, _ text: String) -> [String] {
            text.isEmpty ? [] : ["\(key): \(JSON.string(text).text())"]
        }
        let lines =
            [
                Self.mark(evaluation.name), "cff-version: 1.2.0",
                "message: \"If you use these results, please cite them.\"", "type: dataset",
            ]
            + line("title", try prose.plain(evaluation.title)) + ["authors:"]
            + publication.authors.flatMap { author in
                line("  - name", author.name) + line("    orcid", author.orcid.map { "https://orcid.org/\($0)" } ?? "")
            } + line("date-released", publication.date ?? "") + line("doi", publication.doi ?? "")
            + line("abstract", abstract)
        return [OutputFile(path: Self.mainFile(surroundings.place), text: lines.joined(separator: "\n") + "\n")]
    }
}
