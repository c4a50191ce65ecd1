import Numerics

/// One sequence tree's part in a pass through a block.
public struct Segment: Sendable {
    /// The tokens, for their positions and for what attends to what.
    public let tree: TokenTree
    /// Tree rows whose keys and values the pass computes, rising; they lie one after another in the stack.
    public let rows: [Int]
    /// The first of them in the stack.
    public let start: Int
    /// For every tree row, the stack row that holds its keys and values, computed in this pass or before it; −1 for a row that
    /// no output attends to.
    public let keyRows: [Int32]
    /// Those of `rows` whose outputs are asked for, rising: all but in the last block.
    public let outputs: [Int]
    /// The stack row of the first output.
    public let outputStart: Int

    /// A segment; `keyRows` has a number for each row of the tree.
    public init(tree: TokenTree, rows: [Int], start: Int, keyRows: [Int32], outputs: [Int], outputStart: Int) {
        precondition(keyRows.count == tree.rows, "\(keyRows.count) key rows for a tree of \(tree.rows)")
        self.tree = tree
        self.rows = rows
        self.start = start
        self.keyRows = keyRows
        self.outputs = outputs
        self.outputStart = outputStart
    }

    var stackRows: Range<Int> { start..<start + rows.count }
    var outputRows: Range<Int> { outputStart..<outputStart + outputs.count }
}

/// The activations of one layer for all sequences that walk together, by stack row.
public struct LayerStack: Sendable {
    /// The residual stream: before the block, and after it.
    public let residual: Rows
    /// Queries, then what the heads gather; keys and values of every row. As wide as the widest block that uses them.
    let queries, keys, values: Rows

    /// Buffers for a layer's rows.
    /// - Parameter blocks: the blocks that will run on the stack.
    public init(residual: Rows, blocks: [Block], workspace: Workspace) {
        self.residual = residual
        func rows(_ slot: Workspace.Slot, _ width: (Attention) -> Int) -> Rows {
            workspace.rows(slot, residual.indices, width: blocks.map { width($0.attention) }.max() ?? 0)
        }
        queries = rows(.queries, \.queryWidth)
        keys = rows(.keys, \.keyWidth)
        values = rows(.values, \.keyWidth)
    }
}

/// Rows of a layer's stack that run one block together.
///
/// The block reads and writes the rows `inputs` of the stack's residual stream. Outputs that are asked for end up in the rows
/// `outputs`: the same rows, or their first few.
public struct BlockPass {
    /// The sequences, in the order of their rows; they lie one after another in the stack.
    public let segments: [Segment]
    /// The layer's activations.
    public let stack: LayerStack
    /// Sites whose rows are shown to ``visit``.
    public let visited: Set<Site>
    /// Called once at each visited site, with the rows of the pass: input rows at `k`, `k_rot` and `v`, output rows at the others.
    /// The block goes on with what it changes there.
    public let visit: (Site, Rows) -> Void

    /// A pass of segments.
    public init(
        _ segments: [Segment], stack: LayerStack, visited: Set<Site> = [],
        visit: @escaping (Site, Rows) -> Void = { _, _ in }
    ) {
        self.segments = segments
        self.stack = stack
        self.visited = visited
        self.visit = visit
    }

    /// Stack rows whose keys and values are computed.
    public var inputs: Range<Int> { (segments.first?.start ?? 0)..<(segments.last?.stackRows.upperBound ?? 0) }
    /// Stack rows whose outputs are computed.
    public var outputs: Range<Int> {
        (segments.first?.outputStart ?? 0)..<(segments.last?.outputRows.upperBound ?? 0)
    }
    /// Whether every input row has an output.
    var keepsAllRows: Bool { inputs == outputs }

    /// Shows a site's rows, where they are asked for.
    func show(_ site: Site, _ rows: Rows) {
        guard visited.contains(site) else { return }
        visit(site, rows[site.reachesLaterPositions ? inputs : outputs])
    }

    /// Calls `body(stack row, position)` for every input row, or every output row, over all workers.
    func each(
        _ rows: KeyPath<Segment, [Int]>, _ start: KeyPath<Segment, Int>, _ workers: Workers,
        _ body: @Sendable (Int, Int) -> Void
    ) {
        let parts = segments.map { (tree: $0.tree, rows: $0[keyPath: rows], start: $0[keyPath: start]) }
        workers.run(tasks: parts.count) { task, _ in
            let part = parts[task]
            for (index, row) in part.rows.enumerated() { body(part.start + index, part.tree.position(of: row)) }
        }
    }

    /// Moves the residual rows that go on to the front of the pass's rows.
    func compact() {
        let residual = stack.residual
        for segment in segments {
            var place = 0
            for (index, row) in segment.outputs.enumerated() {
                while segment.rows[place] != row { place += 1 }
                let (from, to) = (segment.start + place, segment.outputStart + index)
                if from != to { residual.row(to).update(from: residual.row(from), count: residual.width) }
            }
        }
    }

    /// Input rows in tiles that run together.
    func inputTiles(_ workers: Workers) -> [Range<Int>] {
        Products.tiles(of: inputs, sequences: segments.map(\.stackRows), workers: workers.count)
    }

    /// Output rows in tiles that run together.
    func outputTiles(_ workers: Workers) -> [Range<Int>] {
        Products.tiles(of: outputs, sequences: segments.map(\.outputRows), workers: workers.count)
    }

    /// The output tiles in stretches of at most `most` rows, or of one tile where that is longer.
    func chunks(of most: Int, _ workers: Workers) -> [[Range<Int>]] {
        guard outputs.count > most else { return outputs.isEmpty ? [] : [outputTiles(workers)] }
        guard Products.rowsAreIndependent else {
            return outputTiles(workers).reduce(into: []) { runs, tile in
                if let first = runs.last?.first, tile.upperBound - first.lowerBound <= most {
                    runs[runs.count - 1].append(tile)
                } else {
                    runs.append([tile])
                }
            }
        }
        let count = (outputs.count + most - 1) / most
        return (0..<count).map { index in
            let first = outputs.lowerBound + index * outputs.count / count
            let run = first..<outputs.lowerBound + (index + 1) * outputs.count / count
            return Products.tiles(of: run, sequences: [run], workers: workers.count)
        }
    }
}
