#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// xoshiro256** (Blackman & Vigna 2018), seeded through SplitMix64; a stream number gives independent sequences to one seed.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spare: Double?

    /// The sequence that a seed and a stream number name.
    public init(seed: UInt64, stream: UInt64 = 0) {
        var mixer = SplitMix(state: seed)
        let first = mixer.next()
        mixer = SplitMix(state: first ^ (stream &* 0xD1B5_4A32_D192_ED03))
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    /// A stream number that several whole numbers name together.
    public static func stream(_ parts: Int...) -> UInt64 {
        var mixer = SplitMix(state: 0)
        for part in parts { mixer = SplitMix(state: mixer.next() ^ UInt64(bitPattern: Int64(part))) }
        return mixer.next()
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, by: 45)
        return result
    }

    /// A standard normal number (Box & Muller 1958).
    public mutating func nextNormal() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(1 - nextUnit())).squareRoot()
        let angle = 2 * Double.pi * nextUnit()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }

    /// A uniform number in `[0, 1)` with 53 random bits.
    public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    private func rotate(_ value: UInt64, by places: UInt64) -> UInt64 { value << places | value >> (64 - places) }
}

/// SplitMix64 (Steele, Lea & Flood 2014): spreads a seed over a larger state.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
