import Numerics

/// How much each column's coefficient is blurred by what the other columns say too: `1 / (1 − R²)` of the column on the others.
///
/// 1 is none; above 10 a fit cannot tell the column from the rest. Computed from the singular values of the standardised columns.
public struct VarianceInflation: Sendable, Equatable {
    /// The factors, which have nothing to set.
    public init() {}

    /// Singular values up to this share of the largest make columns that depend on one another.
    private static let rounding = 1e-12

    /// `[column]`; infinite for a column that the others determine, `nil` for a constant one.
    /// - Throws: ``RegressionError`` for values that are not numbers and fewer than two rows.
    public func factors(_ x: DoubleMatrix) throws(RegressionError) -> [Double?] {
        let data = try CentredData(x, Array(repeating: 0, count: x.rows), isStandardizing: true)
        let used = data.scales.indices.filter { data.scales[$0] != 0 }
        guard let parts = try? SingularValueDecomposition(data.x.columns(used)) else {
            throw .notConverged(method: "LAPACK's dgesdd", penalty: 0)
        }
        let tolerance = (parts.values.first ?? 0) * Self.rounding
        var factors = [Double?](repeating: nil, count: x.columns)
        for (place, column) in used.enumerated() {
            var sum = 0.0
            // With more columns than rows, what the right vectors do not reach is determined as well.
            var reached = 0.0
            for (index, value) in parts.values.enumerated() {
                let share = parts.right[index, place] * parts.right[index, place]
                if value > tolerance {
                    sum += share / (value * value)
                    reached += share
                }
            }
            factors[column] = reached < 1 - 1e-9 ? .infinity : sum * Double(x.rows)
        }
        return factors
    }
}
