import Charts
import Interventions
import Notebooks
import Numerics
import Statistics
import Transformers
import Values

/// `{logit_lens}`: each layer's residual stream read by the model's own final norm and head, as if it were the last.
public struct LogitLensCommand: Command {
    /// The name in the fence.
    public static let name = "logit_lens"
    /// One line of help.
    public static let summary = "Reads every layer through the final head: at which depth the preference shows."

    static let layers = Option<IntegerSet>.integers("layers", help: "which layers, counted from 0")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        layers
    }

    private let subjects: Subjects
    private let layers: IntegerSet

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        layers = try arguments.value(Self.layers)
    }

    private static let values = OutputValues<(last: Layer?, half: Layer?)> {
        Output("last.gain", "the gain read at the last layer: the models' own", unit: "nats") { $0.last?.gains.mean }
        Output("half.layer", "the first layer from which the gain is at least half of that") { $0.half?.layer }
    }

    private static let layerTable = OutputTable<Layer>("layers") {
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

    private static let pairTable = OutputTable<(pair: Int, layer: Layer)>("pairs") {
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
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        EngineOptions.problems(layers, of: subjects.models, arguments)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.load(self.subjects)
        let layers = try EngineOptions.layers(layers, of: subjects.models)
        var lens = try read(subjects.models, subjects.pairs, layers, bindings)
        let clusters = subjects.pairs.map(\.cluster)
        let intervals = ClusterBootstrap(seed: bindings.seed).means(
            of: ClusteredValues(lens.map(\.gains), clusters: clusters))
        for place in lens.indices { lens[place].interval = intervals[place] }
        var outcome = Outcome()
        let last = layers.last == subjects.models.layers - 1 ? lens.last : nil
        let half = last.flatMap { last in
            last.gains.mean == 0 ? nil : lens.first { abs($0.gains.mean) >= abs(last.gains.mean) / 2 }
        }
        outcome.set(Self.values, of: (last, half))
        let table = outcome.add(Self.layerTable, lens)
        outcome.add(
            Self.pairTable, subjects.pairs.indices.flatMap { pair in lens.map { (pair: pair, layer: $0) } })
        outcome.figures = [figure(lens, table)]
        outcome.checks = try check(subjects.models, subjects.pairs, last, bindings)
        outcome.notes = [
            "Early layers were never trained to be read by the head: a lens shows when the answer stands in the head's own terms, "
                + "not when it was computed."
        ]
        return outcome
    }

    private struct Layer: Sendable {
        let layer: Int
        /// `[pair]`
        var base: [ResponseLogProbabilities] = []
        var tuned: [ResponseLogProbabilities] = []
        /// Of the mean gain.
        var interval: Interval?

        var gains: [Double] { zip(tuned, base).map { $0.margin - $1.margin } }
    }

    private func read(
        _ models: ModelPair, _ pairs: [PackedPair], _ layers: [Int], _ bindings: Bindings
    ) throws -> [Layer] {
        // A layer of the unit after another, and in each the base's sums before the tuned model's: routes of `KeptDoubles`.
        let work = Work(
            name: "lens", over: pairs,
            read: { KeptDoubles.logProbabilities($1, pairs: layers.count * 2, routes: $0.count) },
            write: { KeptDoubles.bytes($0.joined().flatMap { [$0.chosen, $0.rejected] }) },
            run: { range, _ in try read(models, Array(pairs[range]), layers, bindings.resources) })
        return try bindings.fold(work, into: layers.map { Layer(layer: $0) }) { found, part in
            for place in layers.indices {
                found[place].base += part[2 * place]
                found[place].tuned += part[2 * place + 1]
            }
        }
    }

    /// One unit's sums, `[layer and model][pair]`: of each layer the base's, then the tuned model's.
    private func read(
        _ models: ModelPair, _ group: [PackedPair], _ layers: [Int], _ resources: Resources
    ) throws -> [[ResponseLogProbabilities]] {
        let nothing = group.map { _ in ResponseLogProbabilities(chosen: 0, rejected: 0) }
        var found = layers.flatMap { _ in [nothing, nothing] }
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        let workspace = Workspace(Workers(count: resources.threads))
        try Walk(models, threads: resources.threads, memory: resources.memory).read(
            [Capture(site: .residualPost, layers: layers, positions: .all)], over: group
        ) { reading in
            guard let layer = place[reading.layer] else { return }
            found[2 * layer][reading.pair] = score(reading, .base, models, workspace)
            found[2 * layer + 1][reading.pair] = score(reading, .tuned, models, workspace)
        }
        return found
    }

    /// Sums of what each row says of the response token after it.
    private func score(
        _ reading: Reading, _ source: Source, _ models: ModelPair, _ workspace: Workspace
    ) -> ResponseLogProbabilities {
        var states: [Float] = []
        var tokens: [Int] = []
        var sides: [Bool] = []
        for (index, row) in reading.rows.enumerated() {
            // The prompt's last row predicts the first token of either response, the chosen one's first.
            let targets: [(Int, Bool)] =
                if let isChosen = row.isChosen {
                    row.next.map { ($0, isChosen) }
                } else {
                    row.next.count == 2 ? [(row.next[0], true), (row.next[1], false)] : []
                }
            for (token, isChosen) in targets {
                states += reading[source][index * reading.width..<(index + 1) * reading.width]
                tokens.append(token)
                sides.append(isChosen)
            }
        }
        let model = source == .base ? models.base : models.tuned
        let values = model.head.logProbabilities(of: states, tokens: tokens, workspace: workspace)
        var (chosen, rejected) = (0.0, 0.0)
        for (value, isChosen) in zip(values, sides) {
            if isChosen { chosen += value } else { rejected += value }
        }
        return ResponseLogProbabilities(chosen: chosen, rejected: rejected)
    }

    /// The last layer's lens is the model itself.
    private func check(
        _ models: ModelPair, _ pairs: [PackedPair], _ last: Layer?, _ bindings: Bindings
    ) throws -> [Check] {
        guard let last else { return [] }
        let margins = try bindings.margins(
            of: Source.allCases.map { Route(clean: $0, layers: models.layers) }, in: models, over: pairs)
        let differences =
            zip(last.base, margins.byRoute[0]).map { abs($0.margin - $1.margin) }
            + zip(last.tuned, margins.byRoute[1]).map { abs($0.margin - $1.margin) }
        return [
            Check(
                name: "The lens on the last layer is the model (largest difference of a margin)",
                found: differences.max() ?? 0, tolerance: 1e-3, unit: "nats")
        ]
    }

    private func figure(_ lens: [Layer], _ table: Table) -> Figure {
        func series(_ name: String, _ role: Role, _ values: KeyPath<Layer, [ResponseLogProbabilities]>) -> Series {
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
