import COpenBLAS

/// Why a decomposition has no result.
public enum LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A value that is not a number, at its place.
    case notFinite(row: Int, column: Int)
    /// A matrix that Cholesky's factorisation cannot take.
    case notPositiveDefinite(size: Int)
    /// LAPACK gave up.
    case notConverged(routine: String)

    /// The sentence for the reader.
    public var description: String {
        switch self {
        case .notFinite(let row, let column): "row \(row), column \(column) holds a value that is not a number"
        case .notPositiveDefinite(let size):
            "a symmetric matrix of \(size) rows is not positive definite: its columns depend on one another"
        case .notConverged(let routine): "LAPACK's \(routine) did not converge"
        }
    }
}

/// `A = left · diag(values) · right`: the k = min(rows, columns) singular values from the largest down, with their vectors.
///
/// LAPACK's dgesdd. The largest entry of each right vector, the first of equals, is positive.
public struct SingularValueDecomposition: Sendable, Equatable {
    /// `[row, k]`, orthonormal columns.
    public let left: DoubleMatrix
    /// `[k]`, descending.
    public let values: [Double]
    /// `[k, column]`, orthonormal rows.
    public let right: DoubleMatrix

    /// Decomposes a matrix.
    /// - Throws: ``LinearAlgebraError`` for a value that is not a number.
    public init(_ matrix: DoubleMatrix) throws(LinearAlgebraError) {
        try LinearAlgebra.checkFinite(matrix)
        let rank = min(matrix.rows, matrix.columns)
        guard rank > 0 else {
            left = DoubleMatrix(rows: matrix.rows, columns: 0)
            values = []
            right = DoubleMatrix(rows: 0, columns: matrix.columns)
            return
        }
        LinearAlgebra.useOneThread()
        // By columns, the matrix reads as its transpose [columns, rows], whose left vectors are our right ones.
        var source = matrix.values
        var values = [Double](repeating: 0, count: rank)
        var right = DoubleMatrix(rows: rank, columns: matrix.columns)
        var left = DoubleMatrix(rows: matrix.rows, columns: rank)
        var (m, n, k) = (blasint(matrix.columns), blasint(matrix.rows), blasint(rank))
        var integers = [blasint](repeating: 0, count: 8 * rank)
        var (size, info) = (blasint(-1), blasint(0))
        var work = [0.0]
        for _ in 0..<2 {
            dgesdd_(
                "S", &m, &n, &source, &m, &values, &right.values, &m, &left.values, &k, &work, &size, &integers, &info,
                1)
            if size < 0 {
                size = blasint(work[0])
                work = Array(repeating: 0, count: Int(size))
            }
        }
        guard info == 0 else { throw .notConverged(routine: "dgesdd") }
        for index in 0..<rank where LinearAlgebra.isTurned(right.row(index)) {
            for column in 0..<right.columns { right[index, column].negate() }
            for row in 0..<left.rows { left[row, index].negate() }
        }
        self.left = left
        self.values = values
        self.right = right
    }
}

/// `A = vectorsᵀ · diag(values) · vectors` of a symmetric matrix: eigenvalues from the largest down, with their vectors.
///
/// LAPACK's dsyevd. The largest entry of each vector, the first of equals, is positive.
public struct SymmetricEigen: Sendable, Equatable {
    /// `[k]`, descending.
    public let values: [Double]
    /// `[k, column]`, orthonormal rows.
    public let vectors: DoubleMatrix

    /// Decomposes a symmetric matrix, whose lower half is read.
    /// - Throws: ``LinearAlgebraError`` for a value that is not a number.
    public init(_ matrix: DoubleMatrix) throws(LinearAlgebraError) {
        precondition(matrix.rows == matrix.columns, "eigenvalues of a matrix of [\(matrix.rows), \(matrix.columns)]")
        try LinearAlgebra.checkFinite(matrix)
        let size = matrix.rows
        guard size > 0 else {
            values = []
            vectors = matrix
            return
        }
        LinearAlgebra.useOneThread()
        var source = matrix.values
        var values = [Double](repeating: 0, count: size)
        var n = blasint(size)
        var (lengths, info) = ((work: blasint(-1), integers: blasint(-1)), blasint(0))
        var work = [0.0]
        var integers = [blasint(0)]
        for _ in 0..<2 {
            // "U" by columns is the lower half by rows.
            dsyevd_("V", "U", &n, &source, &n, &values, &work, &lengths.work, &integers, &lengths.integers, &info, 1, 1)
            if lengths.work < 0 {
                lengths = (blasint(work[0]), integers[0])
                work = Array(repeating: 0, count: Int(lengths.work))
                integers = Array(repeating: 0, count: Int(lengths.integers))
            }
        }
        guard info == 0 else { throw .notConverged(routine: "dsyevd") }
        let ascending = DoubleMatrix(rows: size, columns: size, values: source)
        var vectors = ascending.rows((0..<size).reversed())
        for index in 0..<size where LinearAlgebra.isTurned(vectors.row(index)) {
            for column in 0..<size { vectors[index, column].negate() }
        }
        self.values = values.reversed()
        self.vectors = vectors
    }
}

/// What the decompositions share.
public enum LinearAlgebra {
    private static let oneThread: Void = openblas_set_num_threads(1)

    /// No result depends on how many threads there are.
    static func useOneThread() { _ = oneThread }

    /// The solution X of `A X = B` for a symmetric positive definite A, `[size, columns of B]`: LAPACK's dposv.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(size:)``.
    public static func solve(_ matrix: DoubleMatrix, _ right: DoubleMatrix) throws(LinearAlgebraError) -> DoubleMatrix {
        precondition(
            matrix.rows == matrix.columns && right.rows == matrix.rows,
            "[\(matrix.rows), \(matrix.columns)] X = [\(right.rows), \(right.columns)]")
        guard matrix.rows > 0, right.columns > 0 else { return right }
        useOneThread()
        var source = matrix.values
        var solution = right.transposed.values
        var (n, count, info) = (blasint(matrix.rows), blasint(right.columns), blasint(0))
        dposv_("U", &n, &count, &source, &n, &solution, &n, &info, 1)
        guard info == 0 else { throw .notPositiveDefinite(size: matrix.rows) }
        return DoubleMatrix(rows: right.columns, columns: right.rows, values: solution).transposed
    }

    /// The solution x of `A x = b` for a symmetric positive definite A.
    /// - Throws: ``LinearAlgebraError/notPositiveDefinite(size:)``.
    public static func solve(_ matrix: DoubleMatrix, _ right: [Double]) throws(LinearAlgebraError) -> [Double] {
        try solve(matrix, DoubleMatrix(rows: right.count, columns: 1, values: right)).values
    }

    static func checkFinite(_ matrix: DoubleMatrix) throws(LinearAlgebraError) {
        guard let place = matrix.values.firstIndex(where: { !$0.isFinite }) else { return }
        throw .notFinite(row: place / matrix.columns, column: place % matrix.columns)
    }

    /// Whether the largest entry of a vector, the first of equals, is negative.
    static func isTurned(_ vector: [Double]) -> Bool {
        var largest = 0.0
        for value in vector where abs(value) > abs(largest) { largest = value }
        return largest < 0
    }
}
