#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Interventions

/// What is read off a run's log-probabilities, one number per pair.
public enum Metric: String, CaseIterable, Sendable {
    /// log p(chosen) − log p(rejected), in nats.
    case margin
    /// The same with each response's mean per token.
    case marginPerToken = "margin_per_token"
    /// log p(chosen), in nats.
    case chosen
    /// log p(rejected), in nats.
    case rejected
    /// Whether the margin is above 0.
    case accuracy
    /// −log σ(margin), in nats.
    case loss
    /// The mean KL(tuned ‖ run) over the positions that predict a response token, in nats.
    case divergence = "kl"

    /// `[pair]`
    func values(_ runs: [ResponseLogProbabilities], _ pairs: [PackedPair]) -> [Double] {
        zip(runs, pairs).map { run, pair in
            switch self {
            case .margin: run.margin
            case .marginPerToken:
                run.chosen / Double(pair.chosenTokens) - run.rejected / Double(pair.rejectedTokens)
            case .chosen: run.chosen
            case .rejected: run.rejected
            case .accuracy: run.margin > 0 ? 1 : 0
            case .loss: max(-run.margin, 0) + log1p(exp(-abs(run.margin)))
            case .divergence: run.divergence ?? .nan
            }
        }
    }
}
