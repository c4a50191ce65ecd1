import Numerics
import Random

/// How often a LASSO keeps each column when it sees half of the groups: Meinshausen & Bühlmann, *Stability Selection*, JRSS B 72
/// (2010).
///
/// A column of many that say the same is kept now and then, so its frequency is low: what one fit chose among them is chance.
public struct StabilitySelection: Sendable, Equatable {
    /// What the draws follow from.
    public let seed: UInt64

    /// A selection over halves drawn from a seed.
    public init(seed: UInt64) { self.seed = seed }

    /// The rows of some of the subsamples: half of the groups, without replacement, `[subsample][row]`.
    public func draws(groups: [Int], of range: Range<Int>) -> [[Int]] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stabilityStream)
        let distinct = Folds.distinct(groups)
        for _ in 0..<range.lowerBound { _ = generator.shuffled(distinct) }
        return range.map { _ in
            let half = Set(generator.shuffled(distinct).prefix(max(distinct.count / 2, 1)))
            return groups.indices.filter { half.contains(groups[$0]) }
        }
    }

    /// In how many of some of the subsamples each column's coefficient is not zero, `[penalty][column]`; columns are scaled inside
    /// each. The counts of all subsamples are the sum over ranges.
    /// - Parameter workers: who fits the subsamples; the result is the same for any number.
    public func counts(
        of range: Range<Int>, _ x: DoubleMatrix, to y: [Double], groups: [Int], penalties: [Double],
        path: LassoPath = LassoPath(), workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [[Int]] {
        var counts = penalties.map { _ in [Int](repeating: 0, count: x.columns) }
        let draws = draws(groups: groups, of: range)
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
        return counts
    }
}

/// How many columns the whole procedure, penalty choice included, keeps when the target is permuted.
public struct PermutedSupport: Sendable, Equatable {
    /// How many folds choose the penalty.
    public let folds: Int
    /// What the permutations follow from.
    public let seed: UInt64

    /// A count with penalties that folds choose.
    public init(folds: Int = 5, seed: UInt64) {
        self.folds = folds
        self.seed = seed
    }

    /// The number of columns kept under some of the permutations of the rows' targets, `[permutation]`.
    /// - Parameter workers: who fits the permutations; the result is the same for any number.
    public func sizes(
        of range: Range<Int>, _ x: DoubleMatrix, to y: [Double], groups: [Int], isSparest: Bool = false,
        path: LassoPath = LassoPath(), workers: Workers = Workers(count: 1)
    ) throws(RegressionError) -> [Int] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.permutationStream)
        let split = try Folds(folds, groups: groups, seed: seed)
        for _ in 0..<range.lowerBound { _ = generator.shuffled(y) }
        let targets = range.map { _ in generator.shuffled(y) }
        let found = workers.map(targets.count) { number in
            Result { () throws(RegressionError) in
                try path.best(x, to: targets[number], folds: split, isSparest: isSparest).support.count
            }
        }
        return try found.map { size throws(RegressionError) in try size.get() }
    }
}
