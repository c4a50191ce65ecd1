import Numerics

/// One block carried out over the rows of a pass, which go on in place: the same program for every family.
///
/// What follows attention runs a tile of rows at a time through all of its products, or, where somebody looks at a site inside
/// or the weights are too large to be held together, product by product. Both give the same bits.
struct BlockRun {
    let block: Block
    let pass: BlockPass
    let workspace: Workspace

    private var products: PanelProducts { PanelProducts(workspace: workspace) }
    private var workers: Workers { workspace.workers }
    private var residual: Rows { pass.stack.residual }
    private var queries: Rows { pass.stack.queries.narrowed(to: block.attention.queryWidth) }
    private var keys: Rows { pass.stack.keys.narrowed(to: block.attention.keyWidth) }
    private var values: Rows { pass.stack.values.narrowed(to: block.attention.keyWidth) }

    init(_ block: Block, _ pass: BlockPass, _ workspace: Workspace) {
        self.block = block
        self.pass = pass
        self.workspace = workspace
    }

    func run() {
        project()
        TreeAttention(block.attention).run(
            pass.segments, queries: queries, keys: keys, values: values, workspace: workspace)
        pass.show(.heads, queries)
        let looksInside = Site.afterHeads.contains { pass.visited.contains($0) }
        if !looksInside, finishByTile() { return }
        finishByProduct(isWhole: looksInside)
    }

    /// Queries, keys and values, queries and keys rotated by their positions.
    private func project() {
        let attention = block.attention
        let prepare = normed(block.attentionNorms.before)
        let query = PanelProducts.Job(weight: attention.query, target: queries)
        let jobs = [
            PanelProducts.Job(weight: attention.key, target: keys),
            PanelProducts.Job(weight: attention.value, target: values),
        ]
        products.run(pass.inputTiles(workers), jobs + (pass.keepsAllRows ? [query] : []), prepare: prepare)
        let table = attention.rotation?.table(positions: pass.segments.map(\.tree.depth).max() ?? 0)
        rotate(keys, heads: attention.keyValueHeads, attention.keyNorm, table, \.rows, \.start, .key, .rotatedKey)
        pass.show(.value, values)
        if !pass.keepsAllRows {
            pass.compact()
            products.run(pass.outputTiles(workers), [query], prepare: prepare)
        }
        rotate(
            queries, heads: attention.heads, attention.queryNorm, table, \.outputs, \.outputStart, .query, .rotatedQuery
        )
    }

    /// Norm and rotation of queries or keys, in one go where nobody looks between them.
    private func rotate(
        _ target: Rows, heads: Int, _ norm: Norm?, _ table: RotaryTable?, _ rows: KeyPath<Segment, [Int]>,
        _ start: KeyPath<Segment, Int>, _ before: Site, _ after: Site
    ) {
        let width = block.attention.headWidth
        @Sendable func normalize(_ row: UnsafeMutablePointer<Float>) {
            if let norm { norm.apply(row, rows: heads * width / norm.width, into: row) }
        }
        let isShown = pass.visited.contains(before)
        if isShown {
            pass.each(rows, start, workers) { row, _ in normalize(target.row(row)) }
            pass.show(before, target)
        }
        pass.each(rows, start, workers) { row, position in
            if !isShown { normalize(target.row(row)) }
            table?.rotate(target.row(row), heads: heads, width: width, position: position)
        }
        pass.show(after, target)
    }

    /// A tile of rows through all that follows attention, in one task: nothing waits between its products.
    /// - Returns: false, with nothing done, where the decoded weights do not fit into one buffer.
    private func finishByTile() -> Bool {
        let tiles = pass.outputTiles(workers)
        guard let largest = tiles.map(\.count).max() else { return true }
        let forward = block.feedForward
        guard let whole = products.whole([block.attention.output] + forward.inward + [forward.down]) else {
            return false
        }
        let (block, residual, queries) = (block, residual, queries)
        let (width, inner) = (block.width, forward.innerWidth)
        let inward = forward.inward.count
        let buffers = workspace.buffers(Workspace.Slot.tile, count: largest * (width + inward * inner))
        let inputs = workspace.buffers(Workspace.Slot.input, count: largest * width)
        let normed = normed(block.feedForwardNorms.before)
        workers.run(tasks: tiles.count) { task, worker in
            let tile = tiles[task]
            let added = buffers[worker].pointer
            let first = added + tile.count * width
            let target = residual.row(tile.lowerBound)
            func add(_ norm: Norm?) {
                norm?.apply(added, rows: tile.count, into: added)
                Kernels.add(added, to: target, count: tile.count * width)
            }
            /// In parallel wiring what the feed-forward reads is made before attention's part is added.
            let early = block.wiring == .parallel ? normed(tile, inputs[worker]) : nil
            whole.multiply(0, queries[tile].view, to: added)
            add(block.attentionNorms.after)
            let input = early ?? normed(tile, inputs[worker])
            for number in 0..<inward { whole.multiply(1 + number, input, to: first + number * tile.count * inner) }
            Kernels.activate(
                forward.activation, first, up: inward > 1 ? first + tile.count * inner : nil, count: tile.count * inner)
            whole.multiply(1 + inward, Products.View(first, rows: tile.count, columns: inner), to: added)
            add(block.feedForwardNorms.after)
        }
        return true
    }

    /// What follows attention, product by product, over some thousand rows at a time.
    /// - Parameter isWhole: whether all rows go together, because somebody looks at them.
    private func finishByProduct(isWhole: Bool) {
        let forward = block.feedForward
        let queries = queries
        let most = isWhole ? pass.outputs.count : min(max((1 << 24) / forward.innerWidth, 512), 4096)
        for tiles in pass.chunks(of: most, workers) {
            let rows = tiles[0].lowerBound..<(tiles.last?.upperBound ?? 0)
            let attended = workspace.rows(.added(isSecond: false), rows, width: block.width)
            products.run(tiles, [.init(weight: block.attention.output, target: attended)]) { tile, _ in
                queries[tile].view
            }
            finish(attended, block.attentionNorms.after, .attentionOutput, tiles)
            if block.wiring == .sequential {
                add(attended, tiles)
                pass.show(.residualMiddle, residual)
            }
            let inner = workspace.rows(.inner, rows, width: forward.innerWidth)
            products.run(
                tiles, forward.inward, forward.activation, into: inner, prepare: normed(block.feedForwardNorms.before))
            pass.show(.feedForwardActivation, inner)
            let fed = workspace.rows(.added(isSecond: block.wiring == .parallel), rows, width: block.width)
            products.run(tiles, [.init(weight: forward.down, target: fed)]) { tile, _ in inner[tile].view }
            finish(fed, block.feedForwardNorms.after, .feedForwardOutput, tiles)
            if block.wiring == .parallel { add(attended, tiles) }
            add(fed, tiles)
        }
    }

    /// What a half adds: its norm, and whoever looks at it.
    private func finish(_ rows: Rows, _ norm: Norm?, _ site: Site, _ tiles: [Range<Int>]) {
        if let norm {
            workers.run(tasks: tiles.count) { task, _ in
                let place = rows.row(tiles[task].lowerBound)
                norm.apply(place, rows: tiles[task].count, into: place)
            }
        }
        pass.show(site, rows)
    }

    private func add(_ rows: Rows, _ tiles: [Range<Int>]) {
        let residual = residual
        workers.run(tasks: tiles.count) { task, _ in
            let first = tiles[task].lowerBound
            Kernels.add(rows.row(first), to: residual.row(first), count: tiles[task].count * rows.width)
        }
    }

    /// A tile's residual rows after a norm, written into a worker's own buffer; the rows themselves without a norm.
    private func normed(_ norm: Norm?) -> PanelProducts.Prepare {
        let residual = residual
        guard let norm else { return { tile, _ in residual[tile].view } }
        return { tile, buffer in
            norm.apply(residual.row(tile.lowerBound), rows: tile.count, into: buffer.pointer)
            return Products.View(buffer.pointer, rows: tile.count, columns: norm.width)
        }
    }
}
