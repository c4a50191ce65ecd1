/// Per-pair values summed within clusters: all that resampling whole clusters has to know.
///
/// Pairs of one prompt depend on one another, so a cluster is what one draws, leaves out or flips.
public struct ClusteredValues: Sendable, Equatable {
    /// The number of clusters.
    public let clusterCount: Int
    /// The number of columns.
    public let columnCount: Int
    /// How many pairs each cluster has, `[cluster]`.
    public let counts: [Double]
    /// The sums of a cluster's values, `[cluster, column]`.
    public let sums: [Double]

    /// Sums columns of per-pair values.
    /// - Parameters:
    ///   - columns: finite values, `[column][pair]`.
    ///   - clusters: the cluster of each pair, `[pair]`; any whole numbers, taken in the order of their first appearance.
    public init(_ columns: [[Double]], clusters: [Int]) {
        var number: [Int: Int] = [:]
        var counts: [Double] = []
        let places = clusters.map { cluster in
            let place = number[cluster] ?? counts.count
            if place == counts.count {
                number[cluster] = place
                counts.append(0)
            }
            counts[place] += 1
            return place
        }
        var sums = [Double](repeating: 0, count: counts.count * columns.count)
        for (column, values) in columns.enumerated() {
            precondition(
                values.count == clusters.count, "column \(column) has \(values.count) pairs, clusters \(clusters.count)"
            )
            for (pair, value) in values.enumerated() {
                precondition(value.isFinite, "column \(column), pair \(pair): expected a finite value, found \(value)")
                sums[places[pair] * columns.count + column] += value
            }
        }
        clusterCount = counts.count
        columnCount = columns.count
        self.counts = counts
        self.sums = sums
    }

    /// Sums one column of per-pair values, `[pair]`.
    public init(_ values: [Double], clusters: [Int]) { self.init([values], clusters: clusters) }

    /// How often a cluster counts in each of some resamples.
    typealias Weight = SIMD8<Double>

    /// The totals over all clusters.
    var totals: ClusterTotals { totals([Weight](repeating: .one, count: clusterCount))[0] }

    /// The totals of some resamples, each summed in the order of the clusters.
    /// - Parameter weights: how often each cluster counts, `[cluster]`.
    func totals(_ weights: [Weight]) -> [ClusterTotals] {
        var pairs = Weight.zero
        var totals = [Weight](repeating: .zero, count: columnCount)
        totals.withUnsafeMutableBufferPointer { totals in
            sums.withUnsafeBufferPointer { sums in
                for (cluster, weight) in weights.enumerated() {
                    pairs += weight * counts[cluster]
                    let row = cluster * columnCount
                    for column in 0..<columnCount { totals[column] += weight * sums[row + column] }
                }
            }
        }
        return pairs.indices.map { resample in
            ClusterTotals(pairs: pairs[resample], sums: totals.map { $0[resample] })
        }
    }
}

/// Sums over all pairs of a resample, from which a statistic is computed.
public struct ClusterTotals: Sendable, Equatable {
    /// The number of pairs, those of a cluster drawn twice counted twice.
    public let pairs: Double
    /// The sum of each column's values, `[column]`.
    public let sums: [Double]
}
