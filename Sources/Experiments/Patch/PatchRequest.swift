import Interventions
import Tokenizers
import Transformers

/// What a sweep patches, in which layers, and with which controls.
public struct PatchRequest: Sendable {
    /// What is estimated.
    public var estimand = Estimand.patch
    /// Which activation is patched, for the estimand `patch`.
    public var site = Site.residualPost
    /// At which tokens, one patch each.
    public var positions: [Positions] = [.all]
    /// In which layers.
    public var layers: [Int]
    /// Whether heads are patched one by one.
    public var isByHead = false
    /// Whose activation goes into which model.
    public var directions = Direction.allCases
    /// What the patch is compared with, without the patch itself.
    public var controls: [Control] = []
    /// How many directions the patch keeps to; nil for all.
    public var rank: Int?
    /// Which directions, with a rank.
    public var basis = PatchBasis.difference
    /// For Shapley shares: how many orders of the layers.
    public var orders = 8
    /// Random sets of layers of each size; 0 for none.
    public var sets = 0
    /// What is read off a run.
    public var metric = Metric.margin
    /// When enough pairs are in; nil for all pairs. It goes with neither a rank nor sets, the control `covariance` nor Shapley shares.
    public var until: StoppingRule?
    /// The text of the control `neutral`.
    public var neutral: NeutralText?
    /// Effects within ± this count as nothing.
    public var negligible = 0.1

    /// A sweep of whole activations of the residual stream, without controls.
    public init(layers: [Int]) { self.layers = layers }
}

/// A text that has nothing to do with the pairs, as a model's tokenizer reads it.
public struct NeutralText: Sendable {
    private let first, again: [Int]

    /// - Throws: what keeps the text from being encoded.
    public init(_ text: String, tokenizer: Tokenizer) throws {
        first = try tokenizer.encode(text, addingSpecialTokens: true)
        again = try tokenizer.encode(" " + text, addingSpecialTokens: false)
    }

    /// Its tokens, repeated until they are as many as the longest pair's.
    func tokens(for pairs: [PackedPair]) -> [Int] {
        let longest = pairs.map { $0.prompt.count + max($0.chosenTokens, $0.rejectedTokens) }.max() ?? 0
        var tokens = first
        while tokens.count < longest, !again.isEmpty { tokens += again }
        return Array(tokens.prefix(longest))
    }
}

/// Which directions a patch of some rank keeps to.
public enum PatchBasis: String, CaseIterable, Sendable {
    /// The top singular directions of h_T − h_B.
    case difference
    /// The mean of h_T − h_B, one direction.
    case mean
    /// The top singular directions of the base's own activations, centred.
    case base
    /// Directions drawn at random.
    case random
}
