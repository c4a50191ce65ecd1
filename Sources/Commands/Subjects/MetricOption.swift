import Experiments
import Notebooks

extension Metric {
    static let option = Option.choice(
        "metric", Metric.self, default: .margin,
        help: "what is compared: log p(chosen) − log p(rejected), the same per token, either log p alone, "
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
}
