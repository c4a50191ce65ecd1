import Numerics

/// What a block's attention computes: `o(attend(rotate(norm(q x)), rotate(norm(k x)), v x))`, heads side by side, with query heads
/// that share key/value heads (Ainslie et al. 2023).
public struct Attention: Sendable, Equatable {
    /// Query heads.
    public var heads: Int
    /// Key/value heads; each serves `heads / keyValueHeads` query heads.
    public var keyValueHeads: Int
    /// Numbers in a head.
    public var headWidth: Int
    /// The projections to queries, keys and values, and from the heads back to the residual stream.
    public var query, key, value, output: Weight
    /// Norms of queries and keys before their positions rotate them: of each head where the norm is as wide as a head, else of all
    /// heads together.
    public var queryNorm, keyNorm: Norm?
    /// How positions rotate queries and keys; `nil` in a family without rotation.
    public var rotation: RotaryEmbedding?
    /// Factor of the scores `q · k`.
    public var scale: Double
    /// Scores become `cap · tanh(score / cap)`.
    public var softCap: Double?
    /// A position attends to this many positions, itself the last of them; `nil` for all before it.
    public var window: Int?

    /// Attention without what only some families have.
    /// - Parameter scale: `1 / √headWidth` where it is not given.
    public init(
        heads: Int, keyValueHeads: Int, headWidth: Int, query: Weight, key: Weight, value: Weight, output: Weight,
        rotation: RotaryEmbedding? = nil, scale: Double? = nil
    ) {
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
        self.query = query
        self.key = key
        self.value = value
        self.output = output
        self.rotation = rotation
        self.scale = scale ?? 1 / Double(headWidth).squareRoot()
    }

    /// Numbers of all query heads together.
    var queryWidth: Int { heads * headWidth }
    /// Numbers of all key heads, or of all value heads, together.
    var keyWidth: Int { keyValueHeads * headWidth }
    var norms: [Norm] { [queryNorm, keyNorm].compactMap(\.self) }
}

/// What a block's feed-forward computes.
public struct FeedForward: Sendable, Equatable {
    /// Between the products.
    public var activation: Activation
    /// The gate of `down(activation(gate x) ⊙ up x)` (Shazeer 2020); `nil` for `down(activation(up x))`.
    public var gate: Weight?
    /// The products in and out.
    public var up, down: Weight

    /// A feed-forward; gated where it has a gate.
    public init(_ activation: Activation, gate: Weight? = nil, up: Weight, down: Weight) {
        self.activation = activation
        self.gate = gate
        self.up = up
        self.down = down
    }

    /// Numbers between the products.
    var innerWidth: Int { up.outputs }
    /// The weights that read the block's rows; the activation is of the first one's product.
    var inward: [Weight] { (gate.map { [$0] } ?? []) + [up] }
}
