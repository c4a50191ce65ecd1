import Numerics

/// Linear regression that keeps all coefficients small: minimises `‖y − Xw‖² + λ‖w‖²`, the intercept free.
///
/// Hoerl & Kennard, Technometrics 12 (1970), in scikit-learn's scale. With more columns than rows it is solved by rows.
public struct Ridge: Sendable, Equatable {
    /// λ, above 0.
    public let penalty: Double
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// A ridge regression with a penalty.
    public init(penalty: Double, isStandardizing: Bool = false) {
        precondition(penalty > 0, "a penalty of \(penalty)")
        self.penalty = penalty
        self.isStandardizing = isStandardizing
    }

    /// Fits the model.
    /// - Throws: ``RegressionError`` for fewer than two rows and values that are not numbers.
    public func fit(_ x: DoubleMatrix, to y: [Double]) throws(RegressionError) -> LinearModel {
        try RidgePath(penalties: [penalty], isStandardizing: isStandardizing).fit(x, to: y)[0]
    }
}

/// Ridge regressions over penalties, for the price of one decomposition.
public struct RidgePath: Sendable, Equatable {
    /// λ of each model.
    public let penalties: [Double]
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// A path over these penalties; by default from 0.01 to 10⁶ by steps of ten.
    public init(penalties: [Double] = [1e6, 1e5, 1e4, 1e3, 100, 10, 1, 0.1, 0.01], isStandardizing: Bool = true) {
        self.penalties = penalties
        self.isStandardizing = isStandardizing
    }

    /// One model a penalty.
    /// - Throws: ``RegressionError`` for fewer than two rows and values that are not numbers.
    public func fit(_ x: DoubleMatrix, to y: [Double]) throws(RegressionError) -> [LinearModel] {
        let data = try CentredData(x, y, isStandardizing: isStandardizing)
        let isWide = x.columns > x.rows
        let product = isWide ? data.x.timesTransposed(data.x) : data.x.transposedTimes(data.x)
        let target = isWide ? data.y : data.x.transposedTimes(data.y)
        guard let eigen = try? SymmetricEigen(product) else {
            throw .notConverged(method: "the eigenvalues of ridge", penalty: penalties.first ?? 0)
        }
        let turned = eigen.vectors.times(target)
        return penalties.map { penalty in
            let scaled = zip(turned, eigen.values).map { $0 / (max($1, 0) + penalty) }
            let solution = eigen.vectors.transposedTimes(scaled)
            return data.model(isWide ? data.x.transposedTimes(solution) : solution)
        }
    }

    /// The model at the penalty with the least mean squared error over folds; the largest of equals.
    public func best(_ x: DoubleMatrix, to y: [Double], folds: Folds) throws(RegressionError) -> LinearModel {
        var errors = [Double](repeating: 0, count: penalties.count)
        for fold in 0..<folds.count {
            let (fit, judge) = folds.split(fold)
            let held = x.rows(judge)
            for (place, model) in try self.fit(x.rows(fit), to: fit.map({ y[$0] })).enumerated() {
                errors[place] += zip(model.predict(held), judge).reduce(0) { $0 + ($1.0 - y[$1.1]) * ($1.0 - y[$1.1]) }
            }
        }
        let place = errors.indices.reduce(0) { errors[$1] < errors[$0] ? $1 : $0 }
        return try Ridge(penalty: penalties[place], isStandardizing: isStandardizing).fit(x, to: y)
    }
}
