#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Interventions
import Notebooks

/// What is read off a run's log-probabilities, a number a pair.
enum Metric: String, CaseIterable, Sendable {
    case margin
    case marginPerToken = "margin_per_token"
    case chosen
    case rejected
    case accuracy
    case loss
    case divergence = "kl"

    static let option = Option.choice(
        "metric", Metric.self, default: .margin,
        help: "what is compared: log p(chosen) − log p(rejected), the same a token, either log p alone, "
            + "whether the margin is above 0, −log σ(margin), or the mean KL(tuned ‖ run) over the positions that predict a "
            + "response token")

    /// The metric's unit, for axes.
    var unit: String {
        switch self {
        case .margin, .chosen, .rejected, .loss, .divergence: "nats"
        case .marginPerToken: "nats per token"
        case .accuracy: "share of pairs"
        }
    }

    /// The metric's name, for titles.
    var words: String {
        switch self {
        case .margin: "margin"
        case .marginPerToken: "margin per token"
        case .chosen: "log p(chosen)"
        case .rejected: "log p(rejected)"
        case .accuracy: "accuracy"
        case .loss: "loss"
        case .divergence: "KL from the tuned model"
        }
    }

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
