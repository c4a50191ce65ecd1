import Notebooks

extension Meaning {
    /// What many commands hand on under the same names.
    static let shared = [
        Meaning("*.pair", "the pair's number, from 0"),
        Meaning("*.prompt_number", "the number of the pair's prompt; pairs of one prompt share it"),
        Meaning("*.split", "`fit` for pairs that choose, `confirm` for pairs that judge"),
        Meaning("*.layer", "the layer, from 0"),
        Meaning("*.lower", "the lower end of the 95 % interval, over prompts"),
        Meaning("*.upper", "the upper end of the 95 % interval, over prompts"),
        Meaning("*.chosen_tokens", "how many tokens the chosen response has"),
        Meaning("*.rejected_tokens", "how many tokens the rejected response has"),
    ]
}
