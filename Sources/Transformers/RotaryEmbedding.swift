import Checkpoints
import Foundation
import Numerics

/// Rotary position embedding (Su et al. 2021) in the half-split layout: component `i` turns with component `i + half`.
public struct RotaryEmbedding: Sendable, Equatable {
    /// Radians per position for each pair of components, `[width / 2]`.
    public let frequencies: [Double]
    /// Factor of cosines and sines, which YaRN and LongRoPE make larger than 1.
    public let amplitude: Double
    /// The longest text that they hold for, in tokens; nil for any. LongRoPE has others for longer texts.
    public let longest: Int?

    /// Frequencies `theta^(−2i / width)`, scaled as a checkpoint says; LongRoPE's divisors are those within the original length.
    public init(_ settings: RotarySettings) {
        let width = settings.width
        let plain = Self.plain(width: width, theta: settings.theta)
        longest = if case .longrope(let long) = settings.scaling { long.originalLength } else { nil }
        func divided(by divisors: [Double]) -> [Double] {
            precondition(divisors.count == plain.count, "\(divisors.count) divisors for \(plain.count) frequencies")
            return zip(plain, divisors).map { $0 / $1 }
        }
        switch settings.scaling {
        case .none: (frequencies, amplitude) = (plain, 1)
        case .linear(let factor): (frequencies, amplitude) = (plain.map { $0 / factor }, 1)
        case .divisors(let divisors): (frequencies, amplitude) = (divided(by: divisors), 1)
        case .longrope(let long): (frequencies, amplitude) = (divided(by: long.short), long.attentionFactor)
        case .llama3(let factor, let low, let high, let length):
            amplitude = 1
            frequencies = plain.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                if wavelength < length / high { return frequency }
                if wavelength > length / low { return frequency / factor }
                let blend = (length / wavelength - low) / (high - low)
                return (1 - blend) * frequency / factor + blend * frequency
            }
        case .yarn(let yarn):
            amplitude = yarn.attentionFactor
            /// The index of the frequency that turns this many times over the original length.
            func place(_ turns: Double) -> Double {
                Double(width) * log(yarn.originalLength / (turns * 2 * .pi)) / (2 * log(settings.theta))
            }
            let (fast, slow) = (place(yarn.betaFast), place(yarn.betaSlow))
            let low = max(yarn.isTruncated ? fast.rounded(.down) : fast, 0)
            let high = min(yarn.isTruncated ? slow.rounded(.up) : slow, Double(width - 1))
            let length = high == low ? 0.001 : high - low
            frequencies = plain.enumerated().map { index, frequency in
                let blend = min(max((Double(index) - low) / length, 0), 1)
                return frequency / yarn.factor * blend + frequency * (1 - blend)
            }
        }
    }

    /// Plain frequencies `theta^(−2i / width)`.
    public init(width: Int, theta: Double) {
        frequencies = Self.plain(width: width, theta: theta)
        amplitude = 1
        longest = nil
    }

    /// Turns nothing: for the layers without rotation of a family that rotates elsewhere.
    public static let identity = RotaryEmbedding(width: 0, theta: 1)

    private static func plain(width: Int, theta: Double) -> [Double] {
        (0..<width / 2).map { pow(theta, -2 * Double($0) / Double(width)) }
    }

    /// Cosines and sines for positions `0..<count`, computed in f64.
    func table(positions count: Int) -> RotaryTable {
        let half = frequencies.count
        let table = Rows(count: count, width: 2 * half)
        for position in 0..<count {
            let row = table.row(position)
            for (index, frequency) in frequencies.enumerated() {
                let angle = Double(position) * frequency
                row[index] = Float(cos(angle) * amplitude)
                row[half + index] = Float(sin(angle) * amplitude)
            }
        }
        return RotaryTable(half: half, table: table)
    }
}

/// Cosines and sines by position, `[position, 2 · half]`: the cosines of a position, then its sines.
struct RotaryTable: Sendable {
    fileprivate let half: Int
    fileprivate let table: Rows

    /// Turns the first `2 · half` numbers of each head of a row in place; `row` is `[heads, width]`.
    func rotate(_ row: UnsafeMutablePointer<Float>, heads: Int, width: Int, position: Int) {
        let cosines = table.row(position)
        for head in 0..<heads {
            Kernels.rotate(row + head * width, cosines: cosines, sines: cosines + half, half: half)
        }
    }
}
