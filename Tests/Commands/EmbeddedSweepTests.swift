import Commands
import Markdown
import Notebooks
import Testing
import TestSupport
import Values

/// Whole notebooks on the embedded models: the instrument must find what is known to be there, and nothing where nothing is.
@Suite struct EmbeddedSweepTests {
    @Test func `a sweep finds the three layers that tuning was confined to, and only those`() throws {
        let outcome = try sweep("demo-planted")
        #expect(outcome.value("carriers.layers") == .string("5, 6, 7"))
        #expect(outcome.value("peak.layer") == .int(7))
        #expect(outcome.value("peak.recovery") == .number(1))
        let layers = try #require(outcome.table("layers"))
        for row in rows(layers, direction: "tuned_to_base") where row["layer"] != nil {
            guard case .int(let layer)? = row["layer"], layer < 5 else { continue }
            #expect(row["effect"] == .number(0))
        }
    }

    @Test func `a zero adapter comes out as nothing`() throws {
        let outcome = try sweep("demo-nowhere")
        #expect(outcome.value("gain.mean") == .number(0))
        #expect(outcome.value("peak.effect") == .number(0))
        #expect(outcome.value("peak.recovery") == .null)
        #expect(outcome.value("carriers.count") == .int(0))
    }

    @Test(arguments: ["demo-dpo", "demo-planted", "demo-nowhere"])
    func `every identity that a sweep can show holds`(_ adapter: String) throws {
        let checks = try sweep(adapter).checks
        #expect(checks.count == 4)
        #expect(checks.filter { !$0.held }.isEmpty)
    }

    @Test func `the same notebook gives the same results twice`() throws {
        let first = try evaluate(notebook("demo-dpo"))
        let second = try evaluate(notebook("demo-dpo"))
        #expect(ResultsJSON.json(of: first) == ResultsJSON.json(of: second))
    }

    @Test func `a missing pairs file is an error at its option that names the file`() throws {
        let text = notebook("demo-dpo").replacing("demo-heldout", with: "missing")
        let problems = #expect(throws: Diagnostics.self) { try evaluate(text) }
        let sentence = "error: there is no file 'notebooks/data/missing.jsonl' [missing-file]"
        #expect(problems?.description.contains(sentence) == true)
    }

    private func sweep(_ adapter: String) throws -> Outcome {
        let block = try evaluate(notebook(adapter)).blocks.first { $0.result.id == "sweep" }
        return try #require(block).result.outcome
    }

    private func notebook(_ adapter: String) -> String {
        """
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
        limit: 12
        ```
        ```{patch}
        id: sweep
        models: pair
        pairs: pairs
        controls: [self, random]
        ```
        """
    }

    private func evaluate(_ text: String) throws -> Evaluation {
        try EmbeddedNotebook.standard(text).evaluation()
    }

    private func rows(_ table: Table, direction: String) -> [[String: Scalar]] {
        table.rows.map { Dictionary(zip(table.columns, $0), uniquingKeysWith: { first, _ in first }) }
            .filter { $0["direction"] == .string(direction) && $0["control"] == .string("none") }
    }
}
