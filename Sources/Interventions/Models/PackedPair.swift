import Transformers

/// One preference pair as the engine walks it: the prompt once, with the chosen and the rejected response as its branches.
public struct PackedPair: Sendable, Equatable {
    /// A stable number, for messages and for the seeds of random controls.
    public let id: Int
    /// Pairs with one prompt share a cluster; a donor "from another pair" comes from another cluster where there is one.
    public let cluster: Int
    let tree: TokenTree

    /// The branch of each response.
    static let chosen = 0
    static let rejected = 1

    /// A pair of responses to one prompt, all in token ids.
    public init(id: Int, cluster: Int, prompt: [Int], chosen: [Int], rejected: [Int]) {
        self.id = id
        self.cluster = cluster
        tree = TokenTree(trunk: prompt, branches: [chosen, rejected])
    }

    /// A text that only gives donors: it has no response, and nothing is measured of it.
    static func text(_ tokens: [Int]) -> PackedPair {
        PackedPair(id: -1, cluster: -1, prompt: tokens, chosen: [], rejected: [])
    }

    /// Whether it is a text that only gives donors.
    var isText: Bool { cluster < 0 && chosen.isEmpty && rejected.isEmpty }

    /// The prompt's token ids.
    public var prompt: [Int] { tree.trunk }
    /// The chosen response's token ids.
    public var chosen: [Int] { tree.branches[Self.chosen] }
    /// The rejected response's token ids.
    public var rejected: [Int] { tree.branches[Self.rejected] }
    /// Tokens of the chosen response.
    public var chosenTokens: Int { tree.branches[Self.chosen].count }
    /// Tokens of the rejected response.
    public var rejectedTokens: Int { tree.branches[Self.rejected].count }

    /// The same pair with the chosen response only, as one plain sequence.
    public var onlyChosen: PackedPair { with(chosen: tree.branches[Self.chosen], rejected: []) }
    /// The same pair with the rejected response only, as one plain sequence.
    public var onlyRejected: PackedPair { with(chosen: [], rejected: tree.branches[Self.rejected]) }

    private func with(chosen: [Int], rejected: [Int]) -> PackedPair {
        PackedPair(id: id, cluster: cluster, prompt: tree.trunk, chosen: chosen, rejected: rejected)
    }

    /// What stands at a row.
    func description(of row: Int) -> Reading.Row {
        let branch = tree.branches.indices.first { tree.rows(ofBranch: $0).contains(row) }
        return Reading.Row(
            position: tree.position(of: row), isChosen: branch.map { $0 == Self.chosen }, token: tree.tokens[row],
            next: row + 1 < tree.trunk.count
                ? [tree.trunk[row + 1]] : tree.predictions.filter { $0.row == row }.map(\.token))
    }

    /// Splits pairs into the groups that walk together: whole pairs in order until a group has enough rows and two prompts.
    ///
    /// The split depends on token counts and clusters alone, never on memory or threads, and a group is the unit whose results can
    /// be kept.
    static func groups(_ pairs: [PackedPair]) -> [Range<Int>] {
        let enough = 512
        func prompts(_ range: Range<Int>) -> Int { Set(pairs[range].map(\.cluster)).count }
        var groups: [Range<Int>] = []
        var (start, rows) = (0, 0)
        for (index, pair) in pairs.enumerated() {
            rows += pair.tree.rows
            if rows >= enough, prompts(start..<index + 1) > 1 {
                groups.append(start..<index + 1)
                (start, rows) = (index + 1, 0)
            }
        }
        if start < pairs.count {
            if prompts(start..<pairs.count) < 2, let last = groups.popLast() { start = last.lowerBound }
            groups.append(start..<pairs.count)
        }
        return groups
    }

    /// The place in `group` of the pair that stands in for the one at `index`: the next with another prompt, cyclically; failing
    /// that the next pair; `nil` when it is alone.
    static func partner(of index: Int, in group: [PackedPair]) -> Int? {
        let order = (1..<max(group.count, 1)).map { (index + $0) % group.count }.filter { !group[$0].isText }
        return order.first { group[$0].cluster != group[index].cluster } ?? order.first
    }

    /// The row of `other` aligned with `row`: prompt with prompt and response with response, each from its start.
    func alignedRow(_ row: Int, in other: PackedPair) -> Int {
        let prompt = tree.trunk.count
        let otherPrompt = other.tree.trunk.count
        if row < prompt { return min(row, otherPrompt - 1) }
        for branch in tree.branches.indices {
            let mine = tree.rows(ofBranch: branch)
            guard mine.contains(row) else { continue }
            let theirs = other.tree.rows(ofBranch: branch)
            return theirs.isEmpty
                ? otherPrompt - 1 : min(theirs.lowerBound + row - mine.lowerBound, theirs.upperBound - 1)
        }
        preconditionFailure("row \(row) of a pair of \(tree.rows)")
    }

    /// The row of the other response aligned with `row`; a row of the prompt, or one with nothing to align with, is its own.
    func rowInOtherResponse(_ row: Int) -> Int {
        for branch in [Self.chosen, Self.rejected] {
            let mine = tree.rows(ofBranch: branch)
            guard mine.contains(row) else { continue }
            let theirs = tree.rows(ofBranch: 1 - branch)
            return theirs.isEmpty ? row : min(theirs.lowerBound + row - mine.lowerBound, theirs.upperBound - 1)
        }
        return row
    }
}
