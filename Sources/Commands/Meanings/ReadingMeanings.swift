import Notebooks

extension ProbeCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("peak.layer", "the layer with the best score"),
            Meaning("peak.score", "its score: R² for gains, accuracy for chosen against rejected"),
            Meaning("length_only", "the score of lengths alone"),
            Meaning("shuffled.largest", "the best score with shuffled labels"),
            Meaning("layers.score", "the cross-validated score"),
            Meaning("layers.shuffled", "the score with shuffled labels"),
            Meaning("layers.length_only", "the score of lengths alone"),
        ]
}

extension TokensCommand {
    /// What each value and column is.
    public static let meanings = [
        Meaning("chosen.difference", "log p(chosen) of the run less the base's", unit: "nats"),
        Meaning("rejected.difference", "log p(rejected) of the run less the base's", unit: "nats"),
        Meaning("largest.token", "the token whose log-probability changed most"),
        Meaning("largest.response", "the response it stands in"),
        Meaning("largest.position", "its position in the response, from 0"),
        Meaning("largest.difference", "its change", unit: "nats"),
        Meaning("tokens.response", "`chosen` or `rejected`"),
        Meaning("tokens.position", "the token's position in the response, from 0"),
        Meaning("tokens.id", "the token's id"),
        Meaning("tokens.token", "the token's text"),
        Meaning("tokens.base", "its log-probability under the base", unit: "nats"),
        Meaning("tokens.run", "its log-probability under the run", unit: "nats"),
        Meaning("tokens.difference", "run less base", unit: "nats"),
    ]
}

extension GenerateCommand {
    /// What each value and column is.
    public static let meanings = [
        Meaning("prompt.tokens", "how many tokens the prompt has"),
        Meaning("answers.run", "the run that answered: `base`, `tuned` or a mixture"),
        Meaning("answers.text", "the answer"),
        Meaning("answers.tokens", "how many tokens it has"),
        Meaning("answers.log_probability", "its log-probability under its own run", unit: "nats"),
    ]
}

extension LogitLensCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("last.gain", "the gain read at the last layer: the models' own", unit: "nats"),
            Meaning("half.layer", "the first layer from which the gain is at least half of that"),
            Meaning("*.base_margin", "the base's margin, read at this layer", unit: "nats"),
            Meaning("*.tuned_margin", "the tuned model's margin, read at this layer", unit: "nats"),
            Meaning("layers.gain", "tuned less base", unit: "nats"),
            Meaning("layers.base_log_probability", "the base's mean log-probability per response token", unit: "nats"),
            Meaning(
                "layers.tuned_log_probability", "the tuned model's mean log-probability per response token",
                unit: "nats"),
        ]
}
