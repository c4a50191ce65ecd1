import Charts
import Experiments
import Notebooks
import Statistics
import Values

/// `{score}`: the margins of both models over the pairs, without any patch.
public struct ScoreCommand: Command {
    /// The name in the fence.
    public static let name = "score"
    /// One line of help.
    public static let summary = "Scores every pair with both models: margins, reward gain and accuracy."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

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

    private static let means = OutputValues<(scores: PairScores, found: [(mean: Double, interval: Interval?)])> {
        for (place, (name, help, quantity)) in averaged.enumerated() {
            Output.mean(name, help, unit: "nats") {
                EstimateParts($0.scores.pairs.map(quantity), prompts: $0.scores.clusters)
            } read: {
                $0.found[place]
            }
        }
    }

    private static let lengths = OutputValues<GainByLength> {
        Output.mean("gain.rejected_longer.mean", "the mean gain where the rejected response is longer", unit: "nats") {
            $0.split.rejectedLonger
        }
        Output.mean("gain.chosen_longer.mean", "the mean gain where the chosen response is longer", unit: "nats") {
            $0.split.chosenLonger
        }
        Output.mean("gain.equal_length.mean", "the gain at equal length, by least squares", unit: "nats") {
            $0.split.equalLength
        }
        Output.mean(
            "gain.nearest_length.mean",
            "the mean gain of the quarter of the pairs whose lengths differ least, with all that tie with the last of them",
            unit: "nats"
        ) { $0.nearest.gain }
        Output("gain.nearest_length.count", "how many pairs these are") { $0.nearest.count }
        Output("gain.nearest_length.tokens", "by how many tokens their responses differ at most") { $0.nearest.tokens }
    }

    private static let accuracies = OutputValues<PairScores> {
        Output.accuracy("base.accuracy", "share of pairs whose chosen response the base finds likelier") {
            $0.base.margin > 0
        }
        Output.accuracy("tuned.accuracy", "share of pairs whose chosen response the tuned model finds likelier") {
            $0.tuned.margin > 0
        }
        Output.accuracy("gain.accuracy", "share of pairs whose margin tuning raised") { $0.gain > 0 }
    }

    private static let table = OutputTable<(score: PairScore, split: String)>("pairs") {
        Output.pair { $0.score.number }
        Output("base_margin", "the base's margin", unit: "nats") { $0.score.base.margin }
        Output("tuned_margin", "the tuned model's margin", unit: "nats") { $0.score.tuned.margin }
        Output("gain", "tuned margin minus base margin", unit: "nats") { $0.score.gain }
        Output("base_chosen", "log p(chosen) under the base", unit: "nats") { $0.score.base.chosen }
        Output("base_rejected", "log p(rejected) under the base", unit: "nats") { $0.score.base.rejected }
        Output("tuned_chosen", "log p(chosen) under the tuned model", unit: "nats") { $0.score.tuned.chosen }
        Output("tuned_rejected", "log p(rejected) under the tuned model", unit: "nats") { $0.score.tuned.rejected }
        Output.tokens("chosen", "chosen response") { $0.score.pair.chosenTokens }
        Output.tokens("rejected", "rejected response") { $0.score.pair.rejectedTokens }
        Output.prompt { $0.score.pair.cluster }
        Output.split { $0.split }
    }

    /// All outputs.
    public static var outputs: Outputs {
        means
        lengths
        accuracies
        table
        Outputs(figures: ["margins", "lengths"])
    }

    private var unit: String { isPerToken ? "nats per token" : "nats" }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs, halves) = try bindings.load(subjects)
        let scores = try PairScores(models, pairs, isPerToken: isPerToken, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.means, of: (scores, scores.means(of: Self.averaged.map(\.of))))
        outcome.set(Self.lengths, of: scores.byLength)
        outcome.set(Self.accuracies, of: scores)
        let table = outcome.add(
            Self.table, scores.pairs.map { (score: $0, split: halves.name(of: $0.number)) })
        outcome.figures = [figure(scores.pairs, table), figure(scores.byLength, table)]
        if let note = FewPrompts.note(scores.clusters) { outcome.notes.append(note) }
        outcome.checks = [
            Check(
                name: "Packing a prompt with both responses changes no log-probability (base model)",
                found: scores.packing.difference, tolerance: 1e-4, unit: "nats per response token")
        ]
        return outcome
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

    private func figure(_ lengths: GainByLength, _ table: Table) -> Figure {
        Figure(
            name: "lengths", title: "Gain of each pair against the lengths of its responses",
            description:
                "One point per pair: to the right the rejected response is the longer one. A gain that came from length alone would "
                + "pass through zero at equal lengths.",
            chart: ScatterChart(
                x: Axis("rejected − chosen (tokens)", includesZero: true),
                y: Axis("gain (\(unit))", includesZero: true),
                series: [
                    Series(
                        "pairs", role: .effect,
                        points: lengths.gain.indices.map {
                            Point(x: Double(lengths.excess[$0]), y: lengths.gain[$0], label: "pair \($0)")
                        })
                ]), data: table)
    }
}

extension Output<PairScores> {
    /// The share of pairs of which something is true.
    fileprivate static func accuracy(
        _ name: String, _ help: String, _ holds: @escaping @Sendable (PairScore) -> Bool
    ) -> Output {
        @Sendable func values(_ scores: PairScores) -> [Double] { scores.pairs.map { holds($0) ? 1 : 0 } }
        return Output(name, help, parts: { EstimateParts(values($0), prompts: $0.clusters) }) { values($0).mean }
    }
}
