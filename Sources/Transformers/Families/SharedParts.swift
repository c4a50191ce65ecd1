import Checkpoints
import Numerics

/// Parts that many families have under the names that Llama gave them.
extension ModelReader {
    /// ε of RMS norms.
    func rmsEpsilon(default fallback: Double = 1e-6) throws(CheckpointError) -> Double {
        try settings.positive(
            "rms_norm_eps", gguf: "attention.layer_norm_rms_epsilon", default: isGGUF ? nil : fallback)
    }

    /// Whether modules have biases: as `config.json` says under a key, or as a GGUF file shows.
    func hasBias(
        _ key: String, default fallback: Bool = false, gguf modules: String...
    ) throws(CheckpointError) -> Bool {
        guard case .huggingFace(let settings) = settings else {
            return modules.contains { contains("", gguf: $0, layer: 0, tensor: "bias") }
        }
        return try settings.flag(key, default: fallback)
    }

    /// The activation that `config.json` names; GGUF files imply it.
    func activation(
        _ key: String = "hidden_act", default fallback: Activation = .silu
    ) throws(CheckpointError) -> Activation {
        guard case .huggingFace(let settings) = settings else { return fallback }
        return try settings.choice(
            key,
            among: [
                "silu": .silu, "swish": .silu, "gelu": .gelu, "gelu_pytorch_tanh": .geluTanh, "gelu_new": .geluTanh,
                "gelu_fast": .geluTanh,
            ], default: fallback)
    }

    /// How positions rotate queries and keys.
    /// - Parameter turnsPart: whether the family can turn a part of each head only.
    func rotation(
        _ sizes: ModelSizes, turnsPart: Bool = false, defaultTheta: Double = 10_000, defaultPartialFactor: Double = 1,
        keys: HuggingFaceSettings.RotaryKeys = .init()
    ) throws(CheckpointError) -> RotarySettings {
        switch settings {
        case .huggingFace(let settings):
            let found = try settings.rotary(
                headWidth: sizes.headWidth, maximumLength: sizes.maximumLength, defaultTheta: defaultTheta,
                defaultPartialFactor: defaultPartialFactor, keys: keys)
            guard turnsPart || found.width == sizes.headWidth else {
                throw CheckpointError(
                    file: settings.file, place: "'partial_rotary_factor'",
                    problem: "turns \(found.width) of a head's \(sizes.headWidth) dimensions, and this family turns all"
                )
            }
            return found
        case .gguf(let settings):
            return try settings.rotary(headWidth: sizes.headWidth, maximumLength: sizes.maximumLength)
        }
    }

    /// Attention with a module for each of queries, keys, values and output.
    /// - Parameters:
    ///   - bias: whether queries, keys and values have one.
    ///   - outputBias: whether the output has one; as `bias` where it is not given.
    ///   - isInterleaved: whether llama.cpp stores queries and keys for rotation by neighbours.
    func attention(
        _ layer: Int, _ sizes: ModelSizes, rotation: RotaryEmbedding?, bias: Bool = false, outputBias: Bool? = nil,
        isInterleaved: Bool = false
    ) throws(CheckpointError) -> Attention {
        let (queries, keys, width) = (sizes.queryWidth, sizes.keyWidth, sizes.width)
        // llama.cpp may write the three as one.
        let isFused = isGGUF && contains("", gguf: "attn_qkv", layer: layer)
        func inward(
            _ name: String, _ gguf: String, _ outputs: Int, turnedHeads: Int?, at start: Int
        ) throws(CheckpointError) -> Weight {
            let part = Part.whole(outputs, turnedHeads: isInterleaved ? turnedHeads : nil)
            return try weight(
                name, gguf: isFused ? "attn_qkv" : gguf, layer: layer,
                isFused ? part.fused(at: start, of: queries + 2 * keys) : part, inputs: width, bias: bias)
        }
        return Attention(
            heads: sizes.heads, keyValueHeads: sizes.keyValueHeads, headWidth: sizes.headWidth,
            query: try inward("self_attn.q_proj", "attn_q", queries, turnedHeads: sizes.heads, at: 0),
            key: try inward("self_attn.k_proj", "attn_k", keys, turnedHeads: sizes.keyValueHeads, at: queries),
            value: try inward("self_attn.v_proj", "attn_v", keys, turnedHeads: nil, at: queries + keys),
            output: try weight(
                "self_attn.o_proj", gguf: "attn_output", layer: layer, .whole(width), inputs: queries,
                bias: outputBias ?? bias), rotation: rotation)
    }

    /// A gated feed-forward with a module for each of its three products.
    func gatedFeedForward(
        _ layer: Int, _ sizes: ModelSizes, _ activation: Activation, bias: Bool = false
    ) throws(CheckpointError) -> FeedForward {
        func inward(_ name: String, _ gguf: String) throws(CheckpointError) -> Weight {
            try weight(name, gguf: gguf, layer: layer, .whole(sizes.innerWidth), inputs: sizes.width, bias: bias)
        }
        return FeedForward(
            activation, gate: try inward("mlp.gate_proj", "ffn_gate"), up: try inward("mlp.up_proj", "ffn_up"),
            down: try weight(
                "mlp.down_proj", gguf: "ffn_down", layer: layer, .whole(sizes.width), inputs: sizes.innerWidth,
                bias: bias)
        )
    }

    /// The RMS norms before both halves.
    func normsBefore(
        _ layer: Int, width: Int, epsilon: Double
    ) throws(CheckpointError) -> (attention: Block.Norms, feedForward: Block.Norms) {
        (
            Block.Norms(
                before: try rmsNorm("input_layernorm", gguf: "attn_norm", layer: layer, width: width, epsilon: epsilon)),
            Block.Norms(
                before: try rmsNorm(
                    "post_attention_layernorm", gguf: "ffn_norm", layer: layer, width: width, epsilon: epsilon))
        )
    }

    /// The RMS norm before the unembedding.
    func finalRMSNorm(width: Int, epsilon: Double, offset: Float = 0) throws(CheckpointError) -> Norm {
        try rmsNorm("norm", gguf: "output_norm", layer: nil, width: width, epsilon: epsilon, offset: offset)
    }

    /// Which layers attend through a window: `layer_types` where the file lists them, else a rule.
    func windowedLayers(_ layers: Int, else rule: (Int) -> Bool) throws(CheckpointError) -> [Bool] {
        let listed: [Bool]? =
            if case .huggingFace(let settings) = settings {
                try settings.choices(
                    "layer_types", among: ["full_attention": false, "sliding_attention": true], count: layers)
            } else {
                nil
            }
        return listed ?? (0..<layers).map(rule)
    }
}
