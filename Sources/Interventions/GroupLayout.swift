/// Where each pair of a group lies in a state buffer: pairs one after another, `[pair rows, width]` each.
struct GroupLayout: Sendable {
    let width: Int
    /// Floats before each pair.
    let starts: [Int]
    /// Floats of each pair.
    let counts: [Int]
    /// Rows of the largest pair.
    let mostRows: Int
    /// Positions of the longest sequence.
    let depth: Int

    init(_ group: [PackedPair], width: Int) {
        self.width = width
        counts = group.map { $0.tree.rows * width }
        var starts: [Int] = []
        var next = 0
        for count in counts {
            starts.append(next)
            next += count
        }
        self.starts = starts
        mostRows = group.map(\.tree.rows).max() ?? 0
        depth = group.map(\.tree.depth).max() ?? 0
    }

    /// Floats of the whole group.
    var count: Int { counts.reduce(0, +) }
}
