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
    public static let summary = "Reads every layer through the final head: at which depth the preference can be told."

    static let layers = Option<IntegerSet>.integers("layers", help: "which layers, counted from 0")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.models
        Subjects.pairs
        layers
    }

    private let models: String
    private let pairs: String
    private let layers: IntegerSet

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        layers = try arguments.value(Self.layers)
    }

    private static let layerColumns = [
        "layer", "base_margin", "tuned_margin", "gain", "lower", "upper", "base_log_probability",
        "tuned_log_probability",
    ]
    private static let pairColumns = ["pair", "layer", "base_margin", "tuned_margin"]

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        EngineOptions.problems(layers, of: models, arguments)
    }

    /// What the block will hand on.
    public var outputs: Outputs {
        Outputs(
            values: ["last.gain", "half.layer"], tables: ["layers": Self.layerColumns, "pairs": Self.pairColumns])
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.subjects(models: models, pairs: pairs)
        let layers = try EngineOptions.layers(layers, of: subjects.models)
        let lens = try read(subjects.models, subjects.pairs, layers, bindings)
        let clusters = subjects.pairs.map(\.cluster)
        let gains = lens.map { zip($0.tuned, $0.base).map { $0.margin - $1.margin } }
        let intervals = ClusterBootstrap(seed: bindings.seed).means(of: ClusteredValues(gains, clusters: clusters))
        var outcome = Outcome()
        let last = layers.last == subjects.models.layers - 1 ? gains.last?.mean : nil
        outcome.set("last.gain", .optional(last))
        let half = layers.indices.first { place in
            guard let last, last != 0 else { return false }
            return abs(gains[place].mean) >= abs(last) / 2
        }
        outcome.set("half.layer", half.map { .int(layers[$0]) } ?? .null)
        let table = Table(
            columns: Self.layerColumns,
            rows: layers.indices.map { place in
                let numbers: [Double?] = [
                    lens[place].base.map(\.margin).mean, lens[place].tuned.map(\.margin).mean, gains[place].mean,
                    intervals[place]?.lower, intervals[place]?.upper,
                    lens[place].base.map { $0.chosen + $0.rejected }.mean,
                    lens[place].tuned.map { $0.chosen + $0.rejected }.mean,
                ]
                return [.int(layers[place])] + numbers.map { .optional($0) }
            })
        outcome.add("layers", table)
        outcome.add(
            "pairs",
            Table(
                columns: Self.pairColumns,
                rows: subjects.pairs.indices.flatMap { pair in
                    layers.indices.map { place in
                        [
                            .int(pair), .int(layers[place]), .number(lens[place].base[pair].margin),
                            .number(lens[place].tuned[pair].margin),
                        ]
                    }
                }))
        outcome.figures = [figure(layers, lens, gains, intervals, table)]
        outcome.checks = try check(subjects.models, subjects.pairs, layers, lens, bindings)
        outcome.notes = [
            "Early layers were never trained to be read by the head: a lens shows when the answer stands in the head's own terms, "
                + "not when it was computed."
        ]
        return outcome
    }

    private struct Layer {
        /// `[pair]`
        var base, tuned: [ResponseLogProbabilities]
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
        return try bindings.fold(work, into: layers.map { _ in Layer(base: [], tuned: []) }) { found, part in
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
        _ models: ModelPair, _ pairs: [PackedPair], _ layers: [Int], _ lens: [Layer], _ bindings: Bindings
    ) throws -> [Check] {
        guard layers.last == models.layers - 1, let last = lens.last else { return [] }
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

    private func figure(
        _ layers: [Int], _ lens: [Layer], _ gains: [[Double]], _ intervals: [Interval?], _ table: Table
    ) -> Figure {
        func series(_ name: String, _ role: Role, _ values: [Double]) -> Series {
            Series(
                name, role: role,
                points: layers.indices.map { Point(x: Double(layers[$0]), y: values[$0], label: "layer \(layers[$0])") }
            )
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
                        points: layers.indices.map {
                            Point(
                                x: Double(layers[$0]), y: gains[$0].mean, lower: intervals[$0]?.lower,
                                upper: intervals[$0]?.upper, label: "layer \(layers[$0])")
                        }),
                    series("tuned", .second, lens.map { $0.tuned.map(\.margin).mean }),
                    series("base", .control, lens.map { $0.base.map(\.margin).mean }),
                ]), data: table)
    }
}
