import Checkpoints
import Numerics

/// Qwen 2 and 2.5 (Yang et al. 2024): Llama's block with biases on queries, keys and values, and, if a file says so, a window from
/// some layer on.
struct Qwen2: Family {
    static let modelTypes = ["qwen2"]
    static let architectures = ["qwen2"]

    let sizes: ModelSizes
    private let epsilon: Double
    private let rotation: RotaryEmbedding
    private let activation: Activation
    private let windows: [Int?]

    init(_ reader: ModelReader) throws(CheckpointError) {
        sizes = try ModelSizes(reader.settings)
        epsilon = try reader.rmsEpsilon()
        rotation = RotaryEmbedding(try reader.rotation(sizes))
        activation = try reader.activation()
        windows = try reader.upperWindows(sizes.layers)
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let norms = try reader.normsBefore(layer, width: sizes.width, epsilon: epsilon)
        var attention = try reader.attention(layer, sizes, rotation: rotation, bias: true, outputBias: false)
        attention.window = windows[layer]
        return Block(
            attentionNorms: norms.attention, attention: attention, feedForwardNorms: norms.feedForward,
            feedForward: try reader.gatedFeedForward(layer, sizes, activation))
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm {
        try reader.finalRMSNorm(width: sizes.width, epsilon: epsilon)
    }
}

extension ModelReader {
    /// Each layer's window as Qwen's files say it: none unless `use_sliding_window`, and then from layer `max_window_layers` on.
    func upperWindows(_ layers: Int) throws(CheckpointError) -> [Int?] {
        guard case .huggingFace(let settings) = settings, try settings.flag("use_sliding_window", default: false) else {
            return Array(repeating: nil, count: layers)
        }
        let window = try settings.count("sliding_window", default: 4096)
        let first = try settings.number("max_window_layers", default: 28)
        return try windowedLayers(layers) { Double($0) >= first }.map { $0 ? window : nil }
    }
}
