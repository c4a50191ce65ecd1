import Interventions
import Statistics

/// One pair under both models.
public struct PairScore: Sendable {
    /// The pair's number among those scored.
    public let number: Int
    /// The pair.
    public let pair: PackedPair
    /// What each model says of its responses, in nats or nats per token.
    public let base, tuned: ResponseLogProbabilities

    /// The tuned model's margin minus the base's.
    public var gain: Double { tuned.margin - base.margin }
}

/// The margins of both models over pairs, without any patch.
public struct PairScores: Sendable {
    /// One for each pair, in their order.
    public let pairs: [PairScore]
    /// What the gain owes to length.
    public let byLength: GainByLength
    /// How many pairs were also run with one sequence for each response, and the largest difference per token that this made, in nats.
    public let packing: (pairs: Int, difference: Double)
    /// The prompt of each pair, `[pair]`.
    public let clusters: [Int]
    private let seed: UInt64

    /// Scores pairs.
    /// - Parameter isPerToken: whether log-probabilities are means per token rather than sums.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], isPerToken: Bool, in context: some RunContext
    ) throws {
        let margins = try context.cleanMargins(models, over: pairs)
        func score(_ found: ResponseLogProbabilities, _ pair: PackedPair) -> ResponseLogProbabilities {
            ResponseLogProbabilities(
                chosen: found.chosen / (isPerToken ? Double(pair.chosenTokens) : 1),
                rejected: found.rejected / (isPerToken ? Double(pair.rejectedTokens) : 1))
        }
        self.pairs = pairs.indices.map { index in
            PairScore(
                number: index, pair: pairs[index], base: score(margins.byRoute[0][index], pairs[index]),
                tuned: score(margins.byRoute[1][index], pairs[index]))
        }
        clusters = pairs.map(\.cluster)
        seed = context.seed
        byLength = GainByLength(self.pairs.map(\.gain), pairs: pairs, bootstrap: ClusterBootstrap(seed: seed))
        packing = try Self.packing(models, pairs, margins, context)
    }

    /// Means over pairs with their intervals over prompts.
    public func means(of quantities: [(PairScore) -> Double]) -> [(mean: Double, interval: Interval?)] {
        let columns = quantities.map { pairs.map($0) }
        let intervals = ClusterBootstrap(seed: seed).means(of: ClusteredValues(columns, clusters: clusters))
        return zip(columns, intervals).map { ($0.mean, $1) }
    }

    /// Identity 7 of `docs/method.md` on the first pairs: a prompt packed with both responses against one sequence a response.
    private static func packing(
        _ models: ModelPair, _ pairs: [PackedPair], _ margins: Margins, _ context: some RunContext
    ) throws -> (pairs: Int, difference: Double) {
        let checked = Array(pairs.prefix(4))
        let apart = checked.flatMap { [$0.onlyChosen, $0.onlyRejected] }
        let alone = try context.walk(models).run([Route(clean: .base, layers: models.layers)], over: apart)
        let differences = checked.indices.flatMap { index in
            let packed = margins.byRoute[0][index]
            return [
                abs(alone.byRoute[0][2 * index].chosen - packed.chosen) / Double(checked[index].chosenTokens),
                abs(alone.byRoute[0][2 * index + 1].rejected - packed.rejected) / Double(checked[index].rejectedTokens),
            ]
        }
        return (checked.count, differences.max() ?? 0)
    }
}
