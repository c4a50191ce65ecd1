import Interventions
import Statistics

/// More than two models in a row, each tuned from the one before: what every transition did, and that all of them are the whole.
public struct Lineage: Sendable {
    /// From one model to the next.
    public struct Transition: Sendable {
        /// Its name.
        public let name: String
        /// Cumulative patches in both directions: steps and interactions.
        public let hybrids: PatchEffects
        /// Shares of the layers, averaged over orders.
        public let shares: PatchEffects
        /// Over pairs; the recovery is its share of the whole gain.
        public fileprivate(set) var gain: EffectStatistics.Row?
    }

    /// In the order of the models.
    public private(set) var transitions: [Transition]
    /// From the first model to the last, over pairs.
    public let whole: (mean: Double, interval: Interval?)
    /// The largest difference, in nats, between a pair's margin after one transition and before the next.
    public let seam: Double

    /// Runs all transitions.
    /// - Parameters:
    ///   - steps: each transition's name and its two models, in a row.
    ///   - orders: of the layers, for Shapley shares.
    ///   - negligible: effects within ± this count as nothing.
    /// - Throws: `PatchError`, and what keeps parts from being kept.
    public init(
        _ steps: [(name: String, models: ModelPair)], _ pairs: [PackedPair], orders: Int, halves: Halves,
        negligible: Double, in context: some RunContext
    ) throws {
        let clusters = pairs.map(\.cluster)
        transitions = try context.each(Array(steps.enumerated())) { number, step in
            func effects(_ estimand: Estimand) throws -> PatchEffects {
                var request = PatchRequest(layers: Array(0..<step.models.layers))
                request.estimand = estimand
                request.orders = orders
                request.negligible = negligible
                if estimand == .shapley { request.directions = [.tunedToBase] }
                return try PatchResult(
                    request, step.models, pairs, halves: halves,
                    in: NamedContext(whole: context, name: "\(number) \(estimand.rawValue)")
                ).effects
            }
            let both = try context.both({ try effects(.patch) }, { try effects(.shapley) })
            return Transition(name: step.name, hybrids: both.0, shares: both.1)
        }
        let measures = transitions.map(\.hybrids.measures)
        seam =
            zip(measures, measures.dropFirst()).flatMap { before, after in
                zip(before.tuned, after.base).map { abs($0 - $1) }
            }.max() ?? 0
        let gain = (measures.last?.tuned ?? []).minus(measures.first?.base ?? [])
        let found = EffectStatistics(clusters: clusters, negligible: negligible, seed: context.seed).rows(
            measures.map(\.gain), gain: gain, families: [Array(measures.indices)])
        for place in transitions.indices { transitions[place].gain = found[place] }
        whole = (
            gain.mean,
            ClusterBootstrap(seed: context.seed).means(of: ClusteredValues(gain, clusters: clusters))[0]
        )
    }

    /// By how much the gains of all transitions miss that of the whole, in nats.
    public var missing: Double {
        transitions.reduce(0) { $0 + $1.hybrids.measures.gain.mean } - whole.mean
    }
}
