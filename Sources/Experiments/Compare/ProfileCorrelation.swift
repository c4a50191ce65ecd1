import Statistics

/// How alike two profiles are: Pearson's correlation of two rows of means, such as increments by layer of two tunings.
///
/// Noise in either profile draws it towards 0.
public struct ProfileCorrelation: Sendable {
    /// The correlation; nil where either profile does not vary.
    public let estimate: Double?
    /// Its interval over prompts.
    public let interval: Interval?

    /// - Parameters:
    ///   - numbers: what was measured of each pair, `[2][group][pair]`.
    ///   - clusters: the prompt of each pair, `[pair]`.
    public init(_ numbers: [[[Double]]], clusters: [Int], seed: UInt64) {
        let groups = numbers[0].count
        func correlation(_ means: [Double]) -> Double {
            PairedComparison.correlation(Array(means[..<groups]), Array(means[groups...])) ?? .nan
        }
        let values = ClusteredValues(numbers[0] + numbers[1], clusters: clusters)
        estimate = PairedComparison.correlation(numbers[0].map(\.mean), numbers[1].map(\.mean))
        interval = ClusterBootstrap(seed: seed).intervals(of: values) { [correlation($0.sums)] }[0]
    }
}
