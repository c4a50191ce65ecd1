import Charts
import Experiments
import Interventions
import Notebooks
import Statistics
import Transformers
import Values

/// `{probe}`: what can be read off each layer's activations by a linear probe, which is not what they do.
public struct ProbeCommand: Command {
    /// The name in the fence.
    public static let name = "probe"
    /// One line of help.
    public static let summary =
        "Reads the gain, or which response was chosen, off activations by linear probes, with their baselines."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let site = EngineOptions.site()
    static let positions = EngineOptions.positions(default: .response)
    static let target = Option.mapping(
        "target", [("gain", true), ("chosen", false)], default: "gain",
        help:
            "'gain': the pair's reward gain, by ridge regression, scored by R²; 'chosen': which of the two responses it is, by logistic "
            + "regression, scored by accuracy")
    static let model = Option.choice(
        "model", LinearProbes.Activations.self, default: .tuned,
        help: "whose activations are read: either model's, or tuned minus base")
    static let pool = Option.mapping(
        "pool", [("mean", false), ("last", true)], default: "mean",
        help: "over a response's tokens: their mean, or the last")
    static let folds = Option<Int>.int(
        "folds", in: 2...50, default: 5,
        help:
            "how many folds: a probe is fitted on all but one and scored on that one; pairs of one prompt are in the same fold"
    )
    static let shuffles = Option<Int>.int(
        "shuffles", in: 1...100, default: 3, help: "how often the labels are permuted at random for the baseline")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        LayeredSubjects.layers
        target
        model
        pool
        folds
        shuffles
    }

    private let subjects: LayeredSubjects
    private let site: Site
    private let positions: Positions
    private let isGain: Bool
    private let model: LinearProbes.Activations
    private let takesLast: Bool
    private let folds: Int
    private let shuffles: Int

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try LayeredSubjects(arguments)
        site = try arguments.value(Self.site)
        positions = try arguments.value(Self.positions)
        isGain = try arguments.value(Self.target)
        model = try arguments.value(Self.model)
        takesLast = try arguments.value(Self.pool)
        folds = try arguments.value(Self.folds)
        shuffles = try arguments.value(Self.shuffles)
    }

    private static let values = OutputValues<[LinearProbes.Layer]> {
        Output("peak.layer", "the layer with the best score") { peak(of: $0)?.layer }
        Output("peak.score", "its score: R² for gains, accuracy for chosen against rejected") {
            peak(of: $0)?.score
        }
        Output("length_only", "the score of lengths alone") { $0.first?.lengthOnly }
        Output("shuffled.largest", "the best score with shuffled labels") { $0.map(\.shuffled).max() }
    }

    private static let table = OutputTable<LinearProbes.Layer>("layers") {
        Output.layer { $0.layer }
        Output("score", "the cross-validated score") { $0.score }
        Output.ends { $0.interval }
        Output("shuffled", "the score with shuffled labels") { $0.shuffled }
        Output("length_only", "the score of lengths alone") { $0.lengthOnly }
    }

    /// The first layer with the best score.
    private static func peak(of layers: [LinearProbes.Layer]) -> LinearProbes.Layer? {
        layers.max { $0.score < $1.score }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
        Outputs(figures: ["probes"])
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        subjects.problems(arguments)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (loaded, layers) = try subjects.load(bindings)
        let probes = LinearProbes(
            loaded.models, site: site, layers: layers, positions: positions, activations: model, isGain: isGain,
            takesLast: takesLast, folds: folds, shuffles: shuffles)
        var outcome = Outcome()
        do {
            let byLayer = try probes.scores(loaded.pairs, in: bindings)
            outcome.set(Self.values, of: byLayer)
            outcome.figures = [figure(byLayer, outcome.add(Self.table, byLayer))]
        } catch let error as RegressionError {
            guard error == .constantTarget else { throw CommandError(error.description) }
            outcome.set(Self.values, of: nil)
            outcome.add(Self.table, [])
            outcome.notes = ["Every pair has the same gain, so there is nothing to read: \(error.description)."]
        }
        outcome.notes.append(
            "A probe shows what can be read off a layer, not what the model does with it: decodable is not causal.")
        return outcome
    }

    private func figure(_ layers: [LinearProbes.Layer], _ table: Table) -> Figure {
        let name = isGain ? "share of the gain's variance explained" : "share of responses told right"
        return
            Figure(
                name: "probes",
                title: isGain ? "The gain, read off each layer" : "Chosen or rejected, read off each layer",
                description:
                    "\(name.prefix(1).uppercased())\(name.dropFirst()), on prompts that the probe has not seen, with 95 % intervals; "
                    + "beside it the same with labels permuted at random. Lengths alone reach the line. Decodable is not causal.",
                chart: LineChart(
                    x: Axis("layer", isWhole: true), y: Axis(name, includesZero: true),
                    series: [
                        Series(
                            "probe", role: .effect,
                            points: layers.map {
                                Point(
                                    x: Double($0.layer), y: $0.score, lower: $0.interval?.lower,
                                    upper: $0.interval?.upper, label: "layer \($0.layer)")
                            }),
                        Series(
                            "shuffled labels", role: .control,
                            points: layers.map { Point(x: Double($0.layer), y: $0.shuffled) }),
                    ], references: layers.prefix(1).map { LineChart.Reference($0.lengthOnly, label: "length only") }),
                data: table)
    }
}
