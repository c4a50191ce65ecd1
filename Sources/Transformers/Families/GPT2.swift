import Checkpoints
import Numerics

/// GPT-2 (Radford et al. 2019): learned positions, layer norms, biases everywhere, queries, keys and values in one module; Hugging
/// Face's files hold its weights transposed.
struct GPT2: Family {
    static let modelTypes = ["gpt2"]
    static let architectures = ["gpt2"]
    static let isTied = true
    static let names = FamilyNames(body: "transformer", layers: "h", embedding: "wte", finalNorm: "ln_f")

    let sizes: ModelSizes
    private let epsilon: Double
    private let activation: Activation
    private let isScaled, isScaledByLayer: Bool

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings, sharesHeads: false) { 4 * $0 }
        epsilon = try reader.settings.positive(
            "layer_norm_epsilon", gguf: "attention.layer_norm_epsilon", default: 1e-5)
        activation = try reader.activation("activation_function", default: .geluTanh)
        isScaled = try reader.settings.flag("scale_attn_weights", gguf: "scale_attn_weights", default: true)
        isScaledByLayer = try reader.settings.flag(
            "scale_attn_by_inverse_layer_idx", gguf: "scale_attn_by_inverse_layer_idx", default: false)
        if case .huggingFace(let settings) = reader.settings {
            try settings.require(
                "add_cross_attention", is: .bool(false), expected: "false: there is no encoder to attend to")
        }
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let width = sizes.width
        func norm(_ name: String, _ gguf: String) throws(CheckpointError) -> Block.Norms {
            .init(before: try reader.layerNorm(name, gguf: gguf, layer: layer, width: width, epsilon: epsilon))
        }
        func linear(
            _ name: String, _ gguf: String, _ part: ModelReader.Part, _ inputs: Int
        ) throws(CheckpointError) -> Weight {
            try reader.weight(name, gguf: gguf, layer: layer, part, inputs: inputs, bias: true, isTransposed: true)
        }
        func attended(_ part: Int) throws(CheckpointError) -> Weight {
            try linear("attn.c_attn", "attn_qkv", .slice(part * width..<(part + 1) * width, of: 3 * width), width)
        }
        let scale =
            (isScaled ? 1 / Double(sizes.headWidth).squareRoot() : 1) / (isScaledByLayer ? Double(layer + 1) : 1)
        return Block(
            attentionNorms: try norm("ln_1", "attn_norm"),
            attention: Attention(
                heads: sizes.heads, keyValueHeads: sizes.heads, headWidth: sizes.headWidth, query: try attended(0),
                key: try attended(1), value: try attended(2),
                output: try linear("attn.c_proj", "attn_output", .whole(width), width), scale: scale),
            feedForwardNorms: try norm("ln_2", "ffn_norm"),
            feedForward: FeedForward(
                activation, up: try linear("mlp.c_fc", "ffn_up", .whole(sizes.innerWidth), width),
                down: try linear("mlp.c_proj", "ffn_down", .whole(width), sizes.innerWidth)))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.layerNorm("ln_f", gguf: "output_norm", layer: nil, width: sizes.width, epsilon: epsilon)
    }

    func embedding(_ tokens: Weight, _ reader: ModelReader) throws(CheckpointError) -> Embedding {
        Embedding(
            tokens,
            positions: try reader.weight(
                "wpe", gguf: "position_embd", layer: nil, .whole(sizes.maximumLength), inputs: sizes.width))
    }
}
