#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Numerics

/// The singular values of stacked vectors, and how few directions they fill.
public struct Spectrum: Sendable, Equatable {
    /// Singular values from the largest down, `[k]`.
    public let values: [Double]
    /// Directions of unit length, `[k, width]`.
    public let directions: DoubleMatrix

    /// The spectrum of vectors, `[vector, width]`, uncentred: the first direction is about their mean.
    /// - Throws: ``LinearAlgebraError`` for values that are not numbers.
    public init(_ vectors: DoubleMatrix) throws(LinearAlgebraError) {
        let parts = try SingularValueDecomposition(vectors)
        values = parts.values
        directions = parts.right
    }

    /// The spectrum out of the sum of the vectors' outer products, `[width, width]`, for more vectors than one would keep.
    ///
    /// Singular values below 10⁻⁸ of the largest are rounding.
    public init(gram: DoubleMatrix) throws(LinearAlgebraError) {
        let parts = try SymmetricEigen(gram)
        values = parts.values.map { max($0, 0).squareRoot() }
        directions = parts.vectors
    }

    /// Squares of the singular values: each direction's energy.
    public var energies: [Double] { values.map { $0 * $0 } }

    /// The share of the energy in the first directions, `[k]`, the first value for one direction.
    public var cumulativeEnergy: [Double] {
        let whole = energies.reduce(0, +)
        var sum = 0.0
        return energies.map {
            sum += $0
            return whole > 0 ? sum / whole : .nan
        }
    }

    /// `(Σσ²)² / Σσ⁴`: how many directions share the energy, were they equal; `nil` where there is none.
    public var participationRatio: Double? { Concentration.participation(energies) }

    /// `Σσ² / σ₁²`; `nil` where there is none.
    public var stableRank: Double? {
        guard let first = energies.first, first > 0 else { return nil }
        return energies.reduce(0, +) / first
    }

    /// The fewest directions that hold a share of the energy; `nil` where there is none.
    public func rank(holding share: Double) -> Int? {
        cumulativeEnergy.firstIndex { $0 >= share - 1e-12 }.map { $0 + 1 }
    }
}

/// The angles between two subspaces, in radians from the smallest up.
///
/// Björck & Golub, Mathematics of Computation 27 (1973): cosines from the singular values of Q₁ᵀQ₂, and sines where those are
/// more exact, after Knyazev & Argentati (2002).
public struct PrincipalAngles: Sendable, Equatable {
    /// The angles, which have nothing to set.
    public init() {}

    /// - Parameters:
    ///   - first: independent rows that span a subspace, `[k, width]`; `second` likewise.
    /// - Returns: as many angles as the smaller subspace has dimensions.
    /// - Throws: ``LinearAlgebraError`` for values that are not numbers.
    public func angles(_ first: DoubleMatrix, _ second: DoubleMatrix) throws(LinearAlgebraError) -> [Double] {
        precondition(first.columns == second.columns, "subspaces of \(first.columns) and \(second.columns) dimensions")
        var (small, large) = (try Self.orthonormal(first), try Self.orthonormal(second))
        if small.rows > large.rows { (small, large) = (large, small) }
        let cosines = try SingularValueDecomposition(large.timesTransposed(small)).values
        // What of the smaller subspace lies outside the larger.
        let outside = zip(small.values, small.timesTransposed(large).times(large).values).map { $0 - $1 }
        let sines = try SingularValueDecomposition(
            DoubleMatrix(rows: small.rows, columns: small.columns, values: outside)
        ).values.prefix(small.rows).reversed()
        return zip(cosines, sines).map { cosine, sine in
            cosine * cosine >= 0.5 ? asin(min(sine, 1)) : acos(min(cosine, 1))
        }
    }

    /// Orthonormal rows with the same span.
    private static func orthonormal(_ rows: DoubleMatrix) throws(LinearAlgebraError) -> DoubleMatrix {
        let parts = try SingularValueDecomposition(rows)
        let limit = (parts.values.first ?? 0) * 1e-12
        return parts.right.rows(parts.values.indices.filter { parts.values[$0] > limit })
    }
}
