import Checkpoints
import Numerics

/// Mistral (Jiang et al. 2023): Llama's block with heads of a width of their own, and in the first version a window on every layer.
/// llama.cpp calls it a Llama and leaves the window out.
struct Mistral: Family {
    static let modelTypes = ["mistral"]
    static let architectures: [String] = []

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let window: Int?

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings)
        epsilon = try reader.rmsEpsilon()
        rotation = RotaryEmbedding(try reader.rotation(sizes))
        activation = try reader.activation()
        window = try reader.settings.window(default: 4096)
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        var attention = try reader.attention(layer, sizes, rotation: rotation)
        attention.window = window
        return Block(
            attentionNorms: norms.attention, attention: attention, feedForwardNorms: norms.feedForward,
            feedForward: try reader.gatedFeedForward(layer, sizes, activation))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}
