import Notebooks

extension ModelsCommand {
    /// What each value and column is.
    public static let meanings = [
        Meaning("layers", "how many layers (blocks) each model has"),
        Meaning("width", "the width of the residual stream"),
        Meaning("heads", "attention heads per layer"),
        Meaning("vocabulary", "how many tokens the models know"),
        Meaning("parameters", "how many weights the base has"),
        Meaning("changed.layers", "how many layers tuning changed"),
        Meaning("changed.tensors", "how many weight tensors tuning changed"),
        Meaning("changed.layer", "the tensor's layer; nothing for the embedding, the last norm and the head"),
        Meaning("changed.tensor", "the tensor's name"),
        Meaning("changed.delta_norm", "‖ΔW‖, the Frobenius norm of tuned less base"),
        Meaning("changed.relative", "‖ΔW‖ as a share of the base's own norm"),
    ]
}

extension PairsCommand {
    /// What each value and column is.
    public static let meanings =
        Meaning.shared + [
            Meaning("count", "how many pairs later blocks use"),
            Meaning("prompts", "how many different prompts they have"),
            Meaning("fit.count", "pairs on which later blocks choose"),
            Meaning("confirm.count", "pairs on which later blocks judge"),
            Meaning("dropped.count", "rows of the file that were not used"),
            Meaning("tokenizer", "SHA-256 of the tokenizer that read the texts"),
            Meaning("rendered.count", "pairs that the chat template wrote"),
            Meaning(
                "straddled.count",
                "pairs in which one token holds the end of the prompt and the beginning of a response"),
            Meaning("apart.count", "pairs whose responses have other token ids when they are encoded by themselves"),
            Meaning(
                "own_opening.count", "pairs whose text begins with the opening token itself, so that none was added"),
            Meaning("reasons.reason", "why rows were not used"),
            Meaning("reasons.count", "how many rows"),
            Meaning("lengths.prompt.mean", "mean length of prompts", unit: "tokens"),
            Meaning("lengths.chosen.mean", "mean length of chosen responses", unit: "tokens"),
            Meaning("lengths.rejected.mean", "mean length of rejected responses", unit: "tokens"),
            Meaning("*.row", "the row in the file, from 1"),
            Meaning("dropped.reason", "why the row was not used"),
            Meaning("lengths.part", "`prompt`, `chosen` or `rejected`"),
            Meaning("lengths.mean", "mean length", unit: "tokens"),
            Meaning("lengths.median", "median length", unit: "tokens"),
            Meaning("lengths.shortest", "length of the shortest", unit: "tokens"),
            Meaning("lengths.longest", "length of the longest", unit: "tokens"),
            Meaning("*.prompt_tokens", "how many tokens the prompt has"),
            Meaning("*.prompt_ids", "the prompt's token ids"),
            Meaning("*.chosen_ids", "the chosen response's token ids"),
            Meaning("*.rejected_ids", "the rejected response's token ids"),
        ]
}
