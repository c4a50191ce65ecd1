/// Why a plan cannot be walked.
public enum PatchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Two models that cannot be patched into each other: a quantity, and what each has.
    case mismatch(quantity: String, base: Int, tuned: Int)
    /// An edit at a layer that the models do not have.
    case noSuchLayer(Int, layers: Int)
    /// A site that is there once, at one end of the model, at another layer.
    case onlyAt(layer: Int, site: String, found: Int)
    /// A site that the models' family does not have.
    case noSuchSite(String, layer: Int, family: String)
    /// Heads that a site does not have; `nil` where none is named.
    case noSuchHead(Int?, site: String, heads: Int)
    /// A given vector or basis of another width than what it is to change.
    case wrongWidth(Int, site: String, width: Int)
    /// A route that names a source for more or fewer blocks than there are.
    case wrongDepth(Int, layers: Int)
    /// An edit that selects no position of a pair: it would do nothing, silently.
    case emptySelection(positions: String, pair: Int)
    /// A pair that is longer than the models were made for.
    case tooLong(pair: Int, tokens: Int, maximum: Int)
    /// A token that the vocabulary does not have.
    case unknownToken(Int, pair: Int, vocabulary: Int)
    /// A donor from another pair where there is no other pair.
    case noOtherPair
    /// A log-probability that is no number, and the weight to blame where one is.
    case notFinite(pair: Int, tensor: String?)

    /// The sentence for the reader.
    public var description: String {
        switch self {
        case .mismatch(let quantity, let base, let tuned):
            "the models cannot be patched into each other: the base has \(quantity) \(base), the tuned model \(tuned)"
        case .noSuchLayer(let layer, let layers):
            "layer \(layer) does not exist: the models have layers 0 to \(layers - 1)"
        case .onlyAt(let layer, let site, let found):
            "site '\(site)' is there once, at layer \(layer), not at layer \(found)"
        case .noSuchSite(let site, let layer, let family):
            "layer \(layer) of a \(family) model has no site '\(site)'"
        case .noSuchHead(let head, let site, let heads):
            head.map { "site '\(site)' has no head \($0): it has heads 0 to \(heads - 1)" }
                ?? "an edit of site '\(site)' names no head, so the patch would do nothing"
        case .wrongWidth(let found, let site, let width):
            "a vector of \(found) numbers does not fit site '\(site)', which has \(width)"
        case .wrongDepth(let found, let layers):
            "a route names \(found) blocks, but the models have \(layers)"
        case .emptySelection(let positions, let pair):
            "positions '\(positions)' select no token of pair \(pair), so the patch would do nothing"
        case .tooLong(let pair, let tokens, let maximum):
            "pair \(pair) has \(tokens) tokens, more than the \(maximum) the model was made for; set max_tokens"
        case .unknownToken(let token, let pair, let vocabulary):
            "pair \(pair) holds token \(token), but the vocabulary ends at \(vocabulary - 1)"
        case .noOtherPair:
            "the control 'shuffled' takes its donor from another pair, so it needs at least two pairs"
        case .notFinite(let pair, let tensor):
            "pair \(pair) got a log-probability that is not a number"
                + (tensor.map { ": \($0) holds a NaN or an infinity" } ?? "")
        }
    }
}
