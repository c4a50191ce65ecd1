import Checkpoints
import Numerics

/// Qwen 3 (Yang et al. 2025): Llama's block, with each head's queries and keys normed before they are rotated, and with a width of
/// a head that is a setting of its own.
///
///     x ← x + o(attend(rotate(norm(q(norm x))), rotate(norm(k(norm x))), v(norm x)))
///     x ← x + down(silu(gate(norm x)) ⊙ up(norm x))
///
/// Every norm is an RMS norm with a gain of its own.
struct Qwen3: Family {
    static let modelTypes = ["qwen3"]
    static let architectures = ["qwen3"]

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let hasAttentionBias: Bool
    /// How many positions each layer attends to; nil for all.
    private let windows: [Int?]

    init(_ reader: ModelReader) throws(CheckpointError) {
        // 128 is transformers' default, whatever the model's width.
        sizes = try ModelSizes(reader.settings, headWidth: 128)
        epsilon = try reader.rmsEpsilon()
        rotation = RotaryEmbedding(try reader.rotation(sizes))
        activation = try reader.activation()
        hasAttentionBias = try reader.hasBias("attention_bias", gguf: "attn_q", "attn_qkv")
        windows = try reader.upperWindows(sizes.layers)
    }

    /// One block; only the norms of queries and keys are Qwen 3's own.
    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        var attention = try reader.attention(layer, sizes, rotation: rotation, bias: hasAttentionBias)
        attention.queryNorm = try headNorm("self_attn.q_norm", gguf: "attn_q_norm", layer, reader)
        attention.keyNorm = try headNorm("self_attn.k_norm", gguf: "attn_k_norm", layer, reader)
        attention.window = windows[layer]
        return Block(
            attentionNorms: norms.attention, attention: attention, feedForwardNorms: norms.feedForward,
            feedForward: try reader.gatedFeedForward(layer, sizes, activation))
    }

    /// The gain is shared by all heads: one number for each component of a head.
    private func headNorm(
        _ name: String, gguf: String, _ layer: Int, _ reader: ModelReader
    ) throws(CheckpointError) -> Norm {
        try reader.rmsNorm(name, gguf: gguf, layer: layer, width: sizes.headWidth, epsilon: epsilon)
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
