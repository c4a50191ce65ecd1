import Foundation
import Statistics
import Numerics
import Testing

@Suite struct SpectrumTests {
    @Test func `vectors along two directions have rank two`() throws {
        let spectrum = try Spectrum(DoubleMatrix(rows: [[3, 0, 0], [-3, 0, 0], [0, 1, 0]]))
        let longest = Double(18).squareRoot()
        #expect(scaledError(spectrum.values, [longest, 1, 0]) < 1e-15)
        #expect(spectrum.rank(holding: 0.9) == 1)
        #expect(spectrum.rank(holding: 0.99) == 2)
        #expect(abs((spectrum.stableRank ?? 0) - 19.0 / 18) < 1e-12)
        #expect(abs((spectrum.participationRatio ?? 0) - 361.0 / 325) < 1e-12)
        #expect(spectrum.directions.row(0).map { abs($0) }.max() == 1)
    }

    @Test func `nothing has no rank`() throws {
        let nothing = try Spectrum(DoubleMatrix(rows: 4, columns: 3))
        #expect(nothing.participationRatio == nil && nothing.stableRank == nil && nothing.rank(holding: 0.9) == nil)
        #expect(try SingularValueDecomposition(DoubleMatrix(rows: 0, columns: 3)).values == [])
    }

    @Test func `singular and eigenvalues agree with SciPy, and their vectors give the matrix back`() throws {
        let expected = try RegressionFixture.load().spectra
        let tall = DoubleMatrix(rows: expected.tall)
        for (matrix, values) in [(tall, expected.tallValues), (tall.transposed, expected.wideValues)] {
            let parts = try SingularValueDecomposition(matrix)
            #expect(relativeError(parts.values, values) < 1e-13)
            var scaled = parts.left
            for row in 0..<scaled.rows { for k in 0..<scaled.columns { scaled[row, k] *= parts.values[k] } }
            #expect(scaledError(scaled.times(parts.right).values, matrix.values) < 1e-14)
            #expect(
                scaledError(
                    parts.right.timesTransposed(parts.right).values, DoubleMatrix.identity(parts.right.rows).values)
                    < 1e-14)
        }
        let gram = tall.transposedTimes(tall)
        let eigen = try SymmetricEigen(gram)
        #expect(relativeError(eigen.values, expected.eigenvalues) < 1e-12)
        var weighted = eigen.vectors
        for k in 0..<weighted.rows { for column in 0..<weighted.columns { weighted[k, column] *= eigen.values[k] } }
        #expect(scaledError(eigen.vectors.transposedTimes(weighted).values, gram.values) < 1e-14)
        let (direct, summed) = (try Spectrum(tall), try Spectrum(gram: gram))
        #expect(scaledError(summed.values, direct.values) < 1e-12)
        #expect(scaledError(summed.directions.values, direct.directions.values) < 1e-10)
    }

    @Test func `angles between subspaces agree with SciPy, tiny ones too`() throws {
        let expected = try RegressionFixture.load().spectra
        let (first, second) = (DoubleMatrix(rows: expected.first), DoubleMatrix(rows: expected.second))
        #expect(relativeError(try PrincipalAngles().angles(first, second), expected.angles) < 1e-12)
        #expect(relativeError(try PrincipalAngles().angles(second, first), expected.angles) < 1e-12)
        #expect(
            relativeError(try PrincipalAngles().angles(first, DoubleMatrix(rows: expected.near)), expected.nearAngles)
                < 1e-6)
        let axes = DoubleMatrix.identity(4)
        #expect(try PrincipalAngles().angles(axes.rows([0]), axes.rows([1, 2])) == [Double.pi / 2])
        #expect(try PrincipalAngles().angles(axes.rows([2, 1]), axes.rows([1, 2])) == [0, 0])
    }

    @Test func `a damaged matrix is an error that says where`() {
        var matrix = DoubleMatrix(rows: 2, columns: 3, repeating: 1)
        matrix[1, 2] = .nan
        let error = #expect(throws: LinearAlgebraError.self) { try SingularValueDecomposition(matrix) }
        #expect(error?.description == "row 1, column 2 holds a value that is not a number")
        let indefinite = #expect(throws: LinearAlgebraError.self) {
            try LinearAlgebra.solve(DoubleMatrix(rows: [[1, 2], [2, 1]]), [1, 1])
        }
        #expect(
            indefinite?.description
                == "a symmetric matrix of 2 rows is not positive definite: its columns depend on one another")
        #expect(LinearAlgebraError.notConverged(routine: "dgesdd").description == "LAPACK's dgesdd did not converge")
    }
}
