import Foundation
import Numerics

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

    /// Cosines and sines for positions `0..<count`, computed in f64.
    func table(positions count: Int) -> RotaryTable {
        let half = frequencies.count
        let table = Matrix(FloatBuffer(count: count * 2 * half), columns: 2 * half)
        for position in 0..<count {
            let row = table.row(position)
            for (index, frequency) in frequencies.enumerated() {
                let angle = Double(position) * frequency
                row[index] = Float(cos(angle))
                row[half + index] = Float(sin(angle))
            }
        }
        return RotaryTable(half: half, table: table)
    }
}

/// Cosines and sines by position, `[position, 2 · half]`: the cosines of a position, then its sines.
struct RotaryTable: Sendable {
    fileprivate let half: Int
    fileprivate let table: Matrix

    /// Turns each head of a row in place; `row` is `[heads · 2 · half]`.
    func rotate(_ row: UnsafeMutablePointer<Float>, heads: Int, position: Int) {
        for head in 0..<heads {
            Kernels.rotate(
                row + head * 2 * half, cosines: table.row(position), sines: table.row(position) + half, half: half)
        }
    }
}
