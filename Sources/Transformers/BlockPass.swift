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

/// The activations of one layer for all sequences that walk together, `[stack row, …]`.
public struct LayerStack: Sendable {
    /// The residual stream, `[stack row, width]`: before the block, and after it.
    public let residual: Matrix
    /// Queries, then what the heads gather; keys and values of every row.
    public let queries, keys, values: Matrix

    /// Room for `rows` rows of a layer.
    public init(residual: Matrix, rows: Int, model: some Transformer, scratch: inout Scratch) {
        self.residual = residual
        func room(_ name: String, _ site: Site) -> Matrix {
            scratch.matrix(name, rows: rows, columns: model.shape(of: site)?.width ?? 0)
        }
        queries = room("queries", .query)
        keys = room("keys", .key)
        values = room("values", .value)
    }
}

/// Rows of a layer's stack that run one model's block together.
///
/// The block reads and writes the rows `inputs` of the stack's residual stream. Outputs that are asked for end up in the rows
/// `outputs`: the same rows, or their first few.
public struct BlockPass {
    /// The sequences, in the order of their rows.
    public let segments: [Segment]
    /// The layer's activations.
    public let stack: LayerStack
    /// Sites whose rows are shown to ``visit``.
    public let visited: Set<Site>
    /// Called at each visited site, once, with the pass's rows of it: input rows at `k`, `k_rot` and `v`, output rows at the
    /// others. What it changes there is what the block goes on with.
    public let visit: (Site, Matrix) -> Void
    /// Who shares out the work.
    public let workers: Workers
    /// A pass of segments that lie one after another in the stack.
    public init(
        _ segments: [Segment], stack: LayerStack, workers: Workers, visited: Set<Site> = [],
        visit: @escaping (Site, Matrix) -> Void = { _, _ in }
    ) {
        self.segments = segments
        self.stack = stack
        self.visited = visited
        self.visit = visit
        self.workers = workers
    }

    /// Stack rows whose keys and values are computed.
    public var inputs: Range<Int> { (segments.first?.start ?? 0)..<(segments.last?.stackRows.upperBound ?? 0) }
    /// Stack rows whose outputs are computed.
    public var outputs: Range<Int> {
        (segments.first?.outputStart ?? 0)..<(segments.last?.outputRows.upperBound ?? 0)
    }
    /// Whether every input row has an output.
    var keepsAllRows: Bool { inputs == outputs }

    var inputTiles: [Range<Int>] {
        Products.tiles(of: inputs, sequences: segments.map(\.stackRows), workers: workers.count)
    }
    var outputTiles: [Range<Int>] {
        Products.tiles(of: outputs, sequences: segments.map(\.outputRows), workers: workers.count)
    }

    /// Shows a site's rows, where they are asked for; `rows` starts at the stack's first row.
    func show(_ site: Site, _ rows: Matrix) {
        guard visited.contains(site) else { return }
        let isInput = site.reachesLaterPositions
        visit(site, rows.dropping(isInput ? inputs.lowerBound : outputs.lowerBound))
    }

    /// Calls `body(stack row, position)` for every input row, over all workers.
    func eachInput(_ body: @Sendable (Int, Int) -> Void) {
        each(segments.map { ($0.start, $0.rows) }, body)
    }

    /// Calls `body(stack row, position)` for every output row, over all workers.
    func eachOutput(_ body: @Sendable (Int, Int) -> Void) {
        each(segments.map { ($0.outputStart, $0.outputs) }, body)
    }

    private func each(_ rows: [(start: Int, rows: [Int])], _ body: @Sendable (Int, Int) -> Void) {
        let trees = segments.map(\.tree)
        workers.run(tasks: trees.count) { task, _ in
            let tree = trees[task]
            for (index, row) in rows[task].rows.enumerated() {
                body(rows[task].start + index, tree.position(of: row))
            }
        }
    }

    /// Adds a product of some output tiles to the residual stream; where its site is looked at, the product is shown first.
    func addToResidual(
        _ linear: Linear, _ products: PanelProducts, site: Site, tiles: [Range<Int>], scratch: inout Scratch,
        prepare: @escaping PanelProducts.Prepare
    ) {
        let residual = stack.residual
        guard visited.contains(site) else {
            let job = PanelProducts.Job(linear: linear, target: .add(residual))
            return products.run(tiles, [job], scratch: &scratch, prepare: prepare)
        }
        let added = scratch.matrix("added", rows: outputs.count, columns: residual.columns).dropping(
            -outputs.lowerBound)
        let job = PanelProducts.Job(linear: linear, target: .store(added))
        products.run(tiles, [job], scratch: &scratch, prepare: prepare)
        show(site, added)
        workers.run(tasks: tiles.count) { task, _ in
            for row in tiles[task] { Kernels.add(added.row(row), to: residual.row(row), count: residual.columns) }
        }
    }

    /// Moves the residual rows that go on to the front of the pass's rows.
    func compact() {
        guard !keepsAllRows else { return }
        let residual = stack.residual
        for segment in segments {
            var place = 0
            for (index, row) in segment.outputs.enumerated() {
                while segment.rows[place] != row { place += 1 }
                let (from, to) = (segment.start + place, segment.outputStart + index)
                if from != to { residual.row(to).update(from: residual.row(from), count: residual.columns) }
            }
        }
    }

    /// The output tiles in runs of some thousand rows, fewer where a row has many inner numbers; one run where `isWhole`.
    func chunks(innerWidth: Int, isWhole: Bool) -> [[Range<Int>]] {
        let most = isWhole ? outputs.count : min(max((1 << 24) / innerWidth, 512), 4096)
        guard outputs.count > most else { return outputs.isEmpty ? [] : [outputTiles] }
        guard Products.rowsAreIndependent else {
            return outputTiles.reduce(into: []) { runs, tile in
                if let first = runs.last?.first, tile.upperBound - first.lowerBound <= most {
                    runs[runs.count - 1].append(tile)
                } else {
                    runs.append([tile])
                }
            }
        }
        let count = (outputs.count + most - 1) / most
        return (0..<count).map { index in
            let run =
                outputs.lowerBound + index * outputs.count / count..<outputs.lowerBound + (index + 1) * outputs.count
                / count
            return Products.tiles(of: run, sequences: [run], workers: workers.count)
        }
    }
}
