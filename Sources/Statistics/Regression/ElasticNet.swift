import Numerics

/// Linear regression that sets most coefficients to zero: minimises `(1/2n) ‖y − Xw‖² + α‖w‖₁`, the intercept free.
///
///     let model = try Lasso(penalty: 0.1).fit(x, to: y)
///
/// Tibshirani, *Regression Shrinkage and Selection via the Lasso*, JRSS B 58 (1996).
public struct Lasso: Sendable, Equatable {
    /// α, at least 0.
    public let penalty: Double
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// A LASSO with a penalty; `isStandardizing` scales columns to a deviation of 1 first.
    public init(penalty: Double, isStandardizing: Bool = false) {
        precondition(penalty >= 0, "a penalty of \(penalty)")
        self.penalty = penalty
        self.isStandardizing = isStandardizing
    }

    /// Fits the model; a constant target gives coefficients of zero.
    /// - Throws: ``RegressionError`` for fewer than two rows and values that are not numbers.
    public func fit(_ x: DoubleMatrix, to y: [Double]) throws(RegressionError) -> LinearModel {
        try ElasticNet(penalty: penalty, mixing: 1, isStandardizing: isStandardizing).fit(x, to: y)
    }
}

/// LASSO and ridge mixed: minimises `(1/2n) ‖y − Xw‖² + α (ρ ‖w‖₁ + (1 − ρ)/2 ‖w‖²)`, the intercept free.
///
/// Zou & Hastie, JRSS B 67 (2005), in scikit-learn's scale.
public struct ElasticNet: Sendable, Equatable {
    /// α, at least 0.
    public let penalty: Double
    /// ρ: 1 is the LASSO, 0 ridge.
    public let mixing: Double
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// An elastic net; a `mixing` of 1 is the LASSO.
    public init(penalty: Double, mixing: Double = 0.5, isStandardizing: Bool = false) {
        precondition(penalty >= 0, "a penalty of \(penalty)")
        precondition(mixing >= 0 && mixing <= 1, "a mixing of \(mixing), which lies in 0...1")
        self.penalty = penalty
        self.mixing = mixing
        self.isStandardizing = isStandardizing
    }

    /// Fits the model; a constant target gives coefficients of zero.
    /// - Throws: ``RegressionError`` for fewer than two rows and values that are not numbers.
    public func fit(_ x: DoubleMatrix, to y: [Double]) throws(RegressionError) -> LinearModel {
        let data = try CentredData(x, y, isStandardizing: isStandardizing)
        var descent = CoordinateDescent(data, mixing: mixing)
        return data.model(try descent.solve(penalty))
    }
}
