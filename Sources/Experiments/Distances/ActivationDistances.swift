import Interventions
import Statistics
import Transformers

/// How far apart the two models' activations are at one site, pair by pair and layer by layer.
public struct ActivationDistances: Sendable {
    /// How far apart two activations are.
    public enum Measure: String, CaseIterable, Sendable {
        /// ‖Δ‖
        case l2
        /// ‖Δ‖ over the base's ‖h‖.
        case relative
        /// 1 − cosine.
        case cosine
        /// Δ along the mean difference of the fit pairs, with its sign.
        case projection
    }

    /// How a pair's tokens become one number.
    public enum Pool: String, CaseIterable, Sendable {
        /// Their mean.
        case mean
        /// The largest in size.
        case max
        /// The mean of the last of each response.
        case last
    }

    /// The distances at one layer.
    public struct Layer: Sendable {
        /// The layer, from 0.
        public let layer: Int
        /// `[pair]`
        public let byPair: [Double]
        /// Of the mean, over prompts.
        public let interval: Interval?
    }

    private let models: ModelPair
    private let capture: Capture
    private let measure: Measure
    private let pool: Pool

    /// Distances at a site; nothing runs yet.
    public init(
        _ models: ModelPair, site: Site, layers: [Int], positions: Positions, measure: Measure, pool: Pool
    ) {
        self.models = models
        capture = Capture(site: site, layers: layers, positions: positions)
        self.measure = measure
        self.pool = pool
    }

    private var layers: [Int] { capture.layers }

    /// The distances of pairs at each layer.
    /// - Parameter fit: places of the pairs whose mean difference a projection is on.
    /// - Throws: ``ExperimentError/emptySelection(_:pair:)``, `PatchError`, and what keeps parts from being kept.
    public func layers(of pairs: [PackedPair], fit: [Int], in context: some RunContext) throws -> [Layer] {
        let distances = try read(pairs, fit: fit, context)
        let intervals = ClusterBootstrap(seed: context.seed).means(
            of: ClusteredValues(distances, clusters: pairs.map(\.cluster)))
        return layers.indices.map { Layer(layer: layers[$0], byPair: distances[$0], interval: intervals[$0]) }
    }

    /// `[layer][pair]`
    private func read(_ pairs: [PackedPair], fit: [Int], _ context: some RunContext) throws -> [[Double]] {
        guard measure == .projection else { return try read(pairs, along: [:], context) }
        return try context.after({ try directions(pairs.at(fit), context) }, standIn: { [:] }) {
            try read(pairs, along: $0, context)
        }
    }

    /// - Parameter unit: directions of length 1, by layer.
    private func read(
        _ pairs: [PackedPair], along unit: [Int: [Double]], _ context: some RunContext
    ) throws -> [[Double]] {
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        // A layer of the unit after another.
        let work = Work(
            name: "distances", over: pairs,
            read: { KeptDoubles.numbers($1, count: layers.count * $0.count) },
            write: KeptDoubles.bytes, cost: context.cost(of: capture, in: models, over: pairs)
        ) { range, _ in
            var values = [Double](repeating: .nan, count: layers.count * range.count)
            try context.walk(models).read([capture], over: Array(pairs[range])) { reading in
                guard let layer = place[reading.layer] else { return }
                let rows = reading.rows.indices.map { distance(reading, $0, unit[reading.layer]) }
                values[layer * range.count + reading.pair] = pooled(rows, reading.rows)
            }
            return values
        }
        let found = try context.fold(work, into: layers.map { _ in [Double]() }) { found, part in
            let count = part.count / max(layers.count, 1)
            for layer in layers.indices { found[layer] += part[layer * count..<(layer + 1) * count] }
        }
        if let pair = pairs.indices.first(where: { found.first?[$0].isNaN == true }) {
            throw ExperimentError.emptySelection(capture.positions, pair: pair)
        }
        return found
    }

    /// The mean differences, of length 1, by layer.
    private func directions(_ pairs: [PackedPair], _ context: some RunContext) throws -> [Int: [Double]] {
        let reader = DifferenceReader(models: models, site: capture.site, positions: capture.positions)
        return try reader.means(layers: layers, over: pairs, context).mapValues { mean in
            let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length == 0 ? mean : mean.map { $0 / length }
        }
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
