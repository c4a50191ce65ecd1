import Charts
import Interventions
import Notebooks
import Statistics
import Transformers
import Values

/// `{distances}`: how far apart the two models' activations are, pair by pair and layer by layer.
public struct DistancesCommand: Command {
    /// The name in the fence.
    public static let name = "distances"
    /// One line of help.
    public static let summary = "Measures how far tuning moved each pair's activations, layer by layer."

    static let site = EngineOptions.site("which activation is compared")
    static let positions = EngineOptions.positions(help: "at which tokens; 'pool' makes one number of a pair's")
    static let layers = Option<IntegerSet>.integers("layers", help: "in which layers, counted from 0")
    static let measure = Option.choice(
        "measure", Measure.self, default: .l2,
        help: "‖Δ‖, ‖Δ‖ over the base's ‖h‖, 1 − cosine, or Δ along the mean difference of the fit pairs, with its sign"
    )
    static let pool = Option.choice(
        "pool", Pool.self, default: .mean,
        help: "over a pair's tokens: their mean, the largest in size, or the last of each response")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        layers
        measure
        pool
    }

    let subjects: Subjects
    private let site: Site
    private let positions: Positions
    private let layers: IntegerSet
    private let measure: Measure
    private let pool: Pool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        site = try arguments.value(Self.site)
        positions = try arguments.value(Self.positions)
        layers = try arguments.value(Self.layers)
        measure = try arguments.value(Self.measure)
        pool = try arguments.value(Self.pool)
    }

    private static let values = OutputValues<LayerDistances> {
        Output("largest.layer", "the layer with the largest mean distance") { $0.layer }
        Output("largest.distance", "its mean distance") { $0.byPair.mean }
    }

    private static let layerTable = OutputTable<LayerDistances>("layers") {
        Output.layer { $0.layer }
        Output("distance", "the mean distance between the two models' activations") { $0.byPair.mean }
        Output.ends { $0.interval }
    }

    private static let pairTable = OutputTable<PairDistance>("pairs") {
        Output.pair { $0.pair }
        Output.layer { $0.layer }
        Output("distance", "the pair's distance between the two models' activations") { $0.distance }
        Output.prompt { $0.prompt }
        Output.split { $0.split }
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
        let reader = DistanceReader(
            models: subjects.models, site: site, layers: layers, positions: positions, measure: measure, pool: pool,
            bindings: bindings)
        let distances = try reader.read(subjects.pairs, fit: subjects.halves.fit)
        let clusters = subjects.pairs.map(\.cluster)
        let intervals = ClusterBootstrap(seed: bindings.seed).means(of: ClusteredValues(distances, clusters: clusters))
        let byLayer = layers.indices.map {
            LayerDistances(layer: layers[$0], byPair: distances[$0], interval: intervals[$0])
        }
        var outcome = Outcome()
        outcome.set(Self.values, of: PatchEffects.largest(byLayer) { $0.byPair.mean })
        let table = outcome.add(Self.layerTable, byLayer)
        outcome.add(
            Self.pairTable,
            subjects.pairs.indices.flatMap { pair in
                byLayer.map {
                    PairDistance(
                        pair: pair, layer: $0.layer, distance: $0.byPair[pair], prompt: clusters[pair],
                        split: subjects.halves.name(of: pair))
                }
            })
        outcome.figures = [figure(byLayer, table)]
        if measure == .projection, let note = subjects.halves.note("The direction of 'projection' was") {
            outcome.notes.append(note)
        }
        return outcome
    }

    private func figure(_ layers: [LayerDistances], _ table: Table) -> Figure {
        Figure(
            name: "distances", title: "How far tuning moved \(site.rawValue), by layer",
            description: "The mean over pairs of \(measure.words), with 95 % intervals over prompts.",
            chart: LineChart(
                x: Axis("layer", isWhole: true), y: Axis(measure.words, includesZero: true),
                series: [
                    Series(
                        measure.words, role: .effect,
                        points: layers.map {
                            Point(
                                x: Double($0.layer), y: $0.byPair.mean, lower: $0.interval?.lower,
                                upper: $0.interval?.upper, label: "layer \($0.layer)")
                        })
                ]), data: table)
    }

    /// How far apart two activations are.
    enum Measure: String, CaseIterable, Sendable {
        case l2, relative, cosine, projection

        var words: String {
            switch self {
            case .l2: "‖Δ‖"
            case .relative: "‖Δ‖ / ‖h‖"
            case .cosine: "1 − cosine"
            case .projection: "Δ along the mean difference"
            }
        }
    }

    /// How a pair's tokens become one number.
    enum Pool: String, CaseIterable, Sendable {
        case mean, max, last
    }
}

/// The distances at one layer.
private struct LayerDistances: Sendable {
    let layer: Int
    /// `[pair]`
    let byPair: [Double]
    let interval: Interval?
}

/// A pair's distance at one layer.
private struct PairDistance: Sendable {
    let pair: Int
    let layer: Int
    let distance: Double
    let prompt: Int
    let split: String
}

/// Reads distances off the clean runs.
struct DistanceReader {
    let models: ModelPair
    let site: Site
    let layers: [Int]
    let positions: Positions
    let measure: DistancesCommand.Measure
    let pool: DistancesCommand.Pool
    let bindings: Bindings

    /// `[layer][pair]`
    /// - Parameter fit: places of the pairs whose mean difference a projection is on.
    func read(_ pairs: [PackedPair], fit: [Int]) throws -> [[Double]] {
        let unit = measure == .projection ? try directions(fit.map { pairs[$0] }) : [:]
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        // A layer of the unit after another.
        let work = Work(
            name: "distances", over: pairs, read: { KeptDoubles.numbers($1, count: layers.count * $0.count) },
            write: KeptDoubles.bytes
        ) { range, _ in
            var values = [Double](repeating: .nan, count: layers.count * range.count)
            try walk(Array(pairs[range])) { reading in
                guard let layer = place[reading.layer] else { return }
                let rows = reading.rows.indices.map { distance(reading, $0, unit[reading.layer]) }
                values[layer * range.count + reading.pair] = pooled(rows, reading.rows)
            }
            return values
        }
        let found = try bindings.fold(work, into: layers.map { _ in [Double]() }) { found, part in
            let count = part.count / max(layers.count, 1)
            for layer in layers.indices { found[layer] += part[layer * count..<(layer + 1) * count] }
        }
        if let pair = pairs.indices.first(where: { found.first?[$0].isNaN == true }) {
            throw CommandError(
                "positions '\(positions.name)' select no token of pair \(pair), so there is nothing to measure")
        }
        return found
    }

    /// The mean differences, of length 1, by layer.
    private func directions(_ pairs: [PackedPair]) throws -> [Int: [Double]] {
        let work = Work(
            name: "direction", noun: "pairs for the direction", over: pairs, most: 64,
            read: { _, bytes in KeptDoubles.numbers(bytes) }, write: KeptDoubles.bytes
        ) { range, progress in
            var sums = layers.map { _ in [Double]() }
            try walk(Array(pairs[range]), progress: progress) { reading in
                guard let place = layers.firstIndex(of: reading.layer) else { return }
                if sums[place].isEmpty { sums[place] = Array(repeating: 0, count: reading.width) }
                for (index, value) in reading.tuned.enumerated() {
                    sums[place][index % reading.width] += Double(value) - Double(reading.base[index])
                }
            }
            return Array(sums.joined())
        }
        let numbers = try bindings.fold(work, into: [Double]()) { total, part in
            total = total.isEmpty ? part : zip(total, part).map(+)
        }
        let width = numbers.count / max(layers.count, 1)
        let sums = layers.indices.map { Array(numbers[$0 * width..<($0 + 1) * width]) }
        return Dictionary(uniqueKeysWithValues: zip(layers, sums)).filter { !$0.value.isEmpty }.mapValues { sum in
            let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length == 0 ? sum : sum.map { $0 / length }
        }
    }

    private func walk(
        _ pairs: [PackedPair], progress: (Int) -> Void = { _ in }, _ body: (Reading) -> Void
    ) throws {
        try Walk(models, threads: bindings.resources.threads, memory: bindings.resources.memory).read(
            [Capture(site: site, layers: layers, positions: positions)], over: pairs, progress: progress, body: body)
    }

    private func distance(_ reading: Reading, _ row: Int, _ direction: [Double]?) -> Double {
        var (difference, base, tuned, both, along) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for column in 0..<reading.width {
            let index = row * reading.width + column
            let (b, t) = (Double(reading.base[index]), Double(reading.tuned[index]))
            difference += (t - b) * (t - b)
            base += b * b
            tuned += t * t
            both += b * t
            along += (t - b) * (direction?[column] ?? 0)
        }
        switch measure {
        case .l2: return difference.squareRoot()
        case .relative: return base == 0 ? 0 : (difference / base).squareRoot()
        case .cosine: return difference == 0 || base == 0 || tuned == 0 ? 0 : 1 - both / (base * tuned).squareRoot()
        case .projection: return along
        }
    }

    private func pooled(_ values: [Double], _ rows: [Reading.Row]) -> Double {
        guard !values.isEmpty else { return .nan }
        switch pool {
        case .mean: return values.mean
        case .max: return values.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
        case .last:
            let ends = [true, false].compactMap { side in rows.lastIndex { $0.isChosen == side } }
            return ends.isEmpty ? values[values.count - 1] : ends.map { values[$0] }.mean
        }
    }
}
