import Numerics

/// A fitted linear model: `ŷ = intercept + x · coefficients`.
public struct LinearModel: Sendable, Equatable {
    /// One a column, on the columns' own scale; 0 for a column that is constant.
    public let coefficients: [Double]
    /// The same per standard deviation of the column: what one deviation of it adds.
    public let standardized: [Double]
    /// The prediction where every column is 0.
    public let intercept: Double

    /// Columns whose coefficient is not zero.
    public var support: [Int] { coefficients.indices.filter { coefficients[$0] != 0 } }

    /// `[row]`
    public func predict(_ x: DoubleMatrix) -> [Double] { x.times(coefficients).map { $0 + intercept } }

    /// The share of the target's variance that the predictions explain: `1 − Σ(y − ŷ)² / Σ(y − ȳ)²`; `nil` where y is constant.
    public func rSquared(_ x: DoubleMatrix, _ y: [Double]) -> Double? { Self.rSquared(predict(x), y) }

    /// The same of any predictions.
    public static func rSquared(_ predictions: [Double], _ y: [Double]) -> Double? {
        let centre = y.mean
        let whole = y.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        guard whole > 0 else { return nil }
        return 1 - zip(y, predictions).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / whole
    }
}

/// A regression's data centred and, where asked for, scaled, as products: all that a fit has to know of them.
struct CentredData {
    let rows: Int
    let means: [Double]
    /// What each column is divided by; 0 for a constant column, which no fit uses.
    let scales: [Double]
    /// Standard deviations of the columns, over n.
    let deviations: [Double]
    let targetMean: Double
    /// Centred and scaled, `[row, column]`; zeros in a constant column.
    let x: DoubleMatrix
    /// Centred, `[row]`.
    let y: [Double]

    /// Deviations up to this share of a column's largest value are rounding.
    private static let rounding = 1e-13

    init(_ x: DoubleMatrix, _ y: [Double], isStandardizing: Bool) throws(RegressionError) {
        try RegressionError.check(x, y)
        guard x.rows > 1 else { throw .tooFewRows(x.rows, needed: 2) }
        rows = x.rows
        means = x.columnMeans
        targetMean = y.mean
        self.y = y.map { [targetMean] in $0 - targetMean }
        var centred = x.subtracting(means)
        var deviations = [Double](repeating: 0, count: x.columns)
        var largest = deviations
        for row in 0..<x.rows {
            for column in 0..<x.columns {
                let value = centred[row, column]
                deviations[column] += value * value
                largest[column] = max(largest[column], abs(x[row, column]))
            }
        }
        deviations = zip(deviations, largest).map { squares, largest in
            let deviation = (squares / Double(x.rows)).squareRoot()
            return deviation <= Self.rounding * largest ? 0 : deviation
        }
        self.deviations = deviations
        let scales = deviations.map { $0 == 0 ? 0 : isStandardizing ? $0 : 1 }
        self.scales = scales
        for row in 0..<x.rows {
            for column in 0..<x.columns {
                centred[row, column] = scales[column] == 0 ? 0 : centred[row, column] / scales[column]
            }
        }
        self.x = centred
    }

    /// XᵀX / n
    var gram: DoubleMatrix {
        var gram = x.transposedTimes(x)
        for index in gram.values.indices { gram.values[index] /= Double(rows) }
        return gram
    }

    /// Xᵀy / n
    var cross: [Double] { x.transposedTimes(y).map { $0 / Double(rows) } }

    /// Σy² / n
    var variance: Double { y.reduce(0) { $0 + $1 * $1 } / Double(rows) }

    /// Whether the target is one value but for rounding.
    var hasConstantTarget: Bool {
        variance.squareRoot() <= Self.rounding * (abs(targetMean) + (y.map { abs($0) }.max() ?? 0))
    }

    /// The model of coefficients on these centred and scaled columns.
    func model(_ scaled: [Double]) -> LinearModel {
        let coefficients = zip(scaled, scales).map { $1 == 0 ? 0 : $0 / $1 }
        return LinearModel(
            coefficients: coefficients, standardized: zip(coefficients, deviations).map { $0 * $1 },
            intercept: targetMean - zip(coefficients, means).reduce(0) { $0 + $1.0 * $1.1 })
    }
}
