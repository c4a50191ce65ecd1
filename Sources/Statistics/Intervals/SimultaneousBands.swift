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
        let once = values.totals(weights: Array(repeating: 1, count: values.clusterCount))
        let means = once.sums.map { $0 / once.pairs }
        var replicates: [[Double]] = []
        for draw in draws {
            var weights = [Double](repeating: 0, count: values.clusterCount)
            for cluster in draw { weights[cluster] += 1 }
            let totals = values.totals(weights: weights)
            replicates.append(totals.sums.map { $0 / totals.pairs })
        }
        guard replicates.count > 1 else { return nil }
        let deviations = means.indices.map { column in
            let deviation = replicates.map { $0[column] }.standardDeviation
            return deviation > abs(means[column]) * 1e-12 ? deviation : 0
        }
        let largest = replicates.map { replicate in
            means.indices.reduce(0) { most, column in
                deviations[column] == 0
                    ? most : max(most, abs(replicate[column] - means[column]) / deviations[column])
            }
        }
        let critical = largest.quantile(bootstrap.level)
        return means.indices.map { column in
            let reach = critical * deviations[column]
            return Interval(estimate: means[column], lower: means[column] - reach, upper: means[column] + reach)
        }
    }
}
