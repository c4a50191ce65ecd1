import Notebooks
import Values

/// A folder of CSV files: one of all values, and one for each table of each block.
public struct CSVReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its files.
    public static let name = "csv"
    /// One line of help.
    public static let summary = "a folder with all values in one CSV file and every table in one of its own"
    /// There is no main file.
    public static let isFolder = true

    private static let columns = ["block", "name", "value", "lower", "upper"]

    /// Whether a file has the columns of values: nothing in it names the notebook, but its folder does.
    public static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool {
        bytes.starts(with: CSV.text(Table(columns: columns)).utf8)
    }

    private let surroundings: ReportSurroundings

    /// A writer of CSV files.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The values first, then the tables in the notebook's order.
    public func files(_ evaluation: Evaluation) -> [OutputFile] {
        var values = Table(columns: Self.columns)
        for block in evaluation.blocks.map(\.result) {
            for value in block.outcome.values {
                let ends = evaluation.interval(of: "\(block.id).\(value.path)")
                values.append([
                    .string(block.id), .string(value.path), value.scalar, ends?.lower ?? .null, ends?.upper ?? .null,
                ])
            }
        }
        let tables = evaluation.blocks.map(\.result).flatMap { block in
            block.outcome.tables.map { table in
                OutputFile(
                    path: "\(surroundings.place)/\(block.id).\(table.name).csv", text: CSV.text(table.table))
            }
        }
        return [OutputFile(path: Self.mainFile(surroundings.place), text: CSV.text(values))] + tables
    }
}
