import Numerics
import Statistics

/// One regression with everything that says how far to trust it.
public struct LassoFit: Sendable {
    /// What was fitted.
    public let data: LassoData
    /// Errors of all penalties by cross-validation, and the penalty chosen.
    public let choice: PenaltyChoice
    /// The penalty used.
    public let alpha: Double
    /// At `alpha`, on all pairs.
    public let model: LinearModel
    /// At the 1-SE penalty, on all pairs.
    public let sparest: LinearModel
    /// At every penalty of the path, `[penalty]`.
    public let path: [LinearModel]
    /// Rivals, with their own penalties by cross-validation.
    public let ridge: LinearModel
    /// Half ridge, half LASSO.
    public let elasticNet: LinearModel
    /// How often each column is kept on half of the prompts, `[penalty][column]`.
    public let frequencies: [[Double]]
    /// The same at `alpha`, `[column]`.
    public let atAlpha: [Double]
    /// Variance inflation factors, `[column]`; nil where the others determine the column.
    public let inflation: [Double?]
    /// R² on rows that neither the coefficients nor the penalty have seen.
    public let nested: Double?
    /// R² on the confirm pairs of a model chosen and fitted on the fit pairs.
    public let confirmed: Double?
    /// Columns kept under permuted gains, `[permutation]`.
    public let permuted: [Int]
    /// The fit with the responses' difference in length as a further column, the last.
    public let withLength: LinearModel
    /// R² of the difference in length alone, on rows not seen.
    public let lengthAlone: Double?

    /// Fits and judges.
    /// - Parameters:
    ///   - given: the penalty; nil for the one with the least cross-validated error.
    ///   - subsamples: halves of the prompts that the selection is repeated on.
    /// - Throws: `RegressionError`, such as for gains that are all the same, and what keeps parts from being kept.
    public init(
        _ data: LassoData, alpha given: Double?, folds count: Int, subsamples: Int, permutations: Int,
        in context: some RunContext
    ) throws {
        self.data = data
        let seed = context.seed
        let folds = try Folds(count, groups: data.groups, seed: seed)
        let lasso = LassoPath()
        let choice = try lasso.crossValidate(data.x, to: data.y, folds: folds)
        let alpha = given ?? choice.best
        // First what several tasks can share.
        let repeated = LassoRepeats(data, penalties: choice.penalties + [alpha], folds: count, context)
        let (counts, permuted) = try context.both(
            { try repeated.counts(subsamples: subsamples) }, { try repeated.sizes(permutations: permutations) })
        let shares = counts.map { $0.map { $0 / Double(subsamples) } }
        frequencies = Array(shares.dropLast())
        atAlpha = shares[shares.count - 1]
        (self.choice, self.alpha, self.permuted) = (choice, alpha, permuted)
        model = try Lasso(penalty: alpha, isStandardizing: true).fit(data.x, to: data.y)
        sparest = try Lasso(penalty: choice.sparest, isStandardizing: true).fit(data.x, to: data.y)
        path = try lasso.fit(data.x, to: data.y, penalties: choice.penalties)
        ridge = try RidgePath().best(data.x, to: data.y, folds: folds)
        elasticNet = try LassoPath(mixing: 0.5).best(data.x, to: data.y, folds: folds)
        inflation = try VarianceInflation().factors(data.x)
        let predictions = try lasso.nestedPredictions(
            data.x, to: data.y, folds: folds, groups: data.groups, inner: count, seed: seed)
        nested = LinearModel.rSquared(predictions, data.y)
        confirmed = try Self.confirmed(data, lasso, count, seed)
        let longer = data.withLength
        withLength = try lasso.best(longer, to: data.y, folds: folds)
        let length = longer.columns([longer.columns - 1])
        lengthAlone = LinearModel.rSquared(
            try lasso.nestedPredictions(
                length, to: data.y, folds: folds, groups: data.groups, inner: count, seed: seed),
            data.y)
    }

    private static func confirmed(
        _ data: LassoData, _ lasso: LassoPath, _ count: Int, _ seed: UInt64
    ) throws(RegressionError) -> Double? {
        let (fit, confirm) = (data.halves.fit, data.halves.confirm)
        let groups = data.groups.at(fit)
        guard data.halves.areApart, Set(groups).count >= count, confirm.count > 1 else { return nil }
        let folds = try Folds(count, groups: groups, seed: seed)
        let model = try lasso.best(data.x.rows(fit), to: data.y.at(fit), folds: folds)
        return model.rSquared(data.x.rows(confirm), data.y.at(confirm))
    }

    /// Columns that at least 0.8 of the half samples keep.
    public var stable: [Int] { atAlpha.indices.filter { atAlpha[$0] >= 0.8 } }

    /// R² of a model on the pairs that it was fitted to.
    public func rSquared(_ model: LinearModel) -> Double? { model.rSquared(data.x, data.y) }

    /// The share of permutations that keep as many columns as the real gains do, with the real one among them.
    public var permutedShare: Double {
        Double(1 + permuted.count { $0 >= model.support.count }) / Double(1 + permuted.count)
    }
}
