import Statistics

/// Means of one quantity of the same pairs measured twice, and of the difference, second minus first, with intervals over prompts.
public struct PairedComparison: Sendable {
    /// Of the first, the second and the difference.
    public let means: [Double]
    /// The same three's intervals.
    public let intervals: [Interval?]
    /// Pearson's correlation of the two over pairs; nil where either does not vary.
    public let correlation: Double?

    /// The mean of one of the three with its interval.
    public func summary(_ column: Int) -> (mean: Double, interval: Interval?) { (means[column], intervals[column]) }

    /// - Parameters:
    ///   - numbers: both measurements, `[2][pair]`.
    ///   - clusters: the prompt of each pair, `[pair]`.
    public init(_ numbers: [[Double]], clusters: [Int], seed: UInt64) {
        let columns = numbers + [numbers[1].minus(numbers[0])]
        means = columns.map(\.mean)
        intervals = ClusterBootstrap(seed: seed).means(of: ClusteredValues(columns, clusters: clusters))
        correlation = Self.correlation(numbers[0], numbers[1])
    }

    /// Pearson's correlation; nil where either does not vary.
    static func correlation(_ first: [Double], _ second: [Double]) -> Double? {
        let centred = [first, second].map { column in
            let mean = column.mean
            return column.map { $0 - mean }
        }
        func product(_ left: Int, _ right: Int) -> Double { zip(centred[left], centred[right]).map(*).reduce(0, +) }
        let scale = (product(0, 0) * product(1, 1)).squareRoot()
        return scale > 0 ? product(0, 1) / scale : nil
    }
}
