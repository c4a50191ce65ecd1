import Tensors

/// Elastic nets by cyclic coordinate descent on XᵀX with an active set: Friedman, Hastie & Tibshirani, *Regularization Paths
/// for Generalized Linear Models via Coordinate Descent*, JSS 33 (2010).
///
/// Descent finds which coefficients are not zero and their signs; the equations of those are then solved at once, and the optimum's
/// conditions (Karush, Kuhn and Tucker) checked on all. A solution is therefore exact to rounding, however collinear the columns.
struct CoordinateDescent {
    private let gram: DoubleMatrix
    private let cross: [Double]
    private let variance: Double
    private let mixing: Double
    private let count: Int
    /// The last solution, from which the next starts.
    private var weights: [Double]
    /// Xᵀ(y − Xw) / n, kept in step with the weights.
    private var residual: [Double]

    /// Sweeps before descent is tried in vain.
    private static let sweeps = 100_000
    /// Changes up to this share of the target's deviation are rest.
    private static let rest = 1e-14
    /// How far a correlation may stray from what the optimum asks, as a share of the largest.
    private static let slack = 1e-10

    init(_ data: CentredData, mixing: Double) {
        gram = data.gram
        cross = data.cross
        variance = data.variance
        self.mixing = mixing
        count = data.x.columns
        weights = Array(repeating: 0, count: count)
        residual = cross
    }

    /// The least penalty at which every coefficient is zero; for no share of ℓ₁ there is none, and a small share stands in.
    var largestPenalty: Double { (cross.map(abs).max() ?? 0) / max(mixing, 1e-3) }

    /// The coefficients at a penalty, on the data's scale; from the last solution on, so a path goes from large to small.
    mutating func solve(_ penalty: Double) throws(RegressionError) -> [Double] {
        let (absolute, square) = (penalty * mixing, penalty * (1 - mixing))
        let limit = Self.rest * variance.squareRoot()
        guard limit > 0 else { return weights.map { _ in 0 } }
        var used = 0
        var patience = limit * 1e6
        while used < Self.sweeps {
            // A sweep over all finds who joins; the active ones are then brought to rest among themselves.
            var change = sweep(Array(0..<count), absolute, square)
            used += 1
            let active = weights.indices.filter { weights[$0] != 0 }
            while change > patience, used < Self.sweeps {
                change = sweep(active, absolute, square)
                used += 1
            }
            if polish(absolute, square) { return weights }
            if change <= limit, sweep(Array(0..<count), absolute, square) <= limit { return weights }
            patience = max(patience / 10, limit)
        }
        throw .notConverged(method: "coordinate descent", penalty: penalty)
    }

    /// One round over some coefficients; the largest change, in units of the target.
    private mutating func sweep(_ columns: [Int], _ absolute: Double, _ square: Double) -> Double {
        var largest = 0.0
        for column in columns {
            let own = gram[column, column]
            guard own > 0 else { continue }
            let pull = residual[column] + own * weights[column]
            let shrunk = pull > absolute ? pull - absolute : pull < -absolute ? pull + absolute : 0
            let change = shrunk / (own + square) - weights[column]
            guard change != 0 else { continue }
            weights[column] += change
            gram.values.withUnsafeBufferPointer { gram in
                for other in 0..<count { residual[other] -= gram[column * count + other] * change }
            }
            largest = max(largest, abs(change) * own.squareRoot())
        }
        return largest
    }

    /// Solves the equations of the coefficients that are not zero, and takes the solution if it is the optimum.
    private mutating func polish(_ absolute: Double, _ square: Double) -> Bool {
        let active = weights.indices.filter { weights[$0] != 0 }
        var system = gram.rows(active).columns(active)
        for index in active.indices { system[index, index] += square }
        let right = active.map { cross[$0] - (weights[$0] > 0 ? absolute : -absolute) }
        guard let solution = try? LinearAlgebra.solve(system, right) else { return false }
        for (index, column) in active.enumerated() where (solution[index] > 0) != (weights[column] > 0) { return false }
        var candidate = [Double](repeating: 0, count: count)
        for (index, column) in active.enumerated() { candidate[column] = solution[index] }
        let rest = zip(cross, gram.times(candidate)).map { $0 - $1 }
        let slack = Self.slack * (cross.map(abs).max() ?? 0)
        for column in 0..<count {
            let pull = rest[column] - square * candidate[column]
            let isOptimal =
                candidate[column] == 0
                ? abs(pull) <= absolute + slack : abs(pull - (candidate[column] > 0 ? absolute : -absolute)) <= slack
            guard isOptimal else { return false }
        }
        weights = candidate
        residual = rest
        return true
    }
}
