import COpenBLAS

/// A matrix in f64 for statistics, by rows; the models' own arithmetic is ``Products``.
public struct DoubleMatrix: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// How many columns.
    public let columns: Int
    /// `[row, column]`, a row after another.
    public var values: [Double]

    /// A matrix of its values, `[row, column]`, a row after another.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(
            rows >= 0 && columns >= 0 && values.count == rows * columns, "[\(rows), \(columns)] of \(values.count)")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// A matrix of one value.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        self.init(rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
    }

    /// A matrix of rows of one length; `columns` tells their length where there is none.
    public init(rows list: [[Double]], columns: Int? = nil) {
        let columns = list.first?.count ?? columns ?? 0
        for row in list { precondition(row.count == columns, "rows of \(columns) and of \(row.count) values") }
        self.init(rows: list.count, columns: columns, values: list.flatMap { $0 })
    }

    /// A matrix of columns of one length, `[column][row]`.
    public init(columns list: [[Double]], rows: Int? = nil) {
        let rows = list.first?.count ?? rows ?? 0
        self.init(rows: rows, columns: list.count)
        for (column, values) in list.enumerated() {
            precondition(values.count == rows, "columns of \(rows) and of \(values.count) values")
            for row in 0..<rows { self[row, column] = values[row] }
        }
    }

    /// The matrix with ones on its diagonal.
    public static func identity(_ size: Int) -> DoubleMatrix {
        var matrix = DoubleMatrix(rows: size, columns: size)
        for index in 0..<size { matrix[index, index] = 1 }
        return matrix
    }

    /// One value.
    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// One row, `[column]`.
    public func row(_ row: Int) -> [Double] { Array(values[row * columns..<(row + 1) * columns]) }

    /// One column, `[row]`.
    public func column(_ column: Int) -> [Double] { (0..<rows).map { values[$0 * columns + column] } }

    /// Some rows, in the order of their numbers.
    public func rows(_ numbers: [Int]) -> DoubleMatrix {
        DoubleMatrix(rows: numbers.count, columns: columns, values: numbers.flatMap(row))
    }

    /// Some columns, in the order of their numbers.
    public func columns(_ numbers: [Int]) -> DoubleMatrix {
        DoubleMatrix(
            rows: rows, columns: numbers.count,
            values: (0..<rows).flatMap { row in numbers.map { values[row * columns + $0] } })
    }

    /// `[column, row]`
    public var transposed: DoubleMatrix {
        DoubleMatrix(
            rows: columns, columns: rows,
            values: (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } })
    }

    /// The mean of each column, `[column]`.
    public var columnMeans: [Double] {
        var sums = [Double](repeating: 0, count: columns)
        for row in 0..<rows { for column in 0..<columns { sums[column] += values[row * columns + column] } }
        return sums.map { $0 / Double(max(rows, 1)) }
    }

    /// Each row less a vector, `[column]`.
    public func subtracting(_ vector: [Double]) -> DoubleMatrix {
        precondition(vector.count == columns, "\(vector.count) values from rows of \(columns)")
        var result = self
        for row in 0..<rows { for column in 0..<columns { result.values[row * columns + column] -= vector[column] } }
        return result
    }

    /// `self · right`, `[rows, right.columns]`.
    public func times(_ right: DoubleMatrix) -> DoubleMatrix {
        precondition(columns == right.rows, "[\(rows), \(columns)] · [\(right.rows), \(right.columns)]")
        return Self.product(self, right, CblasNoTrans, CblasNoTrans, rows, right.columns, columns)
    }

    /// `selfᵀ · right`, `[columns, right.columns]`.
    public func transposedTimes(_ right: DoubleMatrix) -> DoubleMatrix {
        precondition(rows == right.rows, "[\(rows), \(columns)]ᵀ · [\(right.rows), \(right.columns)]")
        return Self.product(self, right, CblasTrans, CblasNoTrans, columns, right.columns, rows)
    }

    /// `self · rightᵀ`, `[rows, right.rows]`.
    public func timesTransposed(_ right: DoubleMatrix) -> DoubleMatrix {
        precondition(columns == right.columns, "[\(rows), \(columns)] · [\(right.rows), \(right.columns)]ᵀ")
        return Self.product(self, right, CblasNoTrans, CblasTrans, rows, right.rows, columns)
    }

    /// `self · vector`, `[row]`.
    public func times(_ vector: [Double]) -> [Double] {
        times(DoubleMatrix(rows: vector.count, columns: 1, values: vector)).values
    }

    /// `selfᵀ · vector`, `[column]`.
    public func transposedTimes(_ vector: [Double]) -> [Double] {
        transposedTimes(DoubleMatrix(rows: vector.count, columns: 1, values: vector)).values
    }

    private static func product(
        _ left: DoubleMatrix, _ right: DoubleMatrix, _ leftTurn: CBLAS_TRANSPOSE, _ rightTurn: CBLAS_TRANSPOSE,
        _ rows: Int,
        _ columns: Int, _ inner: Int
    ) -> DoubleMatrix {
        var result = DoubleMatrix(rows: rows, columns: columns)
        guard rows > 0, columns > 0, inner > 0 else { return result }
        LinearAlgebra.useOneThread()
        cblas_dgemm(
            CblasRowMajor, leftTurn, rightTurn, blasint(rows), blasint(columns), blasint(inner), 1, left.values,
            blasint(left.columns), right.values, blasint(right.columns), 0, &result.values, blasint(columns))
        return result
    }
}
