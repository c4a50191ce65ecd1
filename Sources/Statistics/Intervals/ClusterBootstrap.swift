import Numerics
import Random

/// Confidence intervals from resampling whole clusters: bias-corrected and accelerated, BCa.
///
///     let bootstrap = ClusterBootstrap(seed: 7)
///     let effect = bootstrap.means(of: ClusteredValues(effects, clusters: clusters))
///     let recovery = bootstrap.ratios(of: ClusteredValues(effects + [gains], clusters: clusters), to: effects.count)
///
/// All statistics of one call share the same resamples. Efron, *Better Bootstrap Confidence Intervals*, JASA 82 (1987).
public struct ClusterBootstrap: Sendable, Equatable {
    /// How many resamples are drawn.
    public let samples: Int
    /// The coverage aimed at, such as 0.95.
    public let level: Double
    /// What the resamples follow from.
    public let seed: UInt64

    /// A bootstrap with a number of resamples and a coverage.
    public init(samples: Int = 2000, level: Double = 0.95, seed: UInt64) {
        precondition(samples > 0, "a bootstrap draws one sample or more, found \(samples)")
        precondition(level > 0 && level < 1, "a level lies between 0 and 1, found \(level)")
        self.samples = samples
        self.level = level
        self.seed = seed
    }

    /// An interval for each column's mean over pairs, `[column]`; `nil` as for ``intervals(of:draws:statistics:)``.
    public func means(of values: ClusteredValues) -> [Interval?] {
        intervals(of: values) { totals in totals.sums.map { $0 / totals.pairs } }
    }

    /// An interval for each column's mean over the mean of one of them, `[column]`: a ratio of means, never a mean of ratios.
    /// - Parameter denominator: the column that divides; where its mean is zero, there is no interval.
    public func ratios(of values: ClusteredValues, to denominator: Int) -> [Interval?] {
        precondition(
            (0..<values.columnCount).contains(denominator),
            "column \(denominator) shall divide, there are \(values.columnCount)")
        return intervals(of: values) { totals in totals.sums.map { $0 / totals.sums[denominator] } }
    }

    /// An interval for each of some statistics of the totals, with resamples from the seed.
    public func intervals(of values: ClusteredValues, statistics: (ClusterTotals) -> [Double]) -> [Interval?] {
        intervals(of: values, draws: draws(of: values.clusterCount), statistics: statistics)
    }

    /// An interval for each of some statistics of the totals, with resamples of the caller's own.
    /// - Parameters:
    ///   - draws: the clusters of each resample, as many as there are clusters.
    ///   - statistics: the same number of statistics for any totals; not finite where one is undefined.
    /// - Returns: an interval for each statistic; `nil` where there is one cluster only, where the statistic is undefined on the
    ///   clusters, on a resample or with a cluster left out, and where every resample falls on one side of the estimate.
    public func intervals(
        of values: ClusteredValues, draws: some Sequence<[Int]>, statistics: (ClusterTotals) -> [Double]
    ) -> [Interval?] {
        let once = [Double](repeating: 1, count: values.clusterCount)
        let estimates = statistics(values.totals(weights: once))
        guard values.clusterCount > 1 else { return estimates.map { _ in nil } }

        let replicates = replicates(of: values, draws: draws, statistics: statistics)
        var leftOut = [[Double]](repeating: [], count: estimates.count)
        for cluster in 0..<values.clusterCount {
            var weights = once
            weights[cluster] = 0
            append(statistics(values.totals(weights: weights)), to: &leftOut)
        }
        return estimates.indices.map {
            BCa(estimate: estimates[$0], replicates: replicates[$0], leftOut: leftOut[$0]).interval(level: level)
        }
    }

    /// Some statistics of the totals on each resample, `[statistic][resample]`.
    public func replicates(
        of values: ClusteredValues, draws: some Sequence<[Int]>, statistics: (ClusterTotals) -> [Double]
    ) -> [[Double]] {
        var replicates: [[Double]] = []
        for draw in draws {
            precondition(
                draw.count == values.clusterCount, "a draw of \(draw.count) from \(values.clusterCount) clusters")
            var weights = [Double](repeating: 0, count: values.clusterCount)
            for cluster in draw { weights[cluster] += 1 }
            let found = statistics(values.totals(weights: weights))
            if replicates.isEmpty { replicates = found.map { _ in [] } }
            append(found, to: &replicates)
        }
        return replicates
    }

    /// The resamples that the seed gives: for each, the clusters drawn with replacement.
    public func draws(of clusterCount: Int) -> ClusterDraws {
        ClusterDraws(remaining: samples, clusterCount: clusterCount, seed: seed)
    }

    private func append(_ values: [Double], to columns: inout [[Double]]) {
        precondition(values.count == columns.count, "\(values.count) statistics, \(columns.count) before")
        for (column, value) in values.enumerated() { columns[column].append(value) }
    }
}

/// Resamples of clusters, the same whenever they are gone through.
public struct ClusterDraws: Sequence, IteratorProtocol, Sendable {
    private var remaining: Int
    private let clusterCount: Int
    private var generator: SeededGenerator

    init(remaining: Int, clusterCount: Int, seed: UInt64) {
        self.remaining = remaining
        self.clusterCount = clusterCount
        generator = SeededGenerator(seed: seed, stream: SeededGenerator.bootstrapStream)
    }

    /// The clusters of the next resample, as many as there are.
    public mutating func next() -> [Int]? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        return (0..<clusterCount).map { _ in generator.index(below: clusterCount) }
    }
}

/// An estimate with the bounds of its confidence interval.
public struct Interval: Sendable, Equatable {
    /// The statistic on all clusters.
    public let estimate: Double
    /// The lower bound.
    public let lower: Double
    /// The upper bound.
    public let upper: Double

    /// An interval out of its parts.
    public init(estimate: Double, lower: Double, upper: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
    }
}
