import Charts
import Experiments
import Interventions
import Notebooks
import Statistics
import Values

/// `{logit_lens}`: each layer's residual stream read by the model's own final norm and head, as if it were the last.
public struct LogitLensCommand: Command {
    /// The name in the fence.
    public static let name = "logit_lens"
    /// One line of help.
    public static let summary = "Reads every layer through the final head: at which depth the preference shows."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        LayeredSubjects.layers
    }

    private let subjects: LayeredSubjects

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try LayeredSubjects(arguments)
    }

    private static let values = OutputValues<LogitLens> {
        Output("last.gain", "the gain read at the last layer: the models' own", unit: "nats") { $0.last?.gains.mean }
        Output("half.layer", "the first layer from which the gain is at least half of that") { $0.half?.layer }
    }

    private static let layerTable = OutputTable<LogitLens.Layer>("layers") {
        Output.layer { $0.layer }
        Output("base_margin", "the base's margin, read at this layer", unit: "nats") { $0.base.map(\.margin).mean }
        Output("tuned_margin", "the tuned model's margin, read at this layer", unit: "nats") {
            $0.tuned.map(\.margin).mean
        }
        Output("gain", "tuned minus base", unit: "nats") { $0.gains.mean }
        Output.ends { $0.interval }
        Output("base_log_probability", "the mean of log p(chosen) + log p(rejected) under the base", unit: "nats") {
            $0.base.map { $0.chosen + $0.rejected }.mean
        }
        Output(
            "tuned_log_probability", "the mean of log p(chosen) + log p(rejected) under the tuned model", unit: "nats"
        ) {
            $0.tuned.map { $0.chosen + $0.rejected }.mean
        }
    }

    private static let pairTable = OutputTable<(pair: Int, layer: LogitLens.Layer)>("pairs") {
        Output.pair { $0.pair }
        Output.layer { $0.layer.layer }
        Output("base_margin", "the base's margin, read at this layer", unit: "nats") { $0.layer.base[$0.pair].margin }
        Output("tuned_margin", "the tuned model's margin, read at this layer", unit: "nats") {
            $0.layer.tuned[$0.pair].margin
        }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        layerTable
        pairTable
        Outputs(figures: ["lens"])
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        subjects.problems(arguments)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (loaded, layers) = try subjects.load(bindings)
        let lens = try LogitLens(loaded.models, loaded.pairs, layers: layers, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: lens)
        let table = outcome.add(Self.layerTable, lens.layers)
        outcome.add(
            Self.pairTable, loaded.pairs.indices.flatMap { pair in lens.layers.map { (pair: pair, layer: $0) } })
        outcome.figures = [figure(lens.layers, table)]
        outcome.checks =
            lens.difference.map {
                [
                    Check(
                        name: "The lens on the last layer is the model (largest difference of a margin)", found: $0,
                        tolerance: 1e-3, unit: "nats")
                ]
            } ?? []
        outcome.notes = [
            "Early layers were never trained to be read by the head: a lens shows when the answer stands in the head's own terms, "
                + "not when it was computed."
        ]
        return outcome
    }

    private func figure(_ lens: [LogitLens.Layer], _ table: Table) -> Figure {
        func series(_ name: String, _ role: Role, _ values: KeyPath<LogitLens.Layer, [ResponseLogProbabilities]>)
            -> Series
        {
            Series(
                name, role: role,
                points: lens.map {
                    Point(
                        x: Double($0.layer), y: $0[keyPath: values].map(\.margin).mean, label: "layer \($0.layer)")
                })
        }
        return Figure(
            name: "lens", title: "Margins as each layer would give them",
            description:
                "The mean margin when the head reads a layer's residual stream, for both models, and what tuning changed.",
            chart: LineChart(
                x: Axis("layer", isWhole: true), y: Axis("margin (nats)", includesZero: true),
                series: [
                    Series(
                        "gain", role: .effect,
                        points: lens.map {
                            Point(
                                x: Double($0.layer), y: $0.gains.mean, lower: $0.interval?.lower,
                                upper: $0.interval?.upper, label: "layer \($0.layer)")
                        }),
                    series("tuned", .second, \.tuned),
                    series("base", .control, \.base),
                ]), data: table)
    }
}
