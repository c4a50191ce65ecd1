import Notebooks
import Statistics
import Numerics

/// One regression with everything that says how far to trust it.
struct LassoFit {
    let choice: PenaltyChoice
    let alpha: Double
    /// At `alpha`, on all pairs.
    let model: LinearModel
    /// At the 1-SE penalty, on all pairs.
    let sparest: LinearModel
    let path: [LinearModel]
    let ridge: LinearModel
    let elasticNet: LinearModel
    /// How often each column is kept on half of the prompts, `[penalty][column]`.
    let frequencies: [[Double]]
    let atAlpha: [Double]
    let inflation: [Double?]
    /// R² on rows that neither the coefficients nor the penalty have seen.
    let nested: Double?
    /// R² on the confirm pairs of a model chosen and fitted on the fit pairs.
    let confirmed: Double?
    /// Columns kept under permuted gains, `[permutation]`.
    let permuted: [Int]
    /// The fit with the responses' difference in length as a further column, the last.
    let withLength: LinearModel
    let lengthAlone: Double?

    init(
        _ data: LassoData, alpha given: Double?, folds count: Int, subsamples: Int, permutations: Int, seed: UInt64,
        workers: Workers, progress: (Progress) -> Void
    ) throws(RegressionError) {
        var done = 0
        func step() {
            done += 1
            progress(Progress(unit: "fits", done: done, total: 5))
        }
        let folds = try Folds(count, groups: data.groups, seed: seed)
        let lasso = LassoPath()
        choice = try lasso.crossValidate(data.x, to: data.y, folds: folds)
        alpha = given ?? choice.best
        model = try Lasso(penalty: alpha, isStandardizing: true).fit(data.x, to: data.y)
        sparest = try Lasso(penalty: choice.sparest, isStandardizing: true).fit(data.x, to: data.y)
        path = try lasso.fit(data.x, to: data.y, penalties: choice.penalties)
        step()
        ridge = try RidgePath().best(data.x, to: data.y, folds: folds)
        elasticNet = try LassoPath(mixing: 0.5).best(data.x, to: data.y, folds: folds)
        inflation = try VarianceInflation().factors(data.x)
        step()
        let selection = StabilitySelection(subsamples: subsamples, seed: seed)
        frequencies = try selection.frequencies(
            data.x, to: data.y, groups: data.groups, penalties: choice.penalties, workers: workers)
        atAlpha = try selection.frequencies(
            data.x, to: data.y, groups: data.groups, penalties: [alpha], workers: workers)[0]
        step()
        let predictions = try lasso.nestedPredictions(
            data.x, to: data.y, folds: folds, groups: data.groups, inner: count, seed: seed)
        nested = LinearModel.rSquared(predictions, data.y)
        confirmed = try Self.confirmed(data, lasso, count, seed)
        step()
        permuted = try PermutedSupport(permutations: permutations, folds: count, seed: seed).sizes(
            data.x, to: data.y, groups: data.groups, workers: workers)
        let longer = data.withLength
        withLength = try lasso.best(longer, to: data.y, folds: folds)
        let length = longer.columns([longer.columns - 1])
        lengthAlone = LinearModel.rSquared(
            try lasso.nestedPredictions(
                length, to: data.y, folds: folds, groups: data.groups, inner: count, seed: seed),
            data.y)
        step()
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

    /// The share of permutations that keep as many columns as the real gains do, with the real one among them.
    var permutedShare: Double {
        Double(1 + permuted.count { $0 >= model.support.count }) / Double(1 + permuted.count)
    }
}
