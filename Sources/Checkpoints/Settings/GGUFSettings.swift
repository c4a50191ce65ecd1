import Foundation

/// A GGUF file's metadata about the model, read strictly, with llama.cpp's defaults.
///
/// Keys are given without the architecture: `block_count` is `llama.block_count` in a Llama's file.
public struct GGUFSettings: Sendable {
    /// The file.
    public let gguf: GGUF
    /// The family in llama.cpp's words: `llama`, `gemma2`.
    public let architecture: String

    /// - Throws: ``CheckpointError`` where `general.architecture` is missing.
    public init(_ gguf: GGUF) throws(CheckpointError) {
        self.gguf = gguf
        architecture = try gguf.require("general.architecture", "a text", \.string)
    }

    /// Whether any of these keys is there.
    public func has(_ keys: String...) -> Bool { keys.contains { value($0) != nil } }

    /// An error about a setting, with the value that was found.
    public func fault(_ key: String, _ expected: String) -> CheckpointError {
        CheckpointError(
            file: gguf.path, place: "metadata '\(architecture).\(key)'",
            problem: "is \(value(key)?.excerpt ?? "missing"), expected \(expected)")
    }

    /// A whole number from 1 to `most`.
    /// - Throws: ``CheckpointError`` naming the key.
    public func count(
        _ keys: String..., default fallback: Int? = nil, most: Int = 1 << 24
    ) throws(CheckpointError) -> Int {
        try read(keys, default: fallback, "a whole number from 1 to \(most)") { value in
            value.int.flatMap { (1...most).contains($0) ? $0 : nil }
        }
    }

    /// A whole number from `least` to 2²⁴ for each layer: one that counts for all, or a list.
    /// - Throws: ``CheckpointError`` naming the key.
    public func counts(
        _ keys: String..., layers: Int, least: Int = 1, default fallback: Int? = nil
    ) throws(CheckpointError) -> [Int] {
        let range = least...1 << 24
        let expected = "a whole number from \(least) to \(1 << 24), or \(layers) of them"
        return try read(keys, default: fallback.map { Array(repeating: $0, count: layers) }, expected) { value in
            if let one = value.int { return range.contains(one) ? Array(repeating: one, count: layers) : nil }
            let all = value.array?.compactMap(\.int).filter(range.contains) ?? []
            return all.count == layers && value.array?.count == layers ? all : nil
        }
    }

    /// A finite number, as f64.
    /// - Throws: ``CheckpointError`` naming the key.
    public func number(_ keys: String..., default fallback: Double? = nil) throws(CheckpointError) -> Double {
        try read(keys, default: fallback, "a finite number") { value in
            value.number.flatMap { $0.isFinite ? $0 : nil }
        }
    }

    /// A finite number above 0, as f64.
    /// - Throws: ``CheckpointError`` naming the key.
    public func positive(_ keys: String..., default fallback: Double? = nil) throws(CheckpointError) -> Double {
        try read(keys, default: fallback, "a positive number") { value in
            value.number.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
    }

    /// True or false.
    /// - Throws: ``CheckpointError`` naming the key.
    public func flag(_ keys: String..., default fallback: Bool? = nil) throws(CheckpointError) -> Bool {
        try read(keys, default: fallback, "true or false", \.bool)
    }

    /// A text.
    /// - Throws: ``CheckpointError`` naming the key.
    public func text(_ keys: String..., default fallback: String? = nil) throws(CheckpointError) -> String {
        try read(keys, default: fallback, "a text", \.string)
    }

    /// Rotary positions as llama.cpp reads them: a factor without a type is linear, and a file may hold divisors as tensors.
    /// - Parameters:
    ///   - headWidth: dimensions of one head; all of them turn unless `rope.dimension_count` says otherwise.
    ///   - maximumLength: in tokens; the original length where the file names none.
    /// - Throws: ``CheckpointError`` for a type that is not supported, and naming both keys where two disagree.
    public func rotary(
        headWidth: Int, maximumLength: Int, defaultTheta: Double = 10_000
    ) throws(CheckpointError) -> RotarySettings {
        let width = try count("rope.dimension_count", default: headWidth, most: 1 << 16)
        guard width <= headWidth, width % 2 == 0 else {
            throw fault("rope.dimension_count", "an even number up to the heads' width, \(headWidth)")
        }
        return RotarySettings(
            theta: try positive("rope.freq_base", default: defaultTheta), width: width,
            scaling: try scaling(frequencies: width / 2, maximumLength: maximumLength))
    }

    private func scaling(
        frequencies: Int, maximumLength: Int
    ) throws(CheckpointError) -> RotarySettings.Scaling {
        func divisors(_ name: String) throws(CheckpointError) -> [Double] {
            let values = try gguf.tensors.tensor(name, shape: [frequencies]).floats().map(Double.init)
            guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw CheckpointError(
                    file: gguf.path, place: "tensor '\(name)'", problem: "holds a divisor that is not positive")
            }
            return values
        }
        // Zero stands for no scaling.
        let factor = try number("rope.scaling.factor", "rope.scale_linear", default: 0)
        guard factor >= 0 else { throw fault("rope.scaling.factor", "a positive number, or 0 for none") }
        let originalLength = try count("rope.scaling.original_context_length", default: maximumLength)
        let attentionFactor = try positive("rope.scaling.attn_factor", default: 1)
        let type = try text("rope.scaling.type", default: "linear")
        let plain = try plainScaling(
            type, factor: factor == 0 ? 1 : factor, attentionFactor: attentionFactor, originalLength: originalLength)
        func tensor(_ name: String, _ scaling: RotarySettings.Scaling) throws(CheckpointError)
            -> RotarySettings.Scaling
        {
            guard plain == .none else {
                throw CheckpointError(
                    file: gguf.path, place: "tensor '\(name)' and metadata '\(architecture).rope.scaling.factor'",
                    problem: "both scale RoPE, expected one of them")
            }
            return scaling
        }
        if gguf.tensors.contains("rope_freqs.weight") {
            return try tensor("rope_freqs.weight", .divisors(try divisors("rope_freqs.weight")))
        }
        if gguf.tensors.contains("rope_factors_short.weight") || gguf.tensors.contains("rope_factors_long.weight") {
            return try tensor(
                "rope_factors_short.weight",
                .longrope(
                    RotarySettings.LongRoPE(
                        short: try divisors("rope_factors_short.weight"),
                        long: try divisors("rope_factors_long.weight"),
                        attentionFactor: attentionFactor, originalLength: originalLength)))
        }
        guard type != "longrope" else {
            throw fault("rope.scaling.type", "tensors 'rope_factors_short.weight' with it")
        }
        return plain
    }

    /// The scaling that metadata alone describe; none for LongRoPE, whose divisors are tensors.
    private func plainScaling(
        _ type: String, factor: Double, attentionFactor: Double, originalLength: Int
    ) throws(CheckpointError) -> RotarySettings.Scaling {
        switch type {
        case "none", "longrope": return .none
        case "linear": return factor == 1 ? .none : .linear(factor: factor)
        case "yarn":
            for (key, plain) in [
                ("rope.scaling.yarn_ext_factor", 1.0), ("rope.scaling.yarn_attn_factor", 1),
                ("rope.scaling.yarn_log_multiplier", 0),
            ] {
                guard try number(key, default: plain) == plain else { throw fault(key, "\(plain)") }
            }
            return .yarn(
                RotarySettings.YaRN(
                    factor: factor, attentionFactor: attentionFactor * (1 + 0.1 * log(max(factor, 1))),
                    betaFast: try positive("rope.scaling.yarn_beta_fast", default: 32),
                    betaSlow: try positive("rope.scaling.yarn_beta_slow", default: 1),
                    originalLength: Double(originalLength), isTruncated: true))
        default: throw fault("rope.scaling.type", "\"none\", \"linear\", \"yarn\" or \"longrope\"")
        }
    }

    private func value(_ key: String) -> GGUF.Value? { gguf.metadata["\(architecture).\(key)"] }

    /// The value that several keys agree on.
    private func read<Result>(
        _ keys: [String], default fallback: Result?, _ expected: String, _ convert: (GGUF.Value) -> Result?
    ) throws(CheckpointError) -> Result {
        guard let first = keys.first(where: { value($0) != nil }), let found = value(first) else {
            if let fallback { return fallback }
            throw fault(keys.first ?? "", expected)
        }
        for other in keys where other != first {
            guard let second = value(other), found != second else { continue }
            throw CheckpointError(
                file: gguf.path, place: "metadata '\(architecture).\(first)' and '\(architecture).\(other)'",
                problem: "are \(found.excerpt) and \(second.excerpt), expected the same, since both mean one thing")
        }
        guard let result = convert(found) else { throw fault(first, expected) }
        return result
    }
}

extension GGUF.Value {
    /// The value as an error shows it.
    var excerpt: String {
        switch self {
        case .int(let value): "\(value)"
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): "\"\(value.prefix(80))\""
        case .array(let values): "a list of \(values.count) values"
        }
    }
}
