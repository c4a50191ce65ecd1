import Charts
import Notebooks

/// What made a page, for its footer: nothing that hangs on clock, host or path.
enum Provenance {
    /// The footer's facts, with the digests of inputs and results folded.
    /// - Parameter stamp: further facts, shown only because the user asked for them.
    static func view(_ evaluation: Evaluation, stamp: [(name: String, value: String)] = []) -> ProvenanceView {
        var facts = [
            FactView(name: "Notebook", value: Markup.escaped(evaluation.name)),
            FactView(name: "Patchbook", value: "\(Version.patchbook) (engine \(Version.engine))"),
            FactView(name: "Seed", value: String(evaluation.seed)),
        ]
        facts += inputs(evaluation).map { input in
            FactView(
                name: Markup.escaped(input.name.prefix(1).uppercased() + input.name.dropFirst()),
                value: short(input.digest))
        }
        facts += stamp.map { FactView(name: Markup.escaped($0.name), value: Markup.escaped($0.value)) }
        let rows = evaluation.blocks.map { block in
            "<tr><td class=\"pb-words\">\(Markup.escaped(block.result.id))</td>"
                + "<td class=\"pb-words\">\(Markup.escaped(block.result.command))</td>"
                + "<td class=\"pb-words\"><code>\(Markup.escaped(block.result.key))</code></td></tr>"
        }
        let sums = inputs(evaluation).map { input in
            "<tr><td class=\"pb-words\">\(Markup.escaped(input.name))</td><td></td>"
                + "<td class=\"pb-words\"><code>\(Markup.escaped(input.digest))</code></td></tr>"
        }
        let digests = """
            <details>
            <summary>Full digests and block keys (SHA-256)</summary>
            <div class="pb-scroll" role="group" aria-label="Digests and keys" tabindex="0">
            <table>
            <thead><tr><th scope="col">block or input</th><th scope="col">command</th><th scope="col">SHA-256</th></tr></thead>
            <tbody>
            \((rows + sums).joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            </details>
            """
        return ProvenanceView(facts: facts, digests: digests)
    }

    /// Every input once, in the order in which the blocks name them.
    private static func inputs(_ evaluation: Evaluation) -> [Input] {
        var seen: [Input] = []
        for input in evaluation.blocks.flatMap(\.result.inputs) where !seen.contains(input) { seen.append(input) }
        return seen
    }

    private static func short(_ digest: String) -> String {
        "<code title=\"SHA-256 \(Markup.escaped(digest))\">\(Markup.escaped(String(digest.prefix(16))))…</code>"
    }
}
