import Checkpoints
import Numerics
import JSON

/// SmolLM 3 (Bakouch et al. 2025): Llama's block, with no rotation on every fourth layer (Yang et al. 2025).
struct SmolLM3: Family {
    static let modelTypes = ["smollm3"]
    static let architectures = ["smollm3"]
    static let isTied = true

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let hasAttentionBias, hasFeedForwardBias: Bool
    private let isRotated: [Bool]
    private let windows: [Int?]

    init(_ reader: ModelReader) throws(CheckpointError) {
        let sizes = try ModelSizes(reader.settings)
        self.sizes = sizes
        epsilon = try reader.rmsEpsilon()
        rotation = RotaryEmbedding(try reader.rotation(sizes, defaultTheta: 2_000_000))
        activation = try reader.activation()
        hasAttentionBias = try reader.hasBias("attention_bias", gguf: "attn_q", "attn_qkv")
        hasFeedForwardBias = try reader.hasBias("mlp_bias", gguf: "ffn_gate")
        guard case .huggingFace(let settings) = reader.settings else {
            isRotated = (0..<sizes.layers).map { ($0 + 1) % 4 != 0 }
            windows = Array(repeating: nil, count: sizes.layers)
            return
        }
        let period = try settings.count("no_rope_layer_interval", default: 4)
        let listed = try settings.list("no_rope_layers", count: sizes.layers, of: "0s and 1s") { value in
            value.int.flatMap { [0, 1].contains($0) ? $0 == 1 : nil }
        }
        let isRotated = listed ?? (0..<sizes.layers).map { ($0 + 1) % period != 0 }
        self.isRotated = isRotated
        let window =
            try settings.flag("use_sliding_window", default: false) ? try reader.settings.window(default: nil) : nil
        windows = try reader.windowedLayers(sizes.layers) { !isRotated[$0] }.map { $0 ? window : nil }
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        var attention = try reader.attention(
            layer, sizes, rotation: isRotated[layer] ? rotation : .identity, bias: hasAttentionBias, isInterleaved: true
        )
        attention.window = windows[layer]
        return Block(
            attentionNorms: norms.attention, attention: attention, feedForwardNorms: norms.feedForward,
            feedForward: try reader.gatedFeedForward(layer, sizes, activation, bias: hasFeedForwardBias))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
