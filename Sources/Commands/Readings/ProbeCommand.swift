import Charts
import Interventions
import Notebooks
import Numerics
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

    static let site = EngineOptions.site("which activation is read")
    static let positions = EngineOptions.positions(default: .response, help: "at which tokens")
    static let layers = Option<IntegerSet>.integers("layers", help: "in which layers, counted from 0")
    static let target = Option.mapping(
        "target", [("gain", true), ("chosen", false)], default: "gain",
        help:
            "'gain': the pair's reward gain, by ridge regression, scored by R²; 'chosen': which of the two responses it is, by logistic "
            + "regression, scored by accuracy")
    static let model = Option.choice(
        "model", Activations.self, default: .tuned,
        help: "whose activations are read: either model's, or tuned minus base")
    static let pool = Option.mapping(
        "pool", [("mean", false), ("last", true)], default: "mean",
        help: "over a response's tokens: their mean, or the last")
    static let folds = Option<Int>.int(
        "folds", in: 2...50, default: 5,
        help:
            "how many folds: a probe is fitted on all but one and scored on that one; pairs of one prompt share a fold")
    static let shuffles = Option<Int>.int(
        "shuffles", in: 1...100, default: 3, help: "how often the labels are permuted at random for the baseline")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        layers
        target
        model
        pool
        folds
        shuffles
    }

    private let subjects: Subjects
    private let site: Site
    private let positions: Positions
    private let layers: IntegerSet
    private let isGain: Bool
    private let model: Activations
    private let takesLast: Bool
    private let folds: Int
    private let shuffles: Int

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        site = try arguments.value(Self.site)
        positions = try arguments.value(Self.positions)
        layers = try arguments.value(Self.layers)
        isGain = try arguments.value(Self.target)
        model = try arguments.value(Self.model)
        takesLast = try arguments.value(Self.pool)
        folds = try arguments.value(Self.folds)
        shuffles = try arguments.value(Self.shuffles)
    }

    private static let values = OutputValues<[LayerScore]> {
        Output("peak.layer", "the layer with the best score") { peak(of: $0)?.layer }
        Output("peak.score", "its score: R² for gains, accuracy for chosen against rejected") {
            peak(of: $0)?.found.score
        }
        Output("length_only", "the score of lengths alone") { $0.first?.lengthOnly }
        Output("shuffled.largest", "the best score with shuffled labels") { $0.map(\.found.shuffled).max() }
    }

    private static let table = OutputTable<LayerScore>("layers") {
        Output.layer { $0.layer }
        Output("score", "the cross-validated score") { $0.found.score }
        Output.ends { $0.found.interval }
        Output("shuffled", "the score with shuffled labels") { $0.found.shuffled }
        Output("length_only", "the score of lengths alone") { $0.lengthOnly }
    }

    /// The first layer with the best score.
    private static func peak(of layers: [LayerScore]) -> LayerScore? {
        layers.max { $0.found.score < $1.found.score }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        EngineOptions.problems(layers, of: subjects.models, arguments)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.load(self.subjects)
        let layers = try EngineOptions.layers(layers, of: subjects.models)
        let features = try read(subjects, layers, bindings)
        let gains: [Double]
        if isGain {
            let margins = try bindings.margins(
                of: Source.allCases.map { Route(clean: $0, layers: subjects.models.layers) }, in: subjects.models,
                over: subjects.pairs)
            gains = zip(margins.margins(ofRoute: 1), margins.margins(ofRoute: 0)).map { $0 - $1 }
        } else {
            gains = []
        }
        let trial = ProbeTrial(
            pairs: subjects.pairs, gains: gains, folds: folds, shuffles: shuffles, seed: bindings.seed)
        var outcome = Outcome()
        do {
            let length = try trial.lengthOnly()
            let scores = try Self.allOrThrow(
                Workers(count: bindings.resources.threads).map(layers.count) { place in
                    Result { try trial.score(features[place]) }
                })
            let byLayer = zip(layers, scores).map { LayerScore(layer: $0, found: $1, lengthOnly: length) }
            outcome.set(Self.values, of: byLayer)
            outcome.figures = [figure(byLayer, outcome.add(Self.table, byLayer), length)]
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

    private static func allOrThrow(_ results: [Result<ProbeTrial.Score, any Error>]) throws -> [ProbeTrial.Score] {
        try results.map { try $0.get() }
    }

    private func figure(_ layers: [LayerScore], _ table: Table, _ length: Double) -> Figure {
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
                                    x: Double($0.layer), y: $0.found.score, lower: $0.found.interval?.lower,
                                    upper: $0.found.interval?.upper, label: "layer \($0.layer)")
                            }),
                        Series(
                            "shuffled labels", role: .control,
                            points: layers.map { Point(x: Double($0.layer), y: $0.found.shuffled) }),
                    ], references: [LineChart.Reference(length, label: "length only")]), data: table)
    }

    /// Pooled activations of both responses, `[layer]`: rows are pairs, chosen less rejected, for the gain, else the responses.
    ///
    /// What is kept of a unit is what the probes are fitted on and no more: one row per pair and layer for the gain, else two.
    private func read(
        _ subjects: (models: ModelPair, pairs: [PackedPair], halves: Halves), _ layers: [Int], _ bindings: Bindings
    ) throws -> [DoubleMatrix] {
        let (pairs, sides) = (subjects.pairs, isGain ? 1 : 2)
        let work = Work(
            name: "features", noun: "pairs read", over: pairs,
            read: { range, bytes in
                KeptDoubles.numbers(bytes).flatMap { $0.count % (layers.count * range.count * sides) == 0 ? $0 : nil }
                    .map { Features(numbers: $0, rows: range.count * sides) }
            },
            write: { KeptDoubles.bytes($0.numbers) },
            run: { range, _ in
                let numbers = try read(
                    subjects.models, Array(pairs[range]), first: range.lowerBound, layers, bindings.resources)
                return Features(numbers: numbers, rows: range.count * sides)
            })
        return try bindings.fold(work, into: layers.map { _ in [[Double]]() }) { rows, part in
            let width = part.numbers.count / (layers.count * part.rows)
            for number in 0..<layers.count * part.rows {
                rows[number / part.rows].append(Array(part.numbers[number * width..<(number + 1) * width]))
            }
        }.map { DoubleMatrix(rows: $0) }
    }

    /// One unit's features, `rows` rows per layer.
    private struct Features {
        let numbers: [Double]
        let rows: Int
    }

    /// One unit's rows, a layer after another.
    private func read(
        _ models: ModelPair, _ group: [PackedPair], first: Int, _ layers: [Int], _ resources: Resources
    ) throws -> [Double] {
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        var pooled = layers.map { _ in [[[Double]?]](repeating: [nil, nil], count: group.count) }
        try Walk(models, threads: resources.threads, memory: resources.memory).read(
            [Capture(site: site, layers: layers, positions: positions)], over: group
        ) { reading in
            guard let layer = place[reading.layer] else { return }
            for (side, isChosen) in [(0, true), (1, false)] {
                // What a prompt holds is the same for both responses.
                let rows = reading.rows.indices.filter {
                    reading.rows[$0].isChosen == isChosen || reading.rows[$0].isChosen == nil
                }
                let kept = takesLast ? rows.suffix(1) : rows[...]
                guard !kept.isEmpty else { continue }
                pooled[layer][reading.pair][side] = (0..<reading.width).map { column in
                    kept.reduce(0) { $0 + value(reading, $1 * reading.width + column) } / Double(kept.count)
                }
            }
        }
        return try pooled.flatMap { layer in
            try layer.enumerated().flatMap { pair, sides in
                guard let chosen = sides[0], let rejected = sides[1] else {
                    throw CommandError("positions '\(positions.name)' select no token of pair \(first + pair)")
                }
                return isGain ? zip(chosen, rejected).map { $0 - $1 } : chosen + rejected
            }
        }
    }

    /// Whose activations are read.
    enum Activations: String, CaseIterable, Sendable {
        case base, tuned, difference
    }

    private func value(_ reading: Reading, _ index: Int) -> Double {
        switch model {
        case .base: Double(reading.base[index])
        case .tuned: Double(reading.tuned[index])
        case .difference: Double(reading.tuned[index]) - Double(reading.base[index])
        }
    }
}

/// A layer's score, beside the score of lengths alone.
private struct LayerScore: Sendable {
    let layer: Int
    let found: ProbeTrial.Score
    let lengthOnly: Double
}
