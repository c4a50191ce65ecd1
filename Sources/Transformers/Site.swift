/// A named activation of a decoder-only transformer, in the order that a forward pass reaches them.
public enum Site: String, Sendable, Hashable, CaseIterable {
    /// The token embedding, before the first block.
    case embedding = "embed"
    /// The residual stream before a block.
    case residualPre = "resid_pre"
    /// Queries of each head, before their positions rotate them; after their norm, where they have one.
    case query = "q"
    /// Keys of each key/value head, before their positions rotate them; after their norm, where they have one.
    case key = "k"
    /// Values of each key/value head.
    case value = "v"
    /// Queries after their positions have rotated them.
    case rotatedQuery = "q_rot"
    /// Keys after their positions have rotated them.
    case rotatedKey = "k_rot"
    /// What each query head gathers from the values, before the output projection.
    case heads = "z"
    /// What attention adds to the residual stream, after any norm of its own.
    case attentionOutput = "attn_out"
    /// The residual stream between attention and feed-forward.
    case residualMiddle = "resid_mid"
    /// The feed-forward's inner activation, before its output projection.
    case feedForwardActivation = "mlp_act"
    /// What the feed-forward adds to the residual stream, after any norm of its own.
    case feedForwardOutput = "mlp_out"
    /// The residual stream after a block, before any final norm.
    case residualPost = "resid_post"
    /// The last block's output after the final norm, as the unembedding reads it.
    case finalNorm = "final_norm"

    /// The sites that follow the heads in a block.
    static let afterHeads: [Site] = [.attentionOutput, .residualMiddle, .feedForwardActivation, .feedForwardOutput]

    /// Whether the site lies inside a block, where only the block's own run can reach it.
    public var isInsideBlock: Bool {
        switch self {
        case .embedding, .residualPre, .residualPost, .finalNorm: false
        default: true
        }
    }

    /// Whether its numbers are those of heads, side by side.
    public var hasHeads: Bool {
        [.query, .key, .value, .rotatedQuery, .rotatedKey, .heads].contains(self)
    }

    /// Whether a change there reaches later positions of the same block: keys and values are read by later queries.
    public var reachesLaterPositions: Bool { self == .key || self == .rotatedKey || self == .value }
}

/// The numbers that a site holds at one position: `heads` groups of `headWidth`; sites without heads are one group.
public struct SiteShape: Sendable, Equatable {
    /// Query heads, or key/value heads; 1 for a site without heads.
    public let heads: Int
    /// Numbers a head.
    public let headWidth: Int

    /// A site of heads of one width.
    public init(heads: Int = 1, headWidth: Int) {
        self.heads = heads
        self.headWidth = headWidth
    }

    /// Numbers in all.
    public var width: Int { heads * headWidth }
}
