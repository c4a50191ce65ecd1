import Statistics

/// How alike two profiles are: Pearson's correlation of two rows of means, such as increments by layer of two tunings.
///
/// Noise in either profile biases it towards 0; noise that both share, as they do on the same pairs, biases it away from 0.
public struct ProfileCorrelation: Sendable {
    /// The correlation; nil where either profile does not vary.
    public let estimate: Double?
    /// Its interval over prompts.
    public let interval: Interval?
    /// Each row on one half of the prompts with the other row on the other half: the mean over random halvings; nil for one prompt.
    public let disjoint: Double?
    /// Each row with itself on two halves of the prompts, averaged in the same way, `[2]`.
    public let withItself: [Double?]

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
        var found: [[Double]] = [[], [], []]
        for halving in 0..<Self.halvings {
            guard let halves = try? Folds(2, groups: clusters, seed: seed &+ halving).split(0) else { break }
            let means = numbers.map { row in
                [halves.fit, halves.judge].map { half in row.map { $0.at(half).mean } }
            }
            func add(_ place: Int, _ left: [Double], _ right: [Double]) {
                if let correlation = PairedComparison.correlation(left, right) { found[place].append(correlation) }
            }
            add(0, means[0][0], means[1][1])
            add(0, means[0][1], means[1][0])
            for row in 0...1 { add(1 + row, means[row][0], means[row][1]) }
        }
        let correlations = found.map { $0.isEmpty ? nil : $0.mean }
        (disjoint, withItself) = (correlations[0], Array(correlations.dropFirst()))
    }

    private static let halvings: UInt64 = 200
}
