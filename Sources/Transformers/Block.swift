import Numerics

/// What one block of a decoder computes; how it is computed is ``BlockRun``'s concern.
///
/// Two blocks are equal where they compute the same function.
public struct Block: Sendable, Equatable {
    /// How the halves are wired to the residual stream x.
    public enum Wiring: Sendable, Equatable {
        /// `x ← x + attention(x)`, then `x ← x + feedForward(x)`.
        case sequential
        /// `x ← x + attention(x) + feedForward(x)`: both read the block's input (Wang & Komatsuzaki 2021).
        case parallel
    }

    /// Norms on the way into a half and out of it, before what it adds reaches the residual stream.
    public struct Norms: Sendable, Equatable {
        var before, after: Norm?

        /// A half's norms; `nil` for one that the family does not have.
        public init(before: Norm? = nil, after: Norm? = nil) {
            self.before = before
            self.after = after
        }

        var all: [Norm] { [before, after].compactMap(\.self) }
    }

    var attentionNorms: Norms
    /// What attention computes.
    public var attention: Attention
    var feedForwardNorms: Norms
    /// What the feed-forward computes.
    public var feedForward: FeedForward
    /// How both reach the residual stream.
    public var wiring: Wiring

    /// A block out of its two halves.
    public init(
        attentionNorms: Norms, attention: Attention, feedForwardNorms: Norms, feedForward: FeedForward,
        wiring: Wiring = .sequential
    ) {
        self.attentionNorms = attentionNorms
        self.attention = attention
        self.feedForwardNorms = feedForwardNorms
        self.feedForward = feedForward
        self.wiring = wiring
    }

    /// Width of the residual stream.
    var width: Int { attention.output.outputs }

    /// All norms and weights in the order they are used.
    var parameters: [Parameter] {
        func norms(_ norms: [Norm?]) -> [Parameter] { norms.compactMap { $0.map(Parameter.norm) } }
        let (first, second) = (attention, feedForward)
        return norms([attentionNorms.before]) + [first.query, first.key, first.value].map(Parameter.weight)
            + norms([first.queryNorm, first.keyNorm]) + [.weight(first.output)]
            + norms([attentionNorms.after, feedForwardNorms.before])
            + (second.inward + [second.down]).map(Parameter.weight)
            + norms([feedForwardNorms.after])
    }

    /// The numbers at a site; `nil` where this block has no such site.
    public func shape(of site: Site) -> SiteShape? {
        switch site {
        case .query, .heads: SiteShape(heads: attention.heads, headWidth: attention.headWidth)
        case .key, .value: SiteShape(heads: attention.keyValueHeads, headWidth: attention.headWidth)
        case .rotatedQuery: attention.rotation == nil ? nil : shape(of: .query)
        case .rotatedKey: attention.rotation == nil ? nil : shape(of: .key)
        case .residualMiddle: wiring == .parallel ? nil : SiteShape(headWidth: width)
        case .feedForwardActivation: SiteShape(headWidth: feedForward.innerWidth)
        default: SiteShape(headWidth: width)
        }
    }

    /// What the block's products cost; biases, norms and activations are not counted.
    public var cost: BlockCost {
        func operations(_ weights: [Weight]) -> Int { 2 * weights.reduce(0) { $0 + $1.outputs * $1.inputs } }
        return BlockCost(
            perKeyRow: operations([attention.key, attention.value]),
            perOutputRow: operations([attention.query, attention.output, feedForward.down] + feedForward.inward),
            perScore: 4 * attention.queryWidth, window: attention.window)
    }
}

/// A norm or a linear module of a model.
public enum Parameter: Sendable, Equatable {
    case norm(Norm)
    case weight(Weight)

    /// The matrix, or a norm's gain as one row.
    public var weight: Weight {
        switch self {
        case .norm(let norm): norm.weight
        case .weight(let weight): weight
        }
    }

    /// Numbers in it, biases and adapters included.
    var count: Int {
        switch self {
        case .norm(let norm): norm.parameters
        case .weight(let weight): weight.parameters
        }
    }
}

/// Floating-point operations of a block, a multiplication and an addition counting as two.
public struct BlockCost: Sendable, Equatable {
    /// For each row whose keys and values are computed.
    public let perKeyRow: Int
    /// For each row whose output is computed, attention's own products apart.
    public let perOutputRow: Int
    /// For each pair of an output row and a row that it attends to.
    public let perScore: Int
    /// Rows that an output row attends to at most; `nil` for all before it.
    public let window: Int?
}
