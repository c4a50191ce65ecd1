import Interventions
import Transformers

/// The engine's errors in the words of a notebook.
extension PatchError: CustomStringConvertible {
    /// The sentence for the reader.
    public var description: String {
        switch self {
        case .mismatch(let quantity, let base, let tuned):
            "the models cannot be patched into each other: the base has \(quantity) \(base), the tuned model \(tuned)"
        case .noSuchLayer(let layer, let layers):
            "layer \(layer) does not exist: the models have layers 0 to \(layers - 1)"
        case .onlyAt(let layer, let site, let found):
            "site '\(site.rawValue)' is there once, at layer \(layer), not at layer \(found)"
        case .noSuchSite(let site, let layer, let family):
            "layer \(layer) of a \(family) model has no site '\(site.rawValue)'"
        case .noSuchHead(let head, let site, let heads):
            "site '\(site.rawValue)' has no head \(head): it has "
                + (heads == 1 ? "head 0 only" : "heads 0 to \(heads - 1)")
        case .noHead(let site):
            "an edit of site '\(site.rawValue)' names no head, so the patch would do nothing"
        case .wrongWidth(let found, let site, let width):
            "a vector of \(found) numbers does not fit site '\(site.rawValue)', which has \(width)"
        case .wrongDepth(let found, let layers):
            "a route names \(found) blocks, but the models have \(layers)"
        case .emptySelection(let positions, let pair):
            "positions '\(positions.name)' select no token of pair \(pair), so the patch would do nothing"
        case .tooLong(let pair, let tokens, let maximum):
            "pair \(pair) has \(tokens) tokens, more than the \(maximum) the model was made for; set max_tokens"
        case .unknownToken(let token, let pair, let vocabulary):
            "pair \(pair) holds token \(token), but the vocabulary ends at \(vocabulary - 1)"
        case .noOtherPair:
            "the control 'shuffled' takes its donor from another pair, so it needs at least two pairs"
        case .noMixture(let layer):
            "there is no model between the base and the tuned one: "
                + (layer.map { "layer \($0) differs" } ?? "the embeddings or the heads differ")
                + " in sizes or settings, not in numbers alone"
        case .notFinite(let pair, let tensor):
            "pair \(pair) got a log-probability that is not a number"
                + (tensor.map { ": \($0) holds a NaN or an infinity" } ?? "")
        case .stopped: "the run was stopped"
        }
    }
}

extension PatchError.Quantity: CustomStringConvertible {
    /// What stands before the number: `depth`, `a vocabulary of`.
    public var description: String {
        switch self {
        case .depth: "depth"
        case .width: "width"
        case .vocabulary: "a vocabulary of"
        case .site(let site): "at '\(site.rawValue)' a width of"
        }
    }
}
