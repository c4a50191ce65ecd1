import Checkpoints
import JSON

/// What a Llama checkpoint says about its own shape.
struct LlamaSettings: Sendable, Equatable {
    let layers: Int
    let width: Int
    let heads: Int
    let keyValueHeads: Int
    let headWidth: Int
    let intermediate: Int
    let vocabulary: Int
    let epsilon: Double
    let theta: Double
    let scaling: RotaryEmbedding.Scaling
    let maximumLength: Int
    let isTied: Bool
    let hasAttentionBias: Bool
    let hasFeedForwardBias: Bool

    /// Reads a Hugging Face `config.json`.
    /// - Throws: ``CheckpointError`` for a missing or absurd value, and for any feature that this forward does not have.
    init(_ json: JSON, file: String) throws(CheckpointError) {
        func fault(_ key: String, _ expected: String, nested: JSON = .null) -> CheckpointError {
            let found = nested[key] ?? json[key]
            return CheckpointError(
                file: file, place: "'\(key)'", problem: "is \(found?.text() ?? "missing"), expected \(expected)")
        }
        func count(_ key: String, default fallback: Int? = nil, most: Int = 1 << 24) throws(CheckpointError) -> Int {
            guard let value = json[key].flatMap({ $0 == .null ? nil : $0.int }) ?? fallback, (1...most).contains(value)
            else { throw fault(key, "a whole number from 1 to \(most)") }
            return value
        }
        guard json["model_type"]?.string == "llama" else {
            throw fault("model_type", "\"llama\"; other families are not supported yet")
        }
        if let activation = json["hidden_act"]?.string, activation != "silu" { throw fault("hidden_act", "\"silu\"") }
        if let quantisation = json["quantization_config"], quantisation != .null {
            throw fault("quantization_config", "none: give the unquantised weights, or a GGUF file")
        }
        layers = try count("num_hidden_layers", most: 4096)
        width = try count("hidden_size")
        heads = try count("num_attention_heads", most: 65536)
        keyValueHeads = try count("num_key_value_heads", default: heads, most: 65536)
        headWidth = try count("head_dim", default: max(width / heads, 1), most: 65536)
        intermediate = try count("intermediate_size")
        vocabulary = try count("vocab_size")
        maximumLength = try count("max_position_embeddings", default: 2048)
        epsilon = json["rms_norm_eps"]?.number ?? 1e-6
        guard epsilon > 0 else { throw fault("rms_norm_eps", "a positive number") }
        isTied = json["tie_word_embeddings"]?.bool ?? false
        hasAttentionBias = json["attention_bias"]?.bool ?? false
        hasFeedForwardBias = json["mlp_bias"]?.bool ?? false
        // Newer configurations keep theta and scaling together under `rope_parameters`.
        let rope = [json["rope_parameters"], json["rope_scaling"]].compactMap { $0 }.first { $0 != .null } ?? .null
        guard let theta = (rope["rope_theta"] ?? json["rope_theta"] ?? .int(10000)).number, theta > 0 else {
            throw fault("rope_theta", "a positive number", nested: rope)
        }
        self.theta = theta
        guard (rope["partial_rotary_factor"] ?? json["partial_rotary_factor"] ?? .int(1)).number == 1 else {
            throw fault("partial_rotary_factor", "1: heads that turn in part are not supported", nested: rope)
        }
        scaling = try Self.scaling(rope, file: file)
        try requireHeads(file: file)
    }

    private static func scaling(_ rope: JSON, file: String) throws(CheckpointError) -> RotaryEmbedding.Scaling {
        func number(_ key: String) throws(CheckpointError) -> Double {
            guard let value = rope[key]?.number, value > 0 else {
                throw CheckpointError(
                    file: file, place: "RoPE scaling '\(key)'",
                    problem: "is \(rope[key]?.text() ?? "missing"), expected a positive number")
            }
            return value
        }
        switch rope["rope_type"]?.string ?? rope["type"]?.string ?? "default" {
        case "default": return .none
        case "linear": return .linear(factor: try number("factor"))
        case "llama3":
            return .llama3(
                factor: try number("factor"), lowFrequencyFactor: try number("low_freq_factor"),
                highFrequencyFactor: try number("high_freq_factor"),
                originalLength: try number("original_max_position_embeddings"))
        case let other:
            throw CheckpointError(
                file: file, place: "RoPE scaling", problem: "is of type '\(other)', expected default, linear or llama3")
        }
    }

    /// Reads a GGUF file's metadata.
    /// - Throws: ``CheckpointError`` naming the key.
    init(_ gguf: GGUF) throws(CheckpointError) {
        let family = try gguf.require("general.architecture", "a text", \.string)
        guard family == "llama" else {
            throw CheckpointError(
                file: gguf.path, place: "metadata 'general.architecture'",
                problem: "is '\(family)', expected 'llama'; other families are not supported yet")
        }
        func count(_ key: String, default fallback: Int? = nil) throws(CheckpointError) -> Int {
            if gguf.metadata["llama." + key] == nil, let fallback { return fallback }
            return try gguf.require("llama." + key, "a whole number from 1 to 16777216") { value in
                value.int.flatMap { (1...1 << 24).contains($0) ? $0 : nil }
            }
        }
        layers = try count("block_count")
        width = try count("embedding_length")
        heads = try count("attention.head_count")
        keyValueHeads = try count("attention.head_count_kv", default: heads)
        headWidth = try count("attention.key_length", default: max(width / heads, 1))
        intermediate = try count("feed_forward_length")
        maximumLength = try count("context_length", default: 2048)
        let tokens = try gguf.require("tokenizer.ggml.tokens", "a list of tokens", \.array)
        vocabulary = try count("vocab_size", default: tokens.count)
        epsilon = try Self.positive(gguf, "llama.attention.layer_norm_rms_epsilon")
        theta = try Self.positive(gguf, "llama.rope.freq_base", default: 10000)
        let turning = try count("rope.dimension_count", default: headWidth)
        guard turning == headWidth else {
            throw CheckpointError(
                file: gguf.path, place: "metadata 'llama.rope.dimension_count'",
                problem: "is \(turning), expected the heads' width, \(headWidth): "
                    + "heads that turn in part are not supported")
        }
        if gguf.tensors.contains("rope_freqs.weight") {
            let divisors = try gguf.tensors.tensor("rope_freqs.weight", shape: [headWidth / 2])
            scaling = .divisors(divisors.floats().map(Double.init))
        } else {
            switch gguf.metadata["llama.rope.scaling.type"]?.string ?? "none" {
            case "none": scaling = .none
            case "linear":
                scaling = .linear(factor: try Self.positive(gguf, "llama.rope.scaling.factor"))
            case let other:
                throw CheckpointError(
                    file: gguf.path, place: "metadata 'llama.rope.scaling.type'",
                    problem: "is '\(other)', expected none or linear")
            }
        }
        isTied = !gguf.tensors.contains("output.weight")
        hasAttentionBias = gguf.tensors.contains("blk.0.attn_q.bias")
        hasFeedForwardBias = gguf.tensors.contains("blk.0.ffn_gate.bias")
        try requireHeads(file: gguf.path)
    }

    private static func positive(
        _ gguf: GGUF, _ key: String, default fallback: Double? = nil
    ) throws(CheckpointError) -> Double {
        if gguf.metadata[key] == nil, let fallback { return fallback }
        return try gguf.require(key, "a positive number") { value in value.number.flatMap { $0 > 0 ? $0 : nil } }
    }

    private func requireHeads(file: String) throws(CheckpointError) {
        guard heads % keyValueHeads == 0, headWidth % 2 == 0 else {
            throw CheckpointError(
                file: file, place: "attention heads",
                problem: "are \(heads) of width \(headWidth) over \(keyValueHeads) key/value heads; "
                    + "expected an even width and a whole number of query heads a key/value head")
        }
    }
}
