import Commands
import Markdown
import Notebooks
import Testing
import TestSupport
import Values

/// Notebooks on the embedded models, evaluated through the whole path.
enum EmbeddedNotebook {
    /// The outcome of the last block of a notebook that opens a pair of models (`pair`) and some pairs (`pairs`).
    static func outcome(_ adapter: String, limit: Int = 24, split: String = "{fit: 0.5}", _ blocks: String) throws
        -> Outcome
    {
        try #require(try evaluation(adapter, limit: limit, split: split, blocks).blocks.last).result.outcome
    }

    /// All problems as people read them; empty when nothing is wrong.
    static func problems(_ adapter: String, _ blocks: String) -> String {
        do {
            _ = try evaluation(adapter, limit: 6, split: "{fit: 0.5}", blocks)
            return ""
        } catch let error as Diagnostics {
            return error.description
        } catch {
            return "\(error)"
        }
    }

    static func evaluation(
        _ adapter: String, limit: Int, split: String, _ blocks: String, keeping keeper: (any ResultKeeping)? = nil,
        observer: @escaping @Sendable (Session.Event) -> Void = { _ in }
    ) throws -> Evaluation {
        let text = """
            ---
            seed: 7
            ---
            ```{models}
            id: pair
            base: notebooks/models/demo
            tuned: {path: notebooks/models/demo, adapter: notebooks/models/\(adapter)}
            ```
            ```{pairs}
            id: pairs
            path: notebooks/data/demo-heldout.jsonl
            limit: \(limit)
            split: \(split)
            ```
            \(blocks)
            """
        return try standard(text).evaluation(keeping: keeper, on: observer)
    }

    /// A notebook of this repository with the commands that there are.
    static func standard(_ text: String, in folder: String = Fixtures.repository) -> SampleNotebook {
        var sample = SampleNotebook(text, catalogue: .standard)
        sample.project = Project(notebookFolder: folder)
        sample.checksFiles = true
        return sample
    }

    /// A block of the models and pairs above.
    static func block(_ command: String, _ options: String = "", id: String = "found") -> String {
        "```{\(command)}\nid: \(id)\nmodels: pair\npairs: pairs\n\(options)\n```\n"
    }
}

extension Outcome {
    func number(_ path: String) -> Double? { value(path)?.number }

    func text(_ path: String) -> String? {
        if case .string(let text)? = value(path) { text } else { nil }
    }

    /// The rows of a table whose columns have these values, as numbers of one column.
    func numbers(_ table: String, _ column: String, where conditions: [String: Scalar] = [:]) -> [Double] {
        guard let table = self.table(table), let place = table.index(of: column) else { return [] }
        return table.rows.filter { row in
            conditions.allSatisfy { key, value in table.index(of: key).map { row[$0] == value } ?? false }
        }.map { $0[place].number ?? .nan }
    }
}
