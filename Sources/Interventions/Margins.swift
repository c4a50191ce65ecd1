/// Σ log p of each response's tokens given the prompt, in nats.
public struct ResponseLogProbabilities: Sendable, Equatable {
    /// Of the chosen response, in nats.
    public let chosen: Double
    /// Of the rejected response, in nats.
    public let rejected: Double

    /// log p(chosen) − log p(rejected), in nats.
    public var margin: Double { chosen - rejected }
}

/// What a walk measured: log-probabilities by route and pair.
public struct Margins: Sendable, Equatable {
    /// `[route][pair]`
    public let byRoute: [[ResponseLogProbabilities]]

    /// The margins of one route, a pair each, in nats.
    public func margins(ofRoute route: Int) -> [Double] { byRoute[route].map(\.margin) }
}
