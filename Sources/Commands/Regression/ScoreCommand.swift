import Charts
import Interventions
import Notebooks
import Statistics
import Values

/// `{score}`: the margins of both models over the pairs, without any patch.
public struct ScoreCommand: Command {
    /// The name in the fence.
    public static let name = "score"
    /// One line of help.
    public static let summary = "Scores every pair with both models: margins, reward gain and accuracy."

    static let normalize = Option<String>.choice(
        "normalize", ["sum", "token"], default: "sum",
        help: "log-probabilities summed over a response's tokens, or their mean per token")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.models
        Subjects.pairs
        normalize
    }

    private let models: String
    let pairs: String
    private let isPerToken: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        isPerToken = try arguments.value(Self.normalize) == "token"
    }

    /// The quantities whose means are reported with their intervals, in the order of ``Scores/columns``.
    private static let means = [
        "base.margin.mean", "tuned.margin.mean", "gain.mean", "gain.chosen.mean", "gain.rejected.mean",
    ]
    private static let columns = [
        "pair", "base_margin", "tuned_margin", "gain", "base_chosen", "base_rejected", "tuned_chosen", "tuned_rejected",
        "chosen_tokens", "rejected_tokens", "prompt_number", "split",
    ]

    /// What the block will hand on.
    public var outputs: Outputs {
        Outputs(
            values: Self.means.flatMap { [$0, "\($0).lower", "\($0).upper"] }
                + ["base.accuracy", "tuned.accuracy", "gain.accuracy"]
                + GainByLength.names.flatMap { [$0, "\($0).lower", "\($0).upper"] }, tables: ["pairs": Self.columns])
    }

    private var unit: String { isPerToken ? "nats per token" : "nats" }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs, halves) = try bindings.subjects(models: models, pairs: pairs)
        let margins = try bindings.margins(
            of: Source.allCases.map { Route(clean: $0, layers: models.layers) }, in: models, over: pairs)
        let scores = Scores(margins, pairs: pairs, isPerToken: isPerToken)
        var outcome = Outcome()
        let bootstrap = ClusterBootstrap(seed: bindings.seed)
        let intervals = bootstrap.means(of: ClusteredValues(scores.columns, clusters: pairs.map(\.cluster)))
        for (index, name) in Self.means.enumerated() {
            outcome.set(name, .number(scores.columns[index].mean))
            outcome.set("\(name).lower", .optional(intervals[index]?.lower))
            outcome.set("\(name).upper", .optional(intervals[index]?.upper))
        }
        let byLength = GainByLength(scores.gain, pairs: pairs, bootstrap: bootstrap)
        byLength.set(in: &outcome)
        for (name, values) in [("base", scores.base), ("tuned", scores.tuned), ("gain", scores.gain)] {
            outcome.set("\(name).accuracy", .number(values.map { $0 > 0 ? 1 : 0 }.mean))
        }
        let table = Table(
            columns: Self.columns,
            rows: pairs.indices.map { index in
                let values = [scores.base, scores.tuned, scores.gain] + scores.logProbabilities
                return [.int(index)] + values.map { .number($0[index]) } + [
                    .int(pairs[index].chosenTokens), .int(pairs[index].rejectedTokens), .int(pairs[index].cluster),
                    .string(halves.name(of: index)),
                ]
            })
        outcome.add("pairs", table)
        outcome.figures = [figure(scores, table), byLength.figure(unit, table)]
        outcome.checks = [try packingCheck(models, pairs, margins, threads: bindings.resources.threads)]
        return outcome
    }

    private func figure(_ scores: Scores, _ table: Table) -> Figure {
        Figure(
            name: "margins", title: "Preference margin of each pair, tuned against base",
            description:
                "One point per pair: the base model's margin on the horizontal axis, the tuned model's on the vertical. "
                + "Points above the diagonal gained from tuning; \(scores.gain.count { $0 > 0 }) of \(scores.gain.count) did.",
            chart: ScatterChart(
                x: Axis("base margin (\(unit))", includesZero: true),
                y: Axis("tuned margin (\(unit))", includesZero: true),
                series: [
                    Series(
                        "pairs", role: .effect,
                        points: scores.base.indices.map {
                            Point(x: scores.base[$0], y: scores.tuned[$0], label: "pair \($0)")
                        })
                ], comparesLikeWithLike: true), data: table)
    }

    /// Identity 7 on the first pairs: a prompt packed with both responses against one sequence a response.
    private func packingCheck(
        _ models: ModelPair, _ pairs: [PackedPair], _ margins: Margins, threads: Int
    ) throws -> Check {
        let checked = Array(pairs.prefix(4))
        let apart = checked.flatMap { [$0.onlyChosen, $0.onlyRejected] }
        let alone = try Walk(models, threads: threads).run(
            [Route(clean: .base, layers: models.layers)], over: apart)
        let differences = checked.indices.flatMap { index in
            let packed = margins.byRoute[0][index]
            return [
                abs(alone.byRoute[0][2 * index].chosen - packed.chosen) / Double(checked[index].chosenTokens),
                abs(alone.byRoute[0][2 * index + 1].rejected - packed.rejected) / Double(checked[index].rejectedTokens),
            ]
        }
        return Check(
            name:
                "Packing a prompt with both responses changes no log-probability (\(checked.count) pairs, base model)",
            found: differences.max() ?? 0, tolerance: 1e-4, unit: "nats per response token")
    }
}

/// Per-pair scores of both models, `[pair]`.
private struct Scores {
    let base, tuned, gain: [Double]
    /// Base chosen, base rejected, tuned chosen, tuned rejected: `[4][pair]`.
    let logProbabilities: [[Double]]

    init(_ margins: Margins, pairs: [PackedPair], isPerToken: Bool) {
        func values(_ route: Int, _ part: KeyPath<ResponseLogProbabilities, Double>, _ tokens: KeyPath<PackedPair, Int>)
            -> [Double]
        {
            zip(margins.byRoute[route], pairs).map { score, pair in
                score[keyPath: part] / (isPerToken ? Double(pair[keyPath: tokens]) : 1)
            }
        }
        logProbabilities = [0, 1].flatMap { route in
            [values(route, \.chosen, \.chosenTokens), values(route, \.rejected, \.rejectedTokens)]
        }
        base = zip(logProbabilities[0], logProbabilities[1]).map { $0 - $1 }
        tuned = zip(logProbabilities[2], logProbabilities[3]).map { $0 - $1 }
        gain = zip(tuned, base).map { $0 - $1 }
    }

    /// Base margin, tuned margin, gain, and the gain's two halves: Δ log p of the chosen and of the rejected response.
    var columns: [[Double]] {
        let chosen = zip(logProbabilities[2], logProbabilities[0]).map { $0 - $1 }
        let rejected = zip(logProbabilities[3], logProbabilities[1]).map { $0 - $1 }
        return [base, tuned, gain, chosen, rejected]
    }
}
