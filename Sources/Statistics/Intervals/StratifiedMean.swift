/// The mean of strata's means, each stratum with the same weight, and its interval over the values within strata.
///
/// The strata are fixed: the interval says how far the mean would move with other values of the same strata, not with other strata.
public struct StratifiedMean: Sendable, Equatable {
    /// The mean of the strata's means.
    public let mean: Double
    /// Student's interval with Satterthwaite's degrees of freedom, Biometrics Bulletin 2 (1946); nil where a stratum has one value.
    public let interval: Interval?

    /// The mean of one stratum or more, each of one value or more.
    /// - Parameters:
    ///   - level: the coverage aimed at, for values that are normal within strata.
    ///   - bounds: what the mean cannot leave; the interval ends there.
    public init(_ strata: [[Double]], level: Double = 0.95, within bounds: ClosedRange<Double>) {
        precondition(level > 0 && level < 1, "a level is between 0 and 1, found \(level)")
        let mean = strata.map(\.mean).mean
        self.mean = mean
        guard strata.allSatisfy({ $0.count > 1 }) else {
            interval = nil
            return
        }
        let variances = strata.map { values in
            let deviation = values.standardDeviation / Double(strata.count)
            return deviation * deviation / Double(values.count)
        }
        let variance = variances.reduce(0, +)
        guard variance > 0 else {
            interval = Interval(estimate: mean, lower: mean, upper: mean)
            return
        }
        let degrees =
            variance * variance
            / zip(variances, strata).reduce(0) { $0 + $1.0 * $1.0 / Double($1.1.count - 1) }
        let half = StudentT(degrees: degrees).quantile((1 + level) / 2) * variance.squareRoot()
        interval = Interval(
            estimate: mean, lower: max(mean - half, bounds.lowerBound), upper: min(mean + half, bounds.upperBound))
    }
}
