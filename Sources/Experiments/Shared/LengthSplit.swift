import Interventions
import Statistics

/// What an effect owes to the lengths of the responses: where either is longer, and what is left at equal length.
///
/// A model that makes every token somewhat less likely raises the margin of each pair whose rejected response is longer.
public struct LengthSplit: Sendable {
    /// A mean effect with its interval over prompts; not finite where no pair tells.
    public typealias Estimate = (mean: Double, interval: Interval?)

    /// The mean effect where the rejected response is longer.
    public let rejectedLonger: Estimate
    /// The mean effect where the chosen response is longer.
    public let chosenLonger: Estimate
    /// The effect at equal length, by least squares.
    public let equalLength: Estimate
    /// What sign flips test the effect at equal length by, `[pair]` (`ClusteredIntercepts`).
    let scores: [Double]

    /// The splits of columns of per-pair effects, `[column][pair]`.
    /// - Parameter excess: tokens of the rejected response minus those of the chosen one, `[pair]`.
    static func splits(
        _ columns: [[Double]], excess: [Int], clusters: [Int], bootstrap: ClusterBootstrap
    ) -> [LengthSplit] {
        let sides = [excess.map { $0 > 0 ? 1.0 : 0 }, excess.map { $0 < 0 ? 1.0 : 0 }]
        let means = sides.map { side in
            let all = [side] + columns.map { column in zip(side, column).map { $0 * $1 } }
            func means(_ sums: [Double]) -> [Double] { sums.dropFirst().map { $0 / sums[0] } }
            let estimates = means(all.map { $0.reduce(0, +) })
            let intervals = bootstrap.intervals(of: ClusteredValues(all, clusters: clusters)) { means($0.sums) }
            return zip(estimates, intervals).map { (mean: $0, interval: $1) }
        }
        let lines = ClusteredIntercepts(columns, on: excess.map(Double.init), clusters: clusters, bootstrap: bootstrap)
        return columns.indices.map { column in
            LengthSplit(
                rejectedLonger: means[0][column], chosenLonger: means[1][column],
                equalLength: (lines.estimates[column], lines.intervals[column]), scores: lines.scores[column])
        }
    }
}

extension PackedPair {
    /// Tokens of the rejected response minus those of the chosen one.
    var excess: Int { rejectedTokens - chosenTokens }
}
