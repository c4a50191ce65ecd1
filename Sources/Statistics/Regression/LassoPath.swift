#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Numerics

/// Elastic nets, by default LASSOs, over penalties from the largest that matters downwards.
public struct LassoPath: Sendable, Equatable {
    /// How many penalties.
    public let count: Int
    /// The least penalty as a share of the largest.
    public let span: Double
    /// ρ of ``ElasticNet``: 1 is the LASSO.
    public let mixing: Double
    /// Whether columns are scaled to a deviation of 1 before the penalty weighs them.
    public let isStandardizing: Bool

    /// A path of penalties, equally far apart on a log scale.
    public init(count: Int = 100, span: Double = 1e-3, mixing: Double = 1, isStandardizing: Bool = true) {
        precondition(count > 1 && span > 0 && span < 1 && mixing > 0 && mixing <= 1, "\(count), \(span), \(mixing)")
        self.count = count
        self.span = span
        self.mixing = mixing
        self.isStandardizing = isStandardizing
    }

    /// Penalties from the least at which nothing is left of the model, `max |xᵀy| / (n ρ)`, down, `[count]`.
    /// - Throws: ``RegressionError/constantTarget`` too.
    public func penalties(_ x: DoubleMatrix, to y: [Double]) throws(RegressionError) -> [Double] {
        let data = try CentredData(x, y, isStandardizing: isStandardizing)
        guard !data.hasConstantTarget else { throw .constantTarget }
        let largest = CoordinateDescent(data, mixing: mixing).largestPenalty
        return (0..<count).map { largest * pow(span, Double($0) / Double(count - 1)) }
    }

    /// One model a penalty.
    /// - Parameter penalties: from the largest down, for speed.
    public func fit(_ x: DoubleMatrix, to y: [Double], penalties: [Double]) throws(RegressionError) -> [LinearModel] {
        let data = try CentredData(x, y, isStandardizing: isStandardizing)
        var descent = CoordinateDescent(data, mixing: mixing)
        var models: [LinearModel] = []
        for penalty in penalties { models.append(data.model(try descent.solve(penalty))) }
        return models
    }
}

/// The penalty chosen by K-fold cross-validation, columns standardised inside each fold.
public struct PenaltyChoice: Sendable, Equatable {
    /// The penalties tried, from the largest down.
    public let penalties: [Double]
    /// Mean squared error of each fold, `[penalty][fold]`.
    public let errors: [[Double]]
    /// The mean of a penalty's errors, `[penalty]`.
    public let means: [Double]
    /// Their standard error, `[penalty]`.
    public let standardErrors: [Double]

    init(penalties: [Double], errors: [[Double]]) {
        self.penalties = penalties
        self.errors = errors
        means = errors.map(\.mean)
        standardErrors = errors.map { $0.standardDeviation / Double($0.count).squareRoot() }
    }

    /// The place of the penalty with the least mean error; the largest of equals.
    public var bestIndex: Int { means.indices.reduce(0) { means[$1] < means[$0] ? $1 : $0 } }
    /// The place of the largest penalty whose mean error is within one standard error of the least: the 1-SE rule, Breiman et al.
    /// (1984).
    public var sparestIndex: Int {
        let bar = means[bestIndex] + standardErrors[bestIndex]
        return means.indices.first { means[$0] <= bar } ?? bestIndex
    }
    /// α of the least mean error.
    public var best: Double { penalties[bestIndex] }
    /// α of the 1-SE rule.
    public var sparest: Double { penalties[sparestIndex] }
}

extension LassoPath {
    /// Cross-validates penalties, by default those of all rows.
    /// - Parameter folds: one fold number a row of x.
    public func crossValidate(
        _ x: DoubleMatrix, to y: [Double], folds: Folds, penalties given: [Double]? = nil
    ) throws(RegressionError) -> PenaltyChoice {
        precondition(folds.assignments.count == x.rows, "folds of \(folds.assignments.count) rows for \(x.rows)")
        let penalties: [Double]
        if let given { penalties = given } else { penalties = try self.penalties(x, to: y) }
        var errors = penalties.map { _ in [Double]() }
        for fold in 0..<folds.count {
            let (fit, judge) = folds.split(fold)
            let held = x.rows(judge)
            let models = try self.fit(x.rows(fit), to: fit.map { y[$0] }, penalties: penalties)
            for (place, model) in models.enumerated() {
                let squares = zip(model.predict(held), judge).map { ($0 - y[$1]) * ($0 - y[$1]) }
                errors[place].append(squares.mean)
            }
        }
        return PenaltyChoice(penalties: penalties, errors: errors)
    }

    /// Predictions for each row by a model whose penalty was chosen, by the 1-SE rule or not, without that row's fold: what the
    /// whole procedure is worth on new rows.
    /// - Parameter inner: the number of folds inside, on which the penalty is chosen.
    public func nestedPredictions(
        _ x: DoubleMatrix, to y: [Double], folds: Folds, groups: [Int], inner: Int, isSparest: Bool = false,
        seed: UInt64
    ) throws(RegressionError) -> [Double] {
        var predictions = [Double](repeating: 0, count: x.rows)
        for fold in 0..<folds.count {
            let (fit, judge) = folds.split(fold)
            let (rows, target) = (x.rows(fit), fit.map { y[$0] })
            let folds = try Folds(inner, groups: fit.map { groups[$0] }, seed: seed &+ UInt64(fold) &+ 1)
            let model = try best(rows, to: target, folds: folds, isSparest: isSparest)
            for (row, value) in zip(judge, model.predict(x.rows(judge))) { predictions[row] = value }
        }
        return predictions
    }

    /// The model at the penalty that folds choose; the mean alone where the target is constant.
    public func best(
        _ x: DoubleMatrix, to y: [Double], folds: Folds, isSparest: Bool = false
    ) throws(RegressionError) -> LinearModel {
        let data = try CentredData(x, y, isStandardizing: isStandardizing)
        guard !data.hasConstantTarget else { return data.model(Array(repeating: 0, count: x.columns)) }
        let choice = try crossValidate(x, to: y, folds: folds)
        let penalty = isSparest ? choice.sparest : choice.best
        return try ElasticNet(penalty: penalty, mixing: mixing, isStandardizing: isStandardizing).fit(x, to: y)
    }
}
