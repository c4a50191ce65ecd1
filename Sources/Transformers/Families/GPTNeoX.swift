import Checkpoints
import Numerics

/// GPT-NeoX and Pythia (Black et al. 2022; Biderman et al. 2023): layer norms, both halves side by side, heads that turn in part,
/// queries, keys and values in one module, head by head.
struct GPTNeoX: Family {
    static let modelTypes = ["gpt_neox"]
    static let architectures = ["gptneox"]
    static let names = FamilyNames(
        body: "gpt_neox", embedding: "embed_in", finalNorm: "final_layer_norm", unembedding: "embed_out")

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let hasAttentionBias: Bool
    private let wiring: Block.Wiring

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings, sharesHeads: false)
        epsilon = try reader.settings.positive("layer_norm_eps", gguf: "attention.layer_norm_epsilon", default: 1e-5)
        rotation = RotaryEmbedding(
            try reader.rotation(
                sizes, turnsPart: true, defaultPartialFactor: 0.25,
                keys: .init(
                    theta: ["rotary_emb_base", "rope_theta"], partialFactor: ["rotary_pct", "partial_rotary_factor"])))
        activation = try reader.activation(default: .gelu)
        hasAttentionBias = try reader.hasBias("attention_bias", default: true, gguf: "attn_qkv")
        wiring =
            try reader.settings.flag("use_parallel_residual", gguf: "use_parallel_residual", default: true)
            ? .parallel : .sequential
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let width = sizes.width
        func norm(_ name: String, _ gguf: String) throws(CheckpointError) -> Block.Norms {
            .init(before: try reader.layerNorm(name, gguf: gguf, layer: layer, width: width, epsilon: epsilon))
        }
        /// Queries, keys or values; llama.cpp puts all queries first, then all keys.
        func attended(_ part: Int) throws(CheckpointError) -> Weight {
            try reader.weight(
                "attention.query_key_value", gguf: "attn_qkv", layer: layer,
                .init(
                    huggingFace: .init(
                        outputs: 3 * sizes.queryWidth,
                        rows: .interleaved(part: part, of: 3, heads: sizes.heads, width: sizes.headWidth)),
                    gguf: .init(
                        outputs: 3 * sizes.queryWidth,
                        rows: RowMap(part * sizes.queryWidth..<(part + 1) * sizes.queryWidth))), inputs: width,
                bias: hasAttentionBias)
        }
        return Block(
            attentionNorms: try norm("input_layernorm", "attn_norm"),
            attention: Attention(
                heads: sizes.heads, keyValueHeads: sizes.heads, headWidth: sizes.headWidth, query: try attended(0),
                key: try attended(1), value: try attended(2),
                output: try reader.weight(
                    "attention.dense", gguf: "attn_output", layer: layer, .whole(width), inputs: sizes.queryWidth,
                    bias: hasAttentionBias), rotation: rotation),
            feedForwardNorms: try norm("post_attention_layernorm", "ffn_norm"),
            feedForward: FeedForward(
                activation,
                up: try reader.weight(
                    "mlp.dense_h_to_4h", gguf: "ffn_up", layer: layer, .whole(sizes.innerWidth), inputs: width,
                    bias: true),
                down: try reader.weight(
                    "mlp.dense_4h_to_h", gguf: "ffn_down", layer: layer, .whole(width), inputs: sizes.innerWidth,
                    bias: true)),
            wiring: wiring)
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.layerNorm("final_layer_norm", gguf: "output_norm", layer: nil, width: sizes.width, epsilon: epsilon)
    }
}
