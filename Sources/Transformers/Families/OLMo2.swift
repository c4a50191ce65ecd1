import Checkpoints
import Numerics

/// OLMo 2 (Walsh et al. 2024): norms after attention and feed-forward in place of those before them, and RMS norms over all queries
/// and all keys together.
struct OLMo2: Family {
    static let modelTypes = ["olmo2"]
    static let architectures = ["olmo2"]

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let hasAttentionBias: Bool

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings)
        epsilon = try reader.rmsEpsilon(default: 1e-5)
        rotation = RotaryEmbedding(try reader.rotation(sizes))
        activation = try reader.activation()
        hasAttentionBias = try reader.hasBias("attention_bias", gguf: "attn_q", "attn_qkv")
        // OLMo 3 goes by the same name in GGUF.
        guard !reader.settings.has("sliding_window", gguf: "attention.sliding_window") else {
            throw reader.settings.fault(
                "sliding_window", gguf: "attention.sliding_window", "none: OLMo 2 has no window")
        }
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        func norm(_ name: String, _ gguf: String, _ width: Int) throws(CheckpointError) -> Norm {
            try reader.rmsNorm(name, gguf: gguf, layer: layer, width: width, epsilon: epsilon)
        }
        var attention = try reader.attention(layer, sizes, rotation: rotation, bias: hasAttentionBias)
        attention.queryNorm = try norm("self_attn.q_norm", "attn_q_norm", sizes.queryWidth)
        attention.keyNorm = try norm("self_attn.k_norm", "attn_k_norm", sizes.keyWidth)
        return Block(
            attentionNorms: .init(after: try norm("post_attention_layernorm", "post_attention_norm", sizes.width)),
            attention: attention,
            feedForwardNorms: .init(after: try norm("post_feedforward_layernorm", "post_ffw_norm", sizes.width)),
            feedForward: try reader.gatedFeedForward(layer, sizes, activation))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
