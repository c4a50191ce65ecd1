import Interventions
import Numerics
import Statistics
import Transformers

/// Each layer's residual stream read by the model's own final norm and head, as if it were the last (nostalgebraist 2020).
public struct LogitLens: Sendable {
    /// What both models would say of the pairs if a layer were their last.
    public struct Layer: Sendable {
        /// The layer, from 0.
        public let layer: Int
        /// `[pair]`
        public fileprivate(set) var base: [ResponseLogProbabilities] = []
        /// `[pair]`
        public fileprivate(set) var tuned: [ResponseLogProbabilities] = []
        /// Of the mean gain, over prompts.
        public fileprivate(set) var interval: Interval?

        /// Tuned margin minus base margin, `[pair]`, in nats.
        public var gains: [Double] { zip(tuned, base).map { $0.margin - $1.margin } }
    }

    /// One for each layer asked for.
    public private(set) var layers: [Layer]
    /// The models' last layer; nil where it was not asked for.
    public let last: Layer?
    /// The largest difference between a margin read at the last layer and the model's own, in nats; nil where that layer was not
    /// asked for.
    public let difference: Double?

    /// Reads layers.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], layers numbers: [Int], in context: some RunContext
    ) throws {
        let isWhole = numbers.last == models.layers - 1
        let read = try context.both(
            { try Self.read(models, pairs, numbers, context) },
            { isWhole ? try context.cleanMargins(models, over: pairs) : nil })
        layers = read.0
        let intervals = ClusterBootstrap(seed: context.seed).means(
            of: ClusteredValues(layers.map(\.gains), clusters: pairs.map(\.cluster)))
        for place in layers.indices { layers[place].interval = intervals[place] }
        last = isWhole ? layers.last : nil
        guard let last, let margins = read.1 else {
            difference = nil
            return
        }
        let differences = zip([last.base, last.tuned], margins.byRoute).flatMap { lens, own in
            zip(lens, own).map { abs($0.margin - $1.margin) }
        }
        difference = differences.max() ?? 0
    }

    /// The first layer from which the gain is at least half of the last layer's.
    public var half: Layer? {
        guard let last, last.gains.mean != 0 else { return nil }
        return layers.first { abs($0.gains.mean) >= abs(last.gains.mean) / 2 }
    }

    private static func read(
        _ models: ModelPair, _ pairs: [PackedPair], _ layers: [Int], _ context: some RunContext
    ) throws -> [Layer] {
        // A layer of the unit after another, and in each the base's sums before the tuned model's: routes of `KeptDoubles`.
        let work = Work(
            name: "lens", over: pairs,
            read: { KeptDoubles.logProbabilities($1, pairs: layers.count * 2, routes: $0.count) },
            write: { KeptDoubles.bytes($0.joined().flatMap { [$0.chosen, $0.rejected] }) },
            cost: { range in
                let tokens = pairs[range].reduce(0) { $0 + $1.chosenTokens + $1.rejectedTokens }
                let shape = models.base.shape
                var cost = context.cost(of: capture(layers), in: models, over: pairs)(range)
                cost.operations += 2 * 2 * tokens * layers.count * shape.width * shape.vocabulary
                return cost
            },
            run: { range, _ in try sums(models, Array(pairs[range]), layers, context) })
        return try context.fold(work, into: layers.map { Layer(layer: $0) }) { found, part in
            for place in layers.indices {
                found[place].base += part[2 * place]
                found[place].tuned += part[2 * place + 1]
            }
        }
    }

    private static func capture(_ layers: [Int]) -> Capture {
        Capture(site: .residualPost, layers: layers, positions: .all)
    }

    /// One unit's sums, `[layer and model][pair]`: of each layer the base's, then the tuned model's.
    private static func sums(
        _ models: ModelPair, _ group: [PackedPair], _ layers: [Int], _ context: some RunContext
    ) throws -> [[ResponseLogProbabilities]] {
        let nothing = group.map { _ in ResponseLogProbabilities(chosen: 0, rejected: 0) }
        var found = layers.flatMap { _ in [nothing, nothing] }
        let place = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
        let workspace = Workspace(Workers(count: context.threads))
        try context.walk(models).read(
            [capture(layers)], over: group
        ) { reading in
            guard let layer = place[reading.layer] else { return }
            found[2 * layer][reading.pair] = sum(reading, .base, models, workspace)
            found[2 * layer + 1][reading.pair] = sum(reading, .tuned, models, workspace)
        }
        return found
    }

    /// Sums of what each row says of the response token after it.
    private static func sum(
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
}
