/// Σ log p of each response's tokens given the prompt, in nats.
public struct ResponseLogProbabilities: Sendable, Equatable {
    /// Of the chosen response, in nats.
    public let chosen: Double
    /// Of the rejected response, in nats.
    public let rejected: Double

    /// Mean of KL(tuned ‖ this run) over the positions that predict a token of either response, in nats; nil where it was not
    /// asked for.
    public let divergence: Double?

    /// Both sums, as a store has kept them.
    public init(chosen: Double, rejected: Double, divergence: Double? = nil) {
        self.chosen = chosen
        self.rejected = rejected
        self.divergence = divergence
    }

    /// log p(chosen) − log p(rejected), in nats.
    public var margin: Double { chosen - rejected }
}

/// log p of each response token given all before it, in nats.
public struct TokenLogProbabilities: Sendable, Equatable {
    /// `[token]` of the chosen response, in nats.
    public let chosen: [Double]
    /// `[token]` of the rejected response, in nats.
    public let rejected: [Double]
    /// KL(tuned ‖ this run) where each token of the chosen, then of the rejected response is predicted, in nats; nil where it was
    /// not asked for.
    public let divergences: [Double]?

    var sums: ResponseLogProbabilities {
        ResponseLogProbabilities(
            chosen: chosen.reduce(0, +), rejected: rejected.reduce(0, +),
            divergence: divergences.map { $0.reduce(0, +) / Double(max($0.count, 1)) })
    }
}

/// What a walk measured: log-probabilities by route and pair.
public struct Margins: Sendable, Equatable {
    /// `[route][pair]`
    public let byRoute: [[ResponseLogProbabilities]]

    /// The margins of one route, a pair each, in nats.
    public func margins(ofRoute route: Int) -> [Double] { byRoute[route].map(\.margin) }
}
