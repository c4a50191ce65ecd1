import JSON
import Notebooks

/// All values, tables, claims and digests as one JSON file, as `render --results` writes it.
public struct JSONReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its file.
    public static let name = "json"
    /// One line of help.
    public static let summary = "values, tables, claims and digests, every row of them"

    private let surroundings: ReportSurroundings

    /// A writer of results.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The one file.
    public func files(_ evaluation: Evaluation) -> [OutputFile] {
        [
            OutputFile(
                path: Self.mainFile(surroundings.place),
                text: ResultsJSON.json(of: evaluation).text(pretty: true) + "\n")
        ]
    }
}
