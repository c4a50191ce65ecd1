import Numerics

/// Elastic nets by cyclic coordinate descent on XᵀX with an active set: Friedman, Hastie & Tibshirani, *Regularization Paths
/// for Generalized Linear Models via Coordinate Descent*, JSS 33 (2010).
///
/// Descent finds about which coefficients are not zero; their equations are then solved at once, coefficients that would change sign
/// leave, those that break the optimum's conditions (Karush, Kuhn & Tucker) join, one at a time: the feature-sign search of Lee,
/// Battle, Raina & Ng (NIPS 2006). So a solution is exact to rounding, however collinear the columns.
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

    /// Rounds of descent and search before both are given up; the sweeps of a round double up to 10,240.
    private static let rounds = 24
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
        for round in 0..<Self.rounds {
            // A sweep over all finds who joins; the active ones are then brought nearer to rest among themselves.
            var change = sweep(Array(0..<count), absolute, square)
            let active = weights.indices.filter { weights[$0] != 0 }
            for _ in 0..<(10 << min(round, 10)) where change > limit { change = sweep(active, absolute, square) }
            if search(absolute, square) { return weights }
            if change <= limit, sweep(Array(0..<count), absolute, square) <= limit { return weights }
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

    /// Goes from the present weights to the optimum by solving the equations of the active coefficients; false where they depend on one
    /// another so much that there is no one solution.
    private mutating func search(_ absolute: Double, _ square: Double) -> Bool {
        let slack = Self.slack * (cross.map(abs).max() ?? 0)
        var candidate = weights
        var signs = weights.map { $0 > 0 ? 1.0 : $0 < 0 ? -1 : 0 }
        for _ in 0..<10 * (count + 1) {
            guard let solved = solution(signs, absolute, square) else { return false }
            // The step goes as far as the first coefficient that reaches zero, which then leaves.
            var length = 1.0
            for column in 0..<count where signs[column] != 0 && solved[column] * signs[column] <= 0 {
                let way = candidate[column] - solved[column]
                length = min(length, way == 0 ? 0 : candidate[column] / way)
            }
            let isWhole = length == 1 && (0..<count).allSatisfy { signs[$0] == 0 || solved[$0] * signs[$0] > 0 }
            for column in 0..<count where signs[column] != 0 {
                let next = candidate[column] + length * (solved[column] - candidate[column])
                let leaves = !isWhole && next * signs[column] <= abs(solved[column] - candidate[column]) * 1e-14
                candidate[column] = isWhole ? solved[column] : leaves ? 0 : next
                if leaves { signs[column] = 0 }
            }
            guard isWhole else { continue }
            let rest = zip(cross, gram.times(candidate)).map { $0 - $1 }
            let outside = (0..<count).filter { signs[$0] == 0 && gram[$0, $0] > 0 }
            guard let next = outside.max(by: { (abs(rest[$0]), -$0) < (abs(rest[$1]), -$1) }),
                abs(rest[next]) > absolute + slack
            else {
                weights = candidate
                residual = rest
                return true
            }
            signs[next] = rest[next] > 0 ? 1 : -1
        }
        return false
    }

    /// The solution of the active coefficients' equations for given signs; zeros elsewhere.
    private func solution(_ signs: [Double], _ absolute: Double, _ square: Double) -> [Double]? {
        let active = signs.indices.filter { signs[$0] != 0 }
        var system = gram.rows(active).columns(active)
        for index in active.indices { system[index, index] += square }
        let right = active.map { cross[$0] - absolute * signs[$0] }
        var found = try? LinearAlgebra.solve(system, right)
        if found == nil {
            // Columns that depend on one another: a touch of ridge sends one of them to zero, where it leaves.
            let touch = 1e-11 * (active.map { gram[$0, $0] }.max() ?? 0)
            for index in active.indices { system[index, index] += touch }
            found = try? LinearAlgebra.solve(system, right)
        }
        guard let solved = found else { return nil }
        var whole = [Double](repeating: 0, count: count)
        for (index, column) in active.enumerated() { whole[column] = solved[index] }
        return whole
    }
}
