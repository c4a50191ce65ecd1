import Foundation

/// Rotary position embedding (Su et al. 2021) in the half-split layout: component `i` turns with component `i + half`.
public struct RotaryEmbedding: Sendable, Equatable {
    /// How frequencies are stretched beyond the length a model was first trained on.
    public enum Scaling: Sendable, Equatable {
        case none
        case linear(factor: Double)
        /// Llama 3.1's: low frequencies are divided by `factor`, high ones kept, those between blended.
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalLength: Double)
        /// Divisors given one a frequency, as GGUF files hold them.
        case divisors([Double])
    }

    /// Radians a position for each component pair, `[headWidth / 2]`.
    public let frequencies: [Double]

    /// Frequencies `theta^(−2i / headWidth)`, scaled.
    public init(headWidth: Int, theta: Double, scaling: Scaling) {
        let half = headWidth / 2
        let plain = (0..<half).map { pow(theta, -2 * Double($0) / Double(headWidth)) }
        switch scaling {
        case .none: frequencies = plain
        case .linear(let factor): frequencies = plain.map { $0 / factor }
        case .divisors(let divisors):
            precondition(divisors.count == half, "\(divisors.count) divisors for \(half) frequencies")
            frequencies = zip(plain, divisors).map { $0 / $1 }
        case .llama3(let factor, let low, let high, let length):
            frequencies = plain.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                if wavelength < length / high { return frequency }
                if wavelength > length / low { return frequency / factor }
                let blend = (length / wavelength - low) / (high - low)
                return (1 - blend) * frequency / factor + blend * frequency
            }
        }
    }

    /// Cosines and sines for positions `0..<count`, each `[count, headWidth / 2]`, computed in f64.
    func table(positions count: Int) -> RotaryTable {
        var cosines: [Float] = []
        var sines: [Float] = []
        for position in 0..<count {
            for frequency in frequencies {
                let angle = Double(position) * frequency
                cosines.append(Float(cos(angle)))
                sines.append(Float(sin(angle)))
            }
        }
        return RotaryTable(half: frequencies.count, cosines: cosines, sines: sines)
    }
}

/// Cosines and sines by position.
struct RotaryTable: Sendable {
    let half: Int
    let cosines: [Float]
    let sines: [Float]

    /// Turns each head of each row in place; `rows` is `[positions.count, heads · 2 · half]`.
    func rotate(_ rows: UnsafeMutablePointer<Float>, heads: Int, positions: [Int]) {
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                for (row, position) in positions.enumerated() {
                    let base = position * half
                    for head in 0..<heads {
                        let first = rows + (row * heads + head) * 2 * half
                        let second = first + half
                        for index in 0..<half {
                            let (x, y) = (first[index], second[index])
                            first[index] = x * cosines[base + index] - y * sines[base + index]
                            second[index] = y * cosines[base + index] + x * sines[base + index]
                        }
                    }
                }
            }
        }
    }
}
