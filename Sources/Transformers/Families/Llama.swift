import Checkpoints
import Numerics

/// Llama 2 and 3 and models of their shape (Touvron et al. 2023; Grattafiori et al. 2024): an RMS norm before each half, rotary
/// positions, query heads that share key/value heads, SwiGLU.
struct Llama: Family {
    static let modelTypes = ["llama"]
    static let architectures = ["llama"]

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let hasAttentionBias, hasFeedForwardBias: Bool

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings)
        epsilon = try reader.rmsEpsilon()
        rotation = RotaryEmbedding(try reader.rotation(sizes))
        activation = try reader.activation()
        hasAttentionBias = try reader.hasBias("attention_bias", gguf: "attn_q", "attn_qkv")
        hasFeedForwardBias = try reader.hasBias("mlp_bias", gguf: "ffn_gate")
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        return Block(
            attentionNorms: norms.attention,
            attention: try reader.attention(
                layer, sizes, rotation: rotation, bias: hasAttentionBias, isInterleaved: true),
            feedForwardNorms: norms.feedForward,
            feedForward: try reader.gatedFeedForward(layer, sizes, activation, bias: hasFeedForwardBias))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
