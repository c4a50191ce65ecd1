import Interventions

/// A token of a response, with its log-probability under the base and under another run, in nats.
public struct TokenChange: Sendable {
    /// From 0 at the prompt's first token.
    public let position: Int
    /// The token.
    public let id: Int
    /// Its log-probability under each.
    public let base, run: Double

    /// What the run changed.
    public var difference: Double { run - base }
}

/// Where a run's log-probabilities diverge from the base's, token by token of one pair.
public struct TokenChanges: Sendable {
    /// Of both responses.
    public let chosen, rejected: [TokenChange]

    /// Compares a run with the base on one pair.
    /// - Throws: `PatchError`.
    public init(_ pair: PackedPair, under run: ModelRun, in context: some RunContext) throws {
        let base = Route(clean: .base, layers: run.models.layers)
        let found = try context.walk(run.models).tokens([base, run.route], over: [pair]).map { $0[0] }
        func changes(_ ids: [Int], _ values: KeyPath<TokenLogProbabilities, [Double]>) -> [TokenChange] {
            ids.indices.map { place in
                TokenChange(
                    position: pair.prompt.count + place, id: ids[place], base: found[0][keyPath: values][place],
                    run: found[1][keyPath: values][place])
            }
        }
        chosen = changes(pair.chosen, \.chosen)
        rejected = changes(pair.rejected, \.rejected)
    }
}
