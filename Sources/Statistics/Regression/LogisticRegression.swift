#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Numerics

/// The log-odds of a class as a linear function: minimises `Σ log(1 + exp(−t f)) + λ/2 ‖w‖²` with t = ±1, the intercept free.
///
/// scikit-learn's `LogisticRegression(C = 1/λ)`. Newton's method with halved steps; with more columns than rows it works on the
/// rows' own subspace, which holds the solution.
public struct LogisticRegression: Sendable, Equatable {
    /// λ, above 0.
    public let penalty: Double
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// A logistic regression with a penalty.
    public init(penalty: Double = 1, isStandardizing: Bool = false) {
        precondition(penalty > 0, "a penalty of \(penalty)")
        self.penalty = penalty
        self.isStandardizing = isStandardizing
    }

    private static let steps = 100

    /// Fits the model, whose predictions are log-odds of `true`.
    /// - Throws: ``RegressionError`` for rows of one class, and values that are not numbers.
    public func fit(_ x: DoubleMatrix, to classes: [Bool]) throws(RegressionError) -> LinearModel {
        let data = try CentredData(x, classes.map { $0 ? 1 : 0 }, isStandardizing: isStandardizing)
        guard Set(classes).count == 2 else { throw .oneClass }
        guard x.columns > x.rows else { return model(data, try weights(data.x, classes)) }
        // X = UΣVᵀ: with w = Vz the fit is one on UΣ, of as many columns as rows.
        guard let eigen = try? SymmetricEigen(data.x.timesTransposed(data.x)) else {
            throw .notConverged(method: "logistic regression", penalty: penalty)
        }
        let largest = max(eigen.values.first ?? 0, 0)
        let kept = eigen.values.indices.filter { eigen.values[$0] > largest * 1e-13 }
        var scores = DoubleMatrix(rows: x.rows, columns: kept.count)
        for (place, index) in kept.enumerated() {
            let scale = eigen.values[index].squareRoot()
            for row in 0..<x.rows { scores[row, place] = eigen.vectors[index, row] * scale }
        }
        let inner = try weights(scores, classes)
        let byRow = (0..<x.rows).map { row in
            kept.enumerated().reduce(0) { sum, item in
                sum + eigen.vectors[item.element, row] * inner.weights[item.offset]
                    / eigen.values[item.element].squareRoot()
            }
        }
        return model(data, (data.x.transposedTimes(byRow), inner.intercept))
    }

    private func model(_ data: CentredData, _ solution: (weights: [Double], intercept: Double)) -> LinearModel {
        let centred = data.model(solution.weights)
        return LinearModel(
            coefficients: centred.coefficients, standardized: centred.standardized,
            intercept: centred.intercept - data.targetMean + solution.intercept)
    }

    /// Newton's method on centred columns.
    private func weights(
        _ x: DoubleMatrix, _ classes: [Bool]
    ) throws(RegressionError) -> (weights: [Double], intercept: Double) {
        let count = x.columns
        // The last unknown is the intercept.
        var unknowns = [Double](repeating: 0, count: count + 1)
        var value = loss(x, classes, unknowns)
        for _ in 0..<Self.steps {
            let (gradient, hessian) = slopes(x, classes, unknowns)
            guard let step = try? LinearAlgebra.solve(hessian, gradient) else { break }
            let decrease = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
            var length = 1.0
            var next = zip(unknowns, step).map { $0 - $1 }
            var nextValue = loss(x, classes, next)
            while nextValue > value - 1e-4 * length * decrease, length > 1e-10, decrease > 1e-13 * max(value, 1) {
                length /= 2
                next = zip(unknowns, step).map { $0 - length * $1 }
                nextValue = loss(x, classes, next)
            }
            unknowns = next
            value = nextValue
            if decrease <= 1e-20 * max(value, 1) { return (Array(unknowns.prefix(count)), unknowns[count]) }
        }
        let (gradient, hessian) = slopes(x, classes, unknowns)
        guard let step = try? LinearAlgebra.solve(hessian, gradient),
            zip(gradient, step).reduce(0, { $0 + $1.0 * $1.1 }) <= 1e-14 * max(value, 1)
        else { throw .notConverged(method: "logistic regression", penalty: penalty) }
        return (Array(unknowns.prefix(count)), unknowns[count])
    }

    private func odds(_ x: DoubleMatrix, _ unknowns: [Double]) -> [Double] {
        x.times(Array(unknowns.prefix(x.columns))).map { $0 + unknowns[x.columns] }
    }

    private func loss(_ x: DoubleMatrix, _ classes: [Bool], _ unknowns: [Double]) -> Double {
        let fit = zip(odds(x, unknowns), classes).reduce(0.0) { sum, item in
            let against = item.1 ? -item.0 : item.0
            return sum + max(against, 0) + log1p(exp(-abs(against)))
        }
        return fit + penalty / 2 * unknowns.dropLast().reduce(0) { $0 + $1 * $1 }
    }

    private func slopes(_ x: DoubleMatrix, _ classes: [Bool], _ unknowns: [Double]) -> (
        gradient: [Double], hessian: DoubleMatrix
    ) {
        let count = x.columns
        let probabilities = odds(x, unknowns).map { 1 / (1 + exp(-$0)) }
        let misses = zip(probabilities, classes).map { $0 - ($1 ? 1 : 0) }
        var gradient = x.transposedTimes(misses)
        for column in 0..<count { gradient[column] += penalty * unknowns[column] }
        gradient.append(misses.reduce(0, +))
        let curvature = probabilities.map { $0 * (1 - $0) }
        var weighted = DoubleMatrix(rows: x.rows, columns: count + 1)
        var whole = weighted
        for row in 0..<x.rows {
            let root = curvature[row].squareRoot()
            for column in 0..<count { weighted[row, column] = x[row, column] * root }
            weighted[row, count] = root
        }
        whole = weighted.transposedTimes(weighted)
        for column in 0..<count { whole[column, column] += penalty }
        return (gradient, whole)
    }
}
