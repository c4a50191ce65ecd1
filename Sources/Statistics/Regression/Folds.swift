import Numerics
import Random

/// Rows shared out into folds, those of one group in one fold.
public struct Folds: Sendable, Equatable {
    /// The fold of each row, `[row]`, from 0.
    public let assignments: [Int]
    /// How many folds.
    public let count: Int

    /// Folds as they are given; each holds a row or more.
    public init(assignments: [Int]) {
        count = (assignments.max() ?? -1) + 1
        precondition(Set(assignments) == Set(0..<count), "folds are counted from 0 and none is empty: \(assignments)")
        self.assignments = assignments
    }

    /// Groups shared out at random: each fold takes the same number of them but for one.
    /// - Parameters:
    ///   - groups: rows of one number stay together, `[row]`.
    /// - Throws: ``RegressionError/tooFewGroups(_:folds:)``.
    public init(_ count: Int, groups: [Int], seed: UInt64) throws(RegressionError) {
        precondition(count > 1, "\(count) folds")
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.foldStream)
        let order = generator.shuffled(Self.distinct(groups))
        guard order.count >= count else { throw .tooFewGroups(order.count, folds: count) }
        let fold = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0 % count) })
        self.init(assignments: groups.map { fold[$0] ?? 0 })
    }

    /// Rows outside a fold, to fit on, and rows inside, to judge by.
    public func split(_ fold: Int) -> (fit: [Int], judge: [Int]) {
        (
            assignments.indices.filter { assignments[$0] != fold },
            assignments.indices.filter { assignments[$0] == fold }
        )
    }

    /// Distinct numbers in the order they come.
    static func distinct(_ groups: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return groups.filter { seen.insert($0).inserted }
    }
}

/// Groups of rows shared out into those a choice is made on and those it is judged by.
public struct FitSplit: Sendable, Equatable {
    /// The share of groups that choices are made on.
    public let share: Double
    /// What the draw follows from.
    public let seed: UInt64

    /// A split with a share strictly between 0 and 1.
    public init(share: Double, seed: UInt64) {
        precondition(share > 0 && share < 1, "a share of \(share)")
        self.share = share
        self.seed = seed
    }

    /// Whether each row is one to choose on, `[row]`; of two groups or more, both parts get one.
    public func isFit(groups: [Int]) -> [Bool] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.splitStream)
        let order = generator.shuffled(Folds.distinct(groups))
        let count = min(max(Int((share * Double(order.count)).rounded()), 1), max(order.count - 1, 0))
        let fit = Set(order.prefix(count))
        return groups.map { fit.contains($0) }
    }
}
