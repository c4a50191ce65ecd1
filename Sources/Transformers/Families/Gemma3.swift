import Checkpoints

/// The text part of Gemma 3 (Kamath et al. 2025): Gemma's block with an RMS norm of each head's queries and keys, five layers with a
/// window to one without, and a RoPE of their own for each kind.
struct Gemma3: Family {
    static let modelTypes = ["gemma3_text", "gemma3"]
    static let architectures = ["gemma3"]
    static let isTied = true

    var sizes: ModelSizes { parts.sizes }
    let logitSoftCap: Double?
    private let parts: GemmaParts
    private let global, local: RotaryEmbedding
    private let scoreSoftCap: Double?
    private let window: Int?
    private let isWindowed: [Bool]

    init(_ reader: ModelReader) throws(CheckpointError) {
        parts = try GemmaParts(reader, largest: 62)
        global = RotaryEmbedding(try reader.rotation(parts.sizes, defaultTheta: 1_000_000))
        scoreSoftCap = try reader.settings.softCap(
            "attn_logit_softcapping", gguf: "attn_logit_softcapping", default: nil)
        logitSoftCap = try reader.settings.softCap(
            "final_logit_softcapping", gguf: "final_logit_softcapping", default: nil)
        switch reader.settings {
        case .huggingFace(let settings):
            local = RotaryEmbedding(
                try settings.rotary(
                    layerType: "sliding_attention", headWidth: parts.sizes.headWidth,
                    maximumLength: parts.sizes.maximumLength, keys: .init(theta: ["rope_local_base_freq"], scaling: []))
            )
            window = try reader.settings.window(default: 4096)
            let period = try settings.count("sliding_window_pattern", default: 6)
            isWindowed = try reader.windowedLayers(parts.sizes.layers) { ($0 + 1) % period != 0 }
        case .gguf(let settings):
            local = RotaryEmbedding(
                width: parts.sizes.headWidth, theta: try settings.positive("rope.freq_base_swa", default: 10_000))
            window = try reader.settings.window(default: nil)
            isWindowed = (0..<parts.sizes.layers).map { ($0 + 1) % 6 != 0 }
        }
    }

    func block(_ layer: Int, _ reader: ModelReader) throws(CheckpointError) -> Block {
        let isLocal = isWindowed[layer] && window != nil
        return try parts.block(
            layer, reader, rotation: isLocal ? local : global, window: isLocal ? window : nil
        ) { (attention) throws(CheckpointError) in
            let width = parts.sizes.headWidth
            attention.queryNorm = try parts.norm("self_attn.q_norm", "attn_q_norm", layer, width, reader)
            attention.keyNorm = try parts.norm("self_attn.k_norm", "attn_k_norm", layer, width, reader)
            attention.softCap = scoreSoftCap
        }
    }

    func finalNorm(_ reader: ModelReader) throws(CheckpointError) -> Norm { try parts.finalNorm(reader) }

    func embedding(_ tokens: Weight, _ reader: ModelReader) throws(CheckpointError) -> Embedding {
        parts.embedding(tokens)
    }
}
