/// A prompt with its responses, packed without padding: the trunk's rows first, then each branch's.
///
/// Every branch attends to the trunk and to itself, never to another branch, so its rows compute what they would compute in a
/// sequence of their own. Row `i` of a branch stands at position `trunk + i`.
public struct TokenTree: Sendable, Equatable {
    /// Tokens that all branches share.
    public let trunk: [Int]
    /// Tokens of each continuation.
    public let branches: [[Int]]

    /// A tree of tokens; without branches it is one plain sequence.
    public init(trunk: [Int], branches: [[Int]] = []) {
        self.trunk = trunk
        self.branches = branches
    }

    /// All rows: trunk and branches.
    public var rows: Int { trunk.count + branches.reduce(0) { $0 + $1.count } }
    /// Tokens in row order, `[rows]`.
    public var tokens: [Int] { trunk + branches.flatMap { $0 } }
    /// Each row's position in its own sequence, `[rows]`.
    public var positions: [Int] {
        Array(trunk.indices) + branches.flatMap { branch in branch.indices.map { $0 + trunk.count } }
    }
    /// Positions that the longest sequence takes.
    public var depth: Int { trunk.count + (branches.map(\.count).max() ?? 0) }

    /// The rows of one branch.
    public func rows(ofBranch branch: Int) -> Range<Int> {
        let start = trunk.count + branches[..<branch].reduce(0) { $0 + $1.count }
        return start..<start + branches[branch].count
    }

    /// How many tokens the first two branches share at their beginning; 0 without two branches.
    public var firstDivergence: Int {
        guard branches.count >= 2 else { return 0 }
        return zip(branches[0], branches[1]).prefix { $0 == $1 }.count
    }

    /// The last row of each branch: it predicts nothing, and nothing attends to it.
    public var ends: [Int] {
        branches.indices.compactMap { branches[$0].isEmpty ? nil : rows(ofBranch: $0).upperBound - 1 }
    }

    /// The position of a row in its own sequence.
    public func position(of row: Int) -> Int { row - (branchStart(of: row) - trunk.count) }

    /// The first row of the branch that a row lies in; the trunk's length for a row of the trunk.
    private func branchStart(of row: Int) -> Int {
        var start = trunk.count
        guard row >= start else { return start }
        for branch in branches {
            if row < start + branch.count { return start }
            start += branch.count
        }
        preconditionFailure("row \(row) of a tree of \(rows)")
    }

    /// The rows that a change at some rows can reach through attention: in the trunk all later rows and every branch, in a branch
    /// its own later rows; rising.
    public func reach(of changed: [Int]) -> [Int] {
        guard let first = changed.min() else { return [] }
        if first < trunk.count { return Array(first..<rows) }
        return branches.indices.flatMap { branch in
            let own = rows(ofBranch: branch)
            guard let first = changed.filter({ own.contains($0) }).min() else { return [Int]() }
            return Array(first..<own.upperBound)
        }
    }

    /// One prediction: the logits of `row` are to give `token` of `branch` its log-probability.
    public struct Prediction: Sendable, Equatable {
        /// The row whose logits predict.
        public let row: Int
        /// The token predicted.
        public let token: Int
        /// The branch that the token belongs to.
        public let branch: Int
    }

    /// What the head must predict: every token of every branch, the first from the trunk's last row.
    public var predictions: [Prediction] {
        precondition(!trunk.isEmpty, "a tree without a trunk predicts nothing")
        return branches.indices.flatMap { branch in
            let start = rows(ofBranch: branch).lowerBound
            return branches[branch].enumerated().map { index, token in
                Prediction(row: index == 0 ? trunk.count - 1 : start + index - 1, token: token, branch: branch)
            }
        }
    }
}
