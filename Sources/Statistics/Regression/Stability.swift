import Numerics
import Random

/// How often a LASSO keeps each column when it sees half of the groups: Meinshausen & Bühlmann, *Stability Selection*, JRSS B 72
/// (2010).
///
/// A column of many that say the same is kept now and then, so its frequency is low: what one fit chose among them is chance.
public struct StabilitySelection: Sendable, Equatable {
    /// How many halves are drawn.
    public let subsamples: Int
    /// What the draws follow from.
    public let seed: UInt64

    /// A selection over a number of halves.
    public init(subsamples: Int = 100, seed: UInt64) {
        precondition(subsamples > 0, "\(subsamples) subsamples")
        self.subsamples = subsamples
        self.seed = seed
    }

    /// The rows of each subsample: half of the groups, without replacement, `[subsample][row]`.
    public func draws(groups: [Int]) -> [[Int]] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stabilityStream)
        let distinct = Folds.distinct(groups)
        return (0..<subsamples).map { _ in
            let half = Set(generator.shuffled(distinct).prefix(max(distinct.count / 2, 1)))
            return groups.indices.filter { half.contains(groups[$0]) }
        }
    }

    /// The share of subsamples in which each column's coefficient is not zero, `[penalty][column]`; columns are scaled inside each.
    /// - Parameter workers: who fits the subsamples; the result is the same for any number.
    public func frequencies(
        _ x: DoubleMatrix, to y: [Double], groups: [Int], penalties: [Double], path: LassoPath = LassoPath(),
        workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [[Double]] {
        var counts = penalties.map { _ in [Double](repeating: 0, count: x.columns) }
        let draws = draws(groups: groups)
        let supports = workers.map(draws.count) { number in
            Result { () throws(RegressionError) in
                let rows = draws[number]
                return try path.fit(x.rows(rows), to: rows.map { y[$0] }, penalties: penalties).map(\.support)
            }
        }
        for subsample in supports {
            for (place, support) in try subsample.get().enumerated() {
                for column in support { counts[place][column] += 1 }
            }
        }
        return counts.map { $0.map { $0 / Double(subsamples) } }
    }
}

/// What the procedure keeps when the target is permuted: how many columns, penalty choice included, and how often each.
public struct PermutedSupport: Sendable, Equatable {
    /// How often the target is permuted.
    public let permutations: Int
    /// How many folds choose the penalty.
    public let folds: Int
    /// What the permutations follow from.
    public let seed: UInt64

    /// A count over a number of permutations.
    public init(permutations: Int = 100, folds: Int = 5, seed: UInt64) {
        self.permutations = permutations
        self.folds = folds
        self.seed = seed
    }

    /// The number of columns kept under each permutation of the rows' targets, `[permutation]`.
    /// - Parameter workers: who fits the permutations; the result is the same for any number.
    public func sizes(
        _ x: DoubleMatrix, to y: [Double], groups: [Int], isSparest: Bool = false, path: LassoPath = LassoPath(),
        workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [Int] {
        let split = try Folds(folds, groups: groups, seed: seed)
        return try permuted(y, workers) { (target) throws(RegressionError) in
            try path.best(x, to: target, folds: split, isSparest: isSparest).support.count
        }
    }

    /// How often a selection keeps each column at one penalty under each permutation, `[permutation][column]`: what frequencies are
    /// where no column says anything.
    public func frequencies(
        _ x: DoubleMatrix, to y: [Double], groups: [Int], penalty: Double, selection: StabilitySelection,
        workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [[Double]] {
        try permuted(y, workers) { (target) throws(RegressionError) in
            try selection.frequencies(x, to: target, groups: groups, penalties: [penalty])[0]
        }
    }

    /// What is found under each permutation of the target, `[permutation]`.
    private func permuted<Found: Sendable>(
        _ y: [Double], _ workers: Workers, _ find: @Sendable ([Double]) throws(RegressionError) -> Found
    ) throws(RegressionError) -> [Found] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.permutationStream)
        var all: [Found] = []
        // A few targets at a time, so that thousands of permutations of thousands of rows are never all there.
        while all.count < permutations {
            let targets = (all.count..<min(all.count + 64, permutations)).map { _ in generator.shuffled(y) }
            let found = workers.map(targets.count) { number in
                Result { () throws(RegressionError) in try find(targets[number]) }
            }
            for one in found { all.append(try one.get()) }
        }
        return all
    }
}
