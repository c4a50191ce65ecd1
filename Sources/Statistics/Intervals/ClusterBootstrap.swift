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
        let estimates = statistics(values.totals)
        guard values.clusterCount > 1 else { return estimates.map { _ in nil } }

        let replicates = replicates(of: values, draws: draws, statistics: statistics)
        var out = 0
        let leftOut = self.replicates(of: values, statistics: statistics) { weights, resample in
            guard out < weights.count else { return false }
            for cluster in weights.indices where cluster != out { weights[cluster][resample] = 1 }
            out += 1
            return true
        }
        return estimates.indices.map {
            BCa(estimate: estimates[$0], replicates: replicates[$0], leftOut: leftOut[$0]).interval(level: level)
        }
    }

    /// Some statistics of the totals on each resample, `[statistic][resample]`.
    public func replicates(
        of values: ClusteredValues, draws: some Sequence<[Int]>, statistics: (ClusterTotals) -> [Double]
    ) -> [[Double]] {
        var draws = draws.makeIterator()
        return replicates(of: values, statistics: statistics) { weights, resample in
            guard let draw = draws.next() else { return false }
            let count = weights.count
            precondition(
                draw.count == count && draw.allSatisfy { 0..<count ~= $0 },
                "expected \(count) clusters below \(count), found \(draw)")
            for cluster in draw { weights[cluster][resample] += 1 }
            return true
        }
    }

    /// - Parameter weigh: sets how often each cluster counts in the next resample, zero before; returns whether there is one.
    private func replicates(
        of values: ClusteredValues, statistics: (ClusterTotals) -> [Double],
        weigh: (_ weights: UnsafeMutableBufferPointer<ClusteredValues.Weight>, _ resample: Int) -> Bool
    ) -> [[Double]] {
        var replicates: [[Double]] = []
        let together = ClusteredValues.Weight.scalarCount
        while true {
            var weights = [ClusteredValues.Weight](repeating: .zero, count: values.clusterCount)
            let drawn = weights.withUnsafeMutableBufferPointer { weights in
                (0..<together).prefix { weigh(weights, $0) }.count
            }
            for totals in values.totals(weights).prefix(drawn) {
                let found = statistics(totals)
                if replicates.isEmpty { replicates = found.map { _ in [] } }
                precondition(found.count == replicates.count, "\(found.count) statistics, \(replicates.count) before")
                for (statistic, value) in found.enumerated() { replicates[statistic].append(value) }
            }
            if drawn < together { return replicates }
        }
    }

    /// The resamples that the seed gives: for each, the clusters drawn with replacement.
    public func draws(of clusterCount: Int) -> ClusterDraws {
        ClusterDraws(remaining: samples, clusterCount: clusterCount, seed: seed)
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
