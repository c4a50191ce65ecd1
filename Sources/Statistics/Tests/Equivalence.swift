/// Two one-sided tests that a mean is negligible: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987).
///
/// A large p-value of an ordinary test is no evidence of nothing; this test is, against a margin that the author states.
public struct EquivalenceTest: Sendable, Equatable {
    /// Effects within ± this count as nothing, in the values' own unit.
    public let margin: Double

    /// A test against a margin above 0.
    public init(margin: Double) {
        precondition(margin > 0, "a margin of \(margin)")
        self.margin = margin
    }

    /// The larger p of the two one-sided t-tests, for each column's mean over pairs, `[column]`; 1 where there is one cluster only.
    public func test(_ values: ClusteredValues) -> [Double] {
        ClusteredMeans(values).means.enumerated().map { column, mean in
            guard let errors = ClusteredMeans(values).standardErrors else { return 1 }
            let error = errors[column]
            let slack = margin - abs(mean)
            guard error > 0 else { return slack > 0 ? 0 : 1 }
            return 1 - StudentT(degrees: Double(values.clusterCount - 1)).cdf(slack / error)
        }
    }
}

/// Means over pairs with standard errors over clusters.
///
/// With cluster sums S and pair counts n of C clusters, N pairs: `se² = C/(C−1) · Σ(S − n·mean)² / N²`, the sandwich of Liang & Zeger
/// (1986); with one pair a cluster it is σ/√n.
public struct ClusteredMeans: Sendable, Equatable {
    /// `[column]`
    public let means: [Double]
    /// `[column]`; `nil` where there is one cluster only.
    public let standardErrors: [Double]?

    /// The factor of ``smallestDetectable``: 1.96 for a two-sided test at 5 % and 0.84 for 80 % power.
    public static let detectionFactor = 2.8

    /// Means of columns.
    public init(_ values: ClusteredValues) {
        let pairs = values.counts.reduce(0, +)
        let columns = values.columnCount
        var means = [Double](repeating: 0, count: columns)
        for (index, sum) in values.sums.enumerated() { means[index % max(columns, 1)] += sum / pairs }
        self.means = means
        guard values.clusterCount > 1 else {
            standardErrors = nil
            return
        }
        var squares = [Double](repeating: 0, count: columns)
        for (index, sum) in values.sums.enumerated() {
            let (cluster, column) = index.quotientAndRemainder(dividingBy: columns)
            let residual = sum - values.counts[cluster] * means[column]
            squares[column] += residual * residual
        }
        let clusters = Double(values.clusterCount)
        standardErrors = squares.map { ($0 * clusters / (clusters - 1)).squareRoot() / pairs }
    }

    /// The smallest effect that a test at 5 % finds with 80 % power, 2.8 standard errors, `[column]`; `nil` for one cluster.
    public var smallestDetectable: [Double]? { standardErrors?.map { Self.detectionFactor * $0 } }
}
