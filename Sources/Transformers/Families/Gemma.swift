import Checkpoints
import Numerics

/// What Gemma 2 and 3 share: an RMS norm with gain 1 + w before and after each half, a gate with GELU, the embedding times √width.
struct GemmaParts {
    let sizes: ModelSizes
    let epsilon: Double
    private let activation: Activation
    private let hasAttentionBias: Bool
    private let scale: Double

    /// - Parameter largest: the depth of the family's largest model, whose GGUF files imply another scale of the scores.
    init(_ reader: ModelReader, largest: Int) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings, headWidth: 256)
        epsilon = try reader.rmsEpsilon()
        activation = try reader.activation("hidden_activation", default: .geluTanh)
        hasAttentionBias = try reader.hasBias("attention_bias", gguf: "attn_q", "attn_qkv")
        switch reader.settings {
        case .huggingFace(let settings):
            try settings.require(
                "use_bidirectional_attention", is: .bool(false),
                expected: "false: attention that looks ahead is not supported")
            scale = 1 / (try settings.positive("query_pre_attn_scalar", default: 256)).squareRoot()
        case .gguf:
            let scalar = sizes.layers == largest ? sizes.width / sizes.heads : sizes.headWidth
            scale = 1 / Double(scalar).squareRoot()
        }
    }

    /// A block; what else the family's attention has is added by `body`.
    func block(
        _ layer: Int, _ reader: ModelReader, rotation: RotaryEmbedding, window: Int?,
        _ body: (inout Attention) throws(CheckpointError) -> Void
    ) throws(CheckpointError) -> Block {
        func norms(
            _ before: String, _ beforeGGUF: String, _ after: String, _ afterGGUF: String
        ) throws(CheckpointError) -> Block.Norms {
            Block.Norms(
                before: try norm(before, beforeGGUF, layer, sizes.width, reader),
                after: try norm(after, afterGGUF, layer, sizes.width, reader))
        }
        var attention = try reader.attention(layer, sizes, rotation: rotation, bias: hasAttentionBias)
        attention.scale = scale
        attention.window = window
        try body(&attention)
        return Block(
            attentionNorms: try norms(
                "input_layernorm", "attn_norm", "post_attention_layernorm", "post_attention_norm"),
            attention: attention,
            feedForwardNorms: try norms(
                "pre_feedforward_layernorm", "ffn_norm", "post_feedforward_layernorm", "post_ffw_norm"),
            feedForward: try reader.gatedFeedForward(layer, sizes, activation))
    }

    func norm(
        _ name: String, _ gguf: String, _ layer: Int?, _ width: Int, _ reader: ModelReader
    ) throws(CheckpointError) -> Norm {
        try reader.rmsNorm(name, gguf: gguf, layer: layer, width: width, epsilon: epsilon, offset: 1)
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon, offset: 1)
    }

    /// The factor is f32's √width, as in transformers where weights are read as f32.
    func embedding(_ tokens: Weight) -> Embedding { Embedding(tokens, scale: Float(sizes.width).squareRoot()) }
}

extension ModelSettings {
    /// The width of a sliding window; nil where the file says that there is none.
    /// - Parameter fallback: the width where the file does not speak of it.
    func window(default fallback: Int?) throws(CheckpointError) -> Int? {
        switch self {
        case .huggingFace(let settings):
            if settings.isNull("sliding_window") { return nil }
            return settings.has("sliding_window") || fallback != nil
                ? try settings.count("sliding_window", default: fallback) : nil
        case .gguf(let settings):
            let width = try settings.number("attention.sliding_window", default: Double(fallback ?? 0))
            return width > 0 ? Int(width) : nil
        }
    }

    /// A cap of scores or logits; nil where there is none.
    func softCap(_ key: String, gguf: String, default fallback: Double?) throws(CheckpointError) -> Double? {
        switch self {
        case .huggingFace(let settings):
            if settings.isNull(key) { return nil }
            return settings.has(key) || fallback != nil ? try settings.positive(key, default: fallback) : nil
        case .gguf(let settings): return settings.has(gguf) ? try settings.positive(gguf) : fallback
        }
    }
}
