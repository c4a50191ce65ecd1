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

    static let normalize = Option.mapping(
        "normalize", [("sum", false), ("token", true)], default: "sum",
        help: "log-probabilities summed over a response's tokens, or their mean per token")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        normalize
    }

    let subjects: Subjects
    private let isPerToken: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        isPerToken = try arguments.value(Self.normalize)
    }

    /// What is averaged over pairs, each mean with its interval.
    private static let averaged: [(name: String, help: String, of: @Sendable (PairScore) -> Double)] = [
        ("base.margin.mean", "the base's mean margin: log p(chosen) − log p(rejected)", { $0.base.margin }),
        ("tuned.margin.mean", "the tuned model's mean margin", { $0.tuned.margin }),
        ("gain.mean", "the mean gain: tuned margin minus base margin", { $0.gain }),
        (
            "gain.chosen.mean", "how much tuning raised log p(chosen), on average",
            { $0.tuned.chosen - $0.base.chosen }
        ),
        (
            "gain.rejected.mean", "how much tuning raised log p(rejected), on average",
            { $0.tuned.rejected - $0.base.rejected }
        ),
    ]

    private static let means = OutputValues<[(mean: Double, interval: Interval?)]> {
        for (place, quantity) in averaged.enumerated() {
            Output.mean(quantity.name, quantity.help, unit: "nats") { $0[place] }
        }
    }

    private static let accuracies = OutputValues<[PairScore]> {
        Output("base.accuracy", "share of pairs whose chosen response the base finds likelier") {
            $0.map { $0.base.margin > 0 ? 1 : 0 }.mean
        }
        Output("tuned.accuracy", "share of pairs whose chosen response the tuned model finds likelier") {
            $0.map { $0.tuned.margin > 0 ? 1 : 0 }.mean
        }
        Output("gain.accuracy", "share of pairs whose margin tuning raised") { $0.map { $0.gain > 0 ? 1 : 0 }.mean }
    }

    private static let table = OutputTable<PairScore>("pairs") {
        Output.pair { $0.number }
        Output("base_margin", "the base's margin", unit: "nats") { $0.base.margin }
        Output("tuned_margin", "the tuned model's margin", unit: "nats") { $0.tuned.margin }
        Output("gain", "tuned margin minus base margin", unit: "nats") { $0.gain }
        Output("base_chosen", "log p(chosen) under the base", unit: "nats") { $0.base.chosen }
        Output("base_rejected", "log p(rejected) under the base", unit: "nats") { $0.base.rejected }
        Output("tuned_chosen", "log p(chosen) under the tuned model", unit: "nats") { $0.tuned.chosen }
        Output("tuned_rejected", "log p(rejected) under the tuned model", unit: "nats") { $0.tuned.rejected }
        Output.tokens("chosen", "chosen response") { $0.pair.chosenTokens }
        Output.tokens("rejected", "rejected response") { $0.pair.rejectedTokens }
        Output.prompt { $0.pair.cluster }
        Output.split { $0.split }
    }

    /// All outputs.
    public static var outputs: Outputs {
        means
        GainByLength.values
        accuracies
        table
    }

    private var unit: String { isPerToken ? "nats per token" : "nats" }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs, halves) = try bindings.load(subjects)
        let margins = try bindings.margins(
            of: Source.allCases.map { Route(clean: $0, layers: models.layers) }, in: models, over: pairs)
        let scores = pairs.indices.map { index in
            PairScore(
                number: index, pair: pairs[index], split: halves.name(of: index),
                base: score(margins.byRoute[0][index], pairs[index]),
                tuned: score(margins.byRoute[1][index], pairs[index]))
        }
        let bootstrap = ClusterBootstrap(seed: bindings.seed)
        let columns = Self.averaged.map { scores.map($0.of) }
        let intervals = bootstrap.means(of: ClusteredValues(columns, clusters: pairs.map(\.cluster)))
        let byLength = GainByLength(scores.map(\.gain), pairs: pairs, bootstrap: bootstrap)
        var outcome = Outcome()
        outcome.set(Self.means, of: zip(columns, intervals).map { ($0.mean, $1) })
        outcome.set(GainByLength.values, of: byLength)
        outcome.set(Self.accuracies, of: scores)
        let table = outcome.add(Self.table, scores)
        outcome.figures = [figure(scores, table), byLength.figure(unit, table)]
        outcome.checks = [try packingCheck(models, pairs, margins, threads: bindings.resources.threads)]
        return outcome
    }

    /// What one model says of a pair, per token if asked for.
    private func score(_ found: ResponseLogProbabilities, _ pair: PackedPair) -> ResponseLogProbabilities {
        ResponseLogProbabilities(
            chosen: found.chosen / (isPerToken ? Double(pair.chosenTokens) : 1),
            rejected: found.rejected / (isPerToken ? Double(pair.rejectedTokens) : 1))
    }

    private func figure(_ scores: [PairScore], _ table: Table) -> Figure {
        Figure(
            name: "margins", title: "Preference margin of each pair, tuned against base",
            description:
                "One point per pair: the base model's margin on the horizontal axis, the tuned model's on the vertical. "
                + "Points above the diagonal gained from tuning; \(scores.count { $0.gain > 0 }) of \(scores.count) did.",
            chart: ScatterChart(
                x: Axis("base margin (\(unit))", includesZero: true),
                y: Axis("tuned margin (\(unit))", includesZero: true),
                series: [
                    Series(
                        "pairs", role: .effect,
                        points: scores.map {
                            Point(x: $0.base.margin, y: $0.tuned.margin, label: "pair \($0.number)")
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

/// One pair under both models.
private struct PairScore: Sendable {
    let number: Int
    let pair: PackedPair
    /// Which half the pair is in.
    let split: String
    let base, tuned: ResponseLogProbabilities

    var gain: Double { tuned.margin - base.margin }
}
