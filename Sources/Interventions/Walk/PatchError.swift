import Transformers

/// Why a plan cannot be walked.
public enum PatchError: Error, Sendable, Equatable {
    /// Two models that cannot be patched into each other: what differs, and what each has.
    case mismatch(Quantity, base: Int, tuned: Int)
    /// An edit or capture at a layer that the models do not have.
    case noSuchLayer(Int, layers: Int)
    /// A site that is there once, at one end of the model, at another layer.
    case onlyAt(layer: Int, site: Site, found: Int)
    /// A site that the models' family does not have.
    case noSuchSite(Site, layer: Int, family: String)
    /// A head that a site does not have.
    case noSuchHead(Int, site: Site, heads: Int)
    /// An edit of some heads that names none: it would do nothing, silently.
    case noHead(site: Site)
    /// A given vector or basis of another width than what it is to change.
    case wrongWidth(Int, site: Site, width: Int)
    /// A route that names a source for more or fewer blocks than there are.
    case wrongDepth(Int, layers: Int)
    /// An edit that selects no position of a pair: it would do nothing, silently.
    case emptySelection(Positions, pair: Int)
    /// A pair that is longer than the models were made for.
    case tooLong(pair: Int, tokens: Int, maximum: Int)
    /// A token that the vocabulary does not have.
    case unknownToken(Int, pair: Int, vocabulary: Int)
    /// A donor from another pair where there is no other pair.
    case noOtherPair
    /// Models between which there is none, since they differ in more than their numbers: in a block, or outside the blocks for nil.
    case noMixture(layer: Int?)
    /// A log-probability that is not a number, and the weight to blame where one is.
    case notFinite(pair: Int, tensor: String?)
    /// A walk that was asked to stop.
    case stopped

    /// A size in which two models must agree.
    public enum Quantity: Sendable, Equatable {
        /// Blocks.
        case depth
        /// Numbers in a row of the residual stream.
        case width
        /// Tokens.
        case vocabulary
        /// Numbers in a row of a site that is patched.
        case site(Site)
    }
}
