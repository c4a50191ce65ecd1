import Charts
import Notebooks

/// What made a page, for its footer: nothing that depends on clock, host or path.
enum Provenance {
    /// The footer's facts, with the digests of inputs and results.
    /// - Parameter stamp: further facts, shown only because the user asked for them.
    static func view(_ evaluation: Evaluation, stamp: [(name: String, value: String)] = []) -> ProvenanceView {
        var facts = [
            FactView(name: "Notebook", value: Markup.escaped(evaluation.name)),
            FactView(name: "Patchbook", value: "\(Version.patchbook) (engine \(Version.engine))"),
            FactView(name: "Seed", value: evaluation.hasOneSeed ? String(evaluation.seed) : "differs from run to run"),
        ]
        if !evaluation.arithmetic.isEmpty {
            facts.append(FactView(name: "Arithmetic", value: Markup.escaped(evaluation.arithmetic)))
        }
        facts += inputs(evaluation).map { input in
            FactView(
                name: Markup.escaped(input.name.prefix(1).uppercased() + input.name.dropFirst()),
                value: short(input.digest))
        }
        facts += stamp.map { FactView(name: Markup.escaped($0.name), value: Markup.escaped($0.value)) }
        let keys = evaluation.blocks.filter { !$0.result.key.isEmpty }.map { block in
            DigestView(
                name: Markup.escaped(block.result.id), command: Markup.escaped(block.result.command),
                digest: Markup.escaped(block.result.key))
        }
        let sums = inputs(evaluation).map { input in
            DigestView(name: Markup.escaped(input.name), command: nil, digest: Markup.escaped(input.digest))
        }
        return ProvenanceView(facts: facts, digests: keys + sums)
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
