/// Bands that hold all columns' means at once, from the bootstrap's largest studentised deviation.
///
/// With a column's bootstrap deviation s, the band is `mean ± c·s`, c the quantile of `max |mean* − mean| / s` over columns: Westfall &
/// Young (1993), Romano & Wolf (2005).
public struct SimultaneousBands: Sendable, Equatable {
    /// Where the resamples and the coverage come from.
    public let bootstrap: ClusterBootstrap

    /// Bands from a bootstrap.
    public init(_ bootstrap: ClusterBootstrap) { self.bootstrap = bootstrap }

    /// A band for each column's mean over pairs, `[column]`; of no width where the values of a column are all alike, `nil` where there
    /// is one cluster only.
    public func means(of values: ClusteredValues) -> [Interval]? {
        means(of: values, draws: bootstrap.draws(of: values.clusterCount))
    }

    /// The same with resamples of the caller's own, each as many clusters as there are.
    public func means(of values: ClusteredValues, draws: some Sequence<[Int]>) -> [Interval]? {
        guard values.clusterCount > 1 else { return nil }
        let whole = values.totals
        let means = whole.sums.map { $0 / whole.pairs }
        let replicates = bootstrap.replicates(of: values, draws: draws) { totals in
            totals.sums.map { $0 / totals.pairs }
        }
        let resamples = replicates.first?.count ?? 0
        guard resamples > 1 else { return nil }
        let deviations = zip(means, replicates).map { mean, replicates in
            let deviation = replicates.standardDeviation
            return deviation > abs(mean) * 1e-12 ? deviation : 0
        }
        let largest = (0..<resamples).map { resample in
            means.indices.reduce(0) { most, column in
                deviations[column] == 0
                    ? most : max(most, abs(replicates[column][resample] - means[column]) / deviations[column])
            }
        }
        let critical = largest.quantile(bootstrap.level)
        return means.indices.map { column in
            let reach = critical * deviations[column]
            return Interval(estimate: means[column], lower: means[column] - reach, upper: means[column] + reach)
        }
    }
}
