import Checkpoints
import Numerics

/// Phi 3 and 3.5 (Abdin et al. 2024): Llama's block with queries, keys and values in one module, and gate and up in another; RoPE
/// may be stretched by LongRoPE, of which this is the part within the original length.
struct Phi3: Family {
    static let modelTypes = ["phi3"]
    static let architectures = ["phi3"]

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let window: Int?

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings)
        epsilon = try reader.rmsEpsilon(default: 1e-5)
        rotation = RotaryEmbedding(try reader.rotation(sizes, turnsPart: true))
        activation = try reader.activation()
        window = try reader.settings.window(default: nil)
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let (query, key) = (sizes.queryWidth, sizes.keyWidth)
        let fused = query + 2 * key
        func attended(_ rows: Range<Int>) throws(CheckpointError) -> Weight {
            try reader.weight(
                "self_attn.qkv_proj", gguf: "attn_qkv", layer: layer, .slice(rows, of: fused), inputs: sizes.width)
        }
        func inward(_ rows: Range<Int>) throws(CheckpointError) -> Weight {
            try reader.weight(
                "mlp.gate_up_proj", gguf: "ffn_up", layer: layer, .slice(rows, of: 2 * sizes.innerWidth),
                inputs: sizes.width)
        }
        var attention = Attention(
            heads: sizes.heads, keyValueHeads: sizes.keyValueHeads, headWidth: sizes.headWidth,
            query: try attended(0..<query), key: try attended(query..<query + key),
            value: try attended(query + key..<fused),
            output: try reader.weight(
                "self_attn.o_proj", gguf: "attn_output", layer: layer, .whole(sizes.width), inputs: query),
            rotation: rotation)
        attention.window = window
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        return Block(
            attentionNorms: norms.attention, attention: attention, feedForwardNorms: norms.feedForward,
            feedForward: FeedForward(
                activation, gate: try inward(0..<sizes.innerWidth),
                up: try inward(sizes.innerWidth..<2 * sizes.innerWidth),
                down: try reader.weight(
                    "mlp.down_proj", gguf: "ffn_down", layer: layer, .whole(sizes.width), inputs: sizes.innerWidth)))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
