#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Intervals for means over pairs that hold at every number of clusters at once, so that one may look as pairs come in, and stop
/// when one likes.
///
/// With n clusters and a standard error s of the mean, `mean ± s √n · √(2 (nρ² + 1) / (n²ρ²) · log(√(nρ² + 1) / α))`: the asymptotic
/// confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Annals of Statistics 52 (2024). Several means at once share
/// α (Bonferroni). It holds only asymptotically, so few clusters give no result.
public struct ConfidenceSequence: Sendable, Equatable {
    /// The coverage over all moments, such as 0.95.
    public let level: Double
    /// The number of clusters at which intervals are narrowest.
    public let expected: Int
    /// The fewest clusters over which there are intervals and p-values.
    public let fewest: Int

    /// A sequence with a coverage.
    public init(level: Double = 0.95, expected: Int, fewest: Int) {
        precondition(
            level > 0 && level < 1 && expected > 0 && fewest > 1,
            "a level of \(level), \(expected) and \(fewest) clusters")
        self.level = level
        self.expected = expected
        self.fewest = fewest
    }

    /// An interval for each column's mean over pairs, `[column]`; nil where there are too few clusters.
    /// - Parameter family: how many means the coverage is shared among.
    public func means(of values: ClusteredValues, family: Int = 1) -> [Interval]? {
        errors(of: values).map { means in
            means.map { interval($0.mean, error: $0.error, clusters: values.clusterCount, family: family) }
        }
    }

    /// An interval for each column's mean over the mean of one of them, `[column]`; nil where there are too few clusters, or
    /// where that mean is zero.
    ///
    /// The error is that of the linearised ratio: of the column minus ratio times denominator, over the denominator.
    public func ratios(of values: ClusteredValues, to denominator: Int) -> [Interval]? {
        let columns = values.columnCount
        func column(_ column: Int) -> [Double] { (0..<values.clusterCount).map { values.sums[$0 * columns + column] } }
        let below = column(denominator)
        let whole = below.reduce(0, +)
        guard values.clusterCount >= fewest, whole != 0 else { return nil }
        let clusters = Double(values.clusterCount)
        return (0..<columns).map { index in
            let above = column(index)
            let ratio = above.reduce(0, +) / whole
            let squares = zip(above, below).reduce(0) { $0 + ($1.0 - ratio * $1.1) * ($1.0 - ratio * $1.1) }
            let error = (squares * clusters / (clusters - 1)).squareRoot() / abs(whole)
            return interval(ratio, error: error, clusters: values.clusterCount, family: 1)
        }
    }

    /// For each column, the p-value of no mean, valid at whatever moment one looks, `[column]`: the least α whose interval leaves
    /// out zero; nil where there are too few clusters.
    public func p(_ values: ClusteredValues, family: Int = 1) -> [Double]? {
        errors(of: values).map { means in
            means.map { p(distance: abs($0.mean), error: $0.error, clusters: values.clusterCount, family: family) }
        }
    }

    /// For each column, the p-value of a mean beyond ± a margin, valid at whatever moment one looks, `[column]`; nil where
    /// there are too few clusters.
    public func equivalence(_ values: ClusteredValues, margin: Double) -> [Double]? {
        errors(of: values).map { means in
            means.map { p(distance: margin - abs($0.mean), error: $0.error, clusters: values.clusterCount, family: 1) }
        }
    }

    /// Each column's mean with its standard error, `[column]`; nil where there are too few clusters.
    private func errors(of values: ClusteredValues) -> [(mean: Double, error: Double)]? {
        guard values.clusterCount >= fewest else { return nil }
        let found = ClusteredMeans(values)
        return found.standardErrors.map { errors in zip(found.means, errors).map { (mean: $0, error: $1) } }
    }

    private func interval(_ estimate: Double, error: Double, clusters: Int, family: Int) -> Interval {
        let half = error * reach(clusters: clusters, family: family)
        return Interval(estimate: estimate, lower: estimate - half, upper: estimate + half)
    }

    /// How many standard errors an interval reaches.
    private func reach(clusters: Int, family: Int) -> Double {
        let mixed = Double(clusters) * mixture(family: family)
        return (2 * (mixed + 1) / mixed * log((mixed + 1).squareRoot() / (alpha / Double(family)))).squareRoot()
    }

    private func p(distance: Double, error: Double, clusters: Int, family: Int) -> Double {
        guard distance > 0 else { return 1 }
        guard error > 0 else { return 0 }
        let mixed = Double(clusters) * mixture(family: family)
        let errors = distance / error
        return min(1, Double(family) * (mixed + 1).squareRoot() * exp(-errors * errors * mixed / (2 * (mixed + 1))))
    }

    private var alpha: Double { 1 - level }

    /// ρ², with which the sequence is about as narrow as it can be at the expected number of clusters.
    private func mixture(family: Int) -> Double {
        let twice = -2 * log(alpha / Double(family))
        return (twice + log(twice) + 1) / Double(expected)
    }
}
