import Checkpoints

/// Gemma 2 (Riviere et al. 2024): Gemma's block with soft caps on scores and logits, and a window on every other layer.
struct Gemma2: Family {
    static let modelTypes = ["gemma2"]
    static let architectures = ["gemma2"]
    static let isTied = true

    var sizes: ModelSizes { parts.sizes }
    let logitSoftCap: Double?
    private let parts: GemmaParts
    private let rotation: RotaryEmbedding
    private let scoreSoftCap: Double?
    private let window: Int?
    private let isWindowed: [Bool]

    init(_ reader: ModelReader) throws(CheckpointError) {
        parts = try GemmaParts(reader, largest: 46)
        rotation = RotaryEmbedding(try reader.rotation(parts.sizes))
        scoreSoftCap = try reader.settings.softCap(
            "attn_logit_softcapping", gguf: "attn_logit_softcapping", default: 50)
        logitSoftCap = try reader.settings.softCap(
            "final_logit_softcapping", gguf: "final_logit_softcapping", default: 30)
        window = try reader.settings.window(default: 4096)
        isWindowed = try reader.windowedLayers(parts.sizes.layers) { $0 % 2 == 0 }
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        try parts.block(layer, reader, rotation: rotation, window: isWindowed[layer] ? window : nil) { attention in
            attention.softCap = scoreSoftCap
        }
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm { try parts.finalNorm(reader) }

    func embedding(_ tokens: Weight, _ reader: ModelReader) throws(CheckpointError) -> Embedding {
        parts.embedding(tokens)
    }
}
