import Foundation

/// What a checkpoint says about rotary positions (Su et al. 2021), whichever format says it.
public struct RotarySettings: Sendable, Equatable {
    /// How the frequencies differ from `theta^(-2i / width)`.
    public enum Scaling: Sendable, Equatable {
        case none
        /// All frequencies divided (position interpolation; Chen et al. 2023).
        case linear(factor: Double)
        /// Low frequencies divided, high ones kept, a ramp between (Llama 3.1).
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalLength: Double)
        /// A ramp over dimensions between divided and kept frequencies (Peng et al. 2023).
        case yarn(YaRN)
        /// One divisor per frequency, other ones above the original length (Ding et al. 2024).
        case longrope(LongRoPE)
        /// One divisor per frequency, as llama.cpp stores Llama 3's.
        case divisors([Double])
    }

    /// The parameters of YaRN, all of them resolved.
    public struct YaRN: Sendable, Equatable {
        /// By how much the lowest frequencies are divided.
        public let factor: Double
        /// What sines and cosines are multiplied by.
        public let attentionFactor: Double
        /// Turns over the original length at which the ramp begins and ends.
        public let betaFast, betaSlow: Double
        /// The length in tokens that the model was first trained for.
        public let originalLength: Double
        /// Whether the ramp's ends are rounded to whole dimensions.
        public let isTruncated: Bool
    }

    /// The parameters of LongRoPE, all of them resolved.
    public struct LongRoPE: Sendable, Equatable {
        /// Divisors for texts up to the original length, and for longer ones; one per frequency.
        public let short, long: [Double]
        /// What sines and cosines are multiplied by.
        public let attentionFactor: Double
        /// The length in tokens up to which the short divisors are used.
        public let originalLength: Int
    }

    /// The base of the frequencies.
    public let theta: Double
    /// How many of a head's dimensions turn; even.
    public let width: Int
    /// How the frequencies differ from the plain ones.
    public let scaling: Scaling
}

extension HuggingFaceSettings {
    /// The other names that one family has for the same settings.
    public struct RotaryKeys: Sendable {
        let theta, partialFactor, scaling: [String]

        /// - Parameter scaling: where scaling stands besides `rope_parameters`; none for layers that older files never scale.
        public init(
            theta: [String] = ["rope_theta"], partialFactor: [String] = ["partial_rotary_factor"],
            scaling: [String] = ["rope_scaling"]
        ) {
            self.theta = theta
            self.partialFactor = partialFactor
            self.scaling = scaling
        }
    }

    /// Reads `rope_parameters` and the older keys, which must agree with it.
    /// - Parameters:
    ///   - layerType: which part counts where `rope_parameters` has one for each type of layer.
    ///   - headWidth: dimensions of one head.
    ///   - maximumLength: in tokens; the original length where the file names none.
    /// - Throws: ``CheckpointError`` for a type that is not supported, and naming both keys where two disagree.
    public func rotary(
        layerType: String = "full_attention", headWidth: Int, maximumLength: Int, defaultTheta: Double = 10_000,
        defaultPartialFactor: Double = 1, keys: RotaryKeys = RotaryKeys()
    ) throws(CheckpointError) -> RotarySettings {
        let isByLayerType = value(at: "rope_parameters")?.object?.contains { $0.value.object != nil } ?? false
        let parameters = isByLayerType ? "rope_parameters.\(layerType)" : "rope_parameters"
        let reader = RotaryReader(
            settings: self, parts: [parameters] + keys.scaling, maximumLength: maximumLength)
        let factor = try reader.number(
            "partial_rotary_factor", besides: keys.partialFactor, default: defaultPartialFactor)
        let width = Int(Double(headWidth) * factor)
        guard factor <= 1, width >= 2, width % 2 == 0 else {
            throw CheckpointError(
                file: file, place: "rotary positions",
                problem: "turn \(width) of a head's \(headWidth) dimensions, expected an even number from 2 on")
        }
        return RotarySettings(
            theta: try reader.number("rope_theta", besides: keys.theta, default: defaultTheta), width: width,
            scaling: try reader.scaling(frequencies: width / 2))
    }
}

/// Reads one kind of RoPE out of the objects that may describe it.
private struct RotaryReader {
    let settings: HuggingFaceSettings
    /// Paths of the objects, the newest form first.
    let parts: [String]
    let maximumLength: Int

    private func paths(_ key: String) -> [String] { parts.map { "\($0).\(key)" } }

    func number(
        _ key: String, besides others: [String] = [], default fallback: Double? = nil
    ) throws(CheckpointError) -> Double {
        try settings.positive(any: named(key) + others, default: fallback)
    }

    /// The key's paths, the one that the file most likely means first, so that an error about a missing value names it.
    private func named(_ key: String) -> [String] {
        let paths = paths(key)
        guard let index = parts.firstIndex(where: { settings.value(at: $0) != nil }) else { return paths }
        return [paths[index]] + paths.enumerated().filter { $0.offset != index }.map(\.element)
    }

    private enum Kind { case none, linear, llama3, yarn, longrope }

    private static let keys: [Kind: Set<String>] = [
        .none: [], .linear: ["factor"],
        .llama3: ["factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"],
        .yarn: [
            "factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate",
            "original_max_position_embeddings",
        ],
        .longrope: ["factor", "attention_factor", "short_factor", "long_factor", "original_max_position_embeddings"],
    ]

    func scaling(frequencies: Int) throws(CheckpointError) -> RotarySettings.Scaling {
        for part in parts {
            guard let value = settings.value(at: part), value.object == nil else { continue }
            throw settings.fault(part, "an object of RoPE parameters")
        }
        let kind = try settings.choice(
            any: named("rope_type") + paths("type"),
            among: [
                "default": Kind.none, "linear": .linear, "llama3": .llama3, "yarn": .yarn, "longrope": .longrope,
                "su": .longrope,
            ], default: Kind.none)
        let known = (Self.keys[kind] ?? []).union(["rope_type", "type", "rope_theta", "partial_rotary_factor"])
        for part in parts {
            for member in settings.value(at: part)?.object ?? [] where !known.contains(member.key) {
                guard member.value != .null else { continue }
                throw settings.fault("\(part).\(member.key)", "none with this type of RoPE")
            }
        }
        switch kind {
        case .none: return .none
        case .linear: return .linear(factor: try number("factor"))
        case .llama3:
            return .llama3(
                factor: try number("factor"), lowFrequencyFactor: try number("low_freq_factor"),
                highFrequencyFactor: try number("high_freq_factor"), originalLength: Double(try originalLength()))
        case .yarn: return .yarn(try yarn())
        case .longrope: return .longrope(try longrope(frequencies: frequencies))
        }
    }

    private func originalLength() throws(CheckpointError) -> Int {
        let length = try number(
            "original_max_position_embeddings", besides: ["original_max_position_embeddings"],
            default: Double(maximumLength))
        guard let length = Int(exactly: length) else {
            throw settings.fault(named("original_max_position_embeddings")[0], "a whole number")
        }
        return length
    }

    private func optional(_ key: String) throws(CheckpointError) -> Double? {
        guard paths(key).contains(where: { settings.value(at: $0) != nil }) else { return nil }
        return try number(key)
    }

    private func yarn() throws(CheckpointError) -> RotarySettings.YaRN {
        let originalLength = Double(try originalLength())
        let factor = try optional("factor") ?? Double(maximumLength) / originalLength
        func magnitude(_ weight: Double) -> Double { factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1 }
        let implied: Double
        // As in transformers, 0 is none.
        func nonzero(_ key: String) throws(CheckpointError) -> Double? {
            paths(key).contains { settings.value(at: $0)?.number == 0 } ? nil : try optional(key)
        }
        if let weight = try nonzero("mscale"), let all = try nonzero("mscale_all_dim") {
            implied = magnitude(weight) / magnitude(all)
        } else {
            implied = magnitude(1)
        }
        let truncates = try paths("truncate").compactMap { settings.value(at: $0) }.map {
            value throws(CheckpointError) in
            guard let flag = value.bool else { throw settings.fault(named("truncate")[0], "true or false") }
            return flag
        }
        return RotarySettings.YaRN(
            factor: factor, attentionFactor: try optional("attention_factor") ?? implied,
            betaFast: try number("beta_fast", default: 32), betaSlow: try number("beta_slow", default: 1),
            originalLength: originalLength, isTruncated: truncates.first ?? true)
    }

    private func longrope(frequencies: Int) throws(CheckpointError) -> RotarySettings.LongRoPE {
        func divisors(_ key: String) throws(CheckpointError) -> [Double] {
            let kind = "positive numbers"
            let found = try settings.list(any: named(key), count: frequencies, of: kind) { value in
                value.number.flatMap { $0 > 0 ? $0 : nil }
            }
            guard let found else { throw settings.fault(named(key)[0], "a list of \(frequencies) \(kind)") }
            return found
        }
        let originalLength = try originalLength()
        let factor = try optional("factor") ?? Double(maximumLength) / Double(originalLength)
        let implied = factor <= 1 ? 1 : (1 + log(factor) / log(Double(originalLength))).squareRoot()
        return RotarySettings.LongRoPE(
            short: try divisors("short_factor"), long: try divisors("long_factor"),
            attentionFactor: try optional("attention_factor") ?? implied, originalLength: originalLength)
    }
}
