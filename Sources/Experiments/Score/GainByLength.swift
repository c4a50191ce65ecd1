import Interventions
import Statistics

/// What a gain owes to the lengths of the responses: where either is longer, and what is left at equal length.
///
/// A tuned model that makes every token somewhat less likely raises the margin of each pair whose rejected response is longer.
public struct GainByLength: Sendable {
    /// The gain of each pair, `[pair]`.
    public let gain: [Double]
    /// Tokens of the rejected response minus those of the chosen one, `[pair]`.
    public let excess: [Int]
    private let estimates: [Double]
    private let intervals: [Interval?]

    /// A mean gain with its interval over prompts.
    public typealias Estimate = (mean: Double, interval: Interval?)

    /// The mean gain where the rejected response is longer.
    public var rejectedLonger: Estimate { (estimates[0], intervals[0]) }
    /// The mean gain where the chosen response is longer.
    public var chosenLonger: Estimate { (estimates[1], intervals[1]) }
    /// The gain at equal length, by least squares.
    public var equalLength: Estimate { (estimates[2], intervals[2]) }

    /// - Parameter gain: one number per pair, `[pair]`.
    init(_ gain: [Double], pairs: [PackedPair], bootstrap: ClusterBootstrap) {
        self.gain = gain
        excess = pairs.map { $0.rejectedTokens - $0.chosenTokens }
        let x = excess.map(Double.init)
        let rejectedLonger = excess.map { $0 > 0 ? 1.0 : 0 }
        let chosenLonger = excess.map { $0 < 0 ? 1.0 : 0 }
        func product(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 * $1 } }
        let columns = [
            x, product(x, x), gain, product(x, gain), rejectedLonger, product(rejectedLonger, gain), chosenLonger,
            product(chosenLonger, gain),
        ]
        estimates = Self.statistics(pairs: Double(gain.count), columns.map { $0.reduce(0, +) })
        intervals = bootstrap.intervals(of: ClusteredValues(columns, clusters: pairs.map(\.cluster))) {
            Self.statistics(pairs: $0.pairs, $0.sums)
        }
    }

    /// Means where either response is longer, and the intercept of gain = a + b (rejected − chosen tokens) by least squares:
    /// a = (Σx² Σy − Σx Σxy) / (n Σx² − (Σx)²). Not a number where no pair tells.
    private static func statistics(pairs n: Double, _ s: [Double]) -> [Double] {
        [s[5] / s[4], s[7] / s[6], (s[1] * s[2] - s[0] * s[3]) / (n * s[1] - s[0] * s[0])]
    }
}
