import Checkpoints
import Numerics

/// Llama 2 and 3 and their kin (Touvron et al. 2023; Grattafiori et al. 2024): RMS norms before each half, rotary positions,
/// grouped-query attention, SwiGLU.
public struct Llama: Transformer {
    /// The sizes that other models are compared by.
    public let shape: TransformerShape
    /// Final norm and unembedding; the embedding's matrix where they are tied.
    public let head: Head
    private let settings: LlamaSettings
    private let rotary: RotaryEmbedding
    /// `[vocabulary, width]`
    private let embedding: Linear
    private let finalNorm: Linear
    /// `nil` where the embedding serves as the unembedding too.
    private let unembedding: Linear?
    private let blocks: [LlamaBlockWeights]

    /// Maps a checkpoint's tensors into place, with an adapter's factors beside the weights they change.
    /// - Throws: ``CheckpointError`` for a missing, misshapen or unused tensor, and for settings this family does not have.
    public init(_ checkpoint: Checkpoint, adapter: Adapter? = nil) throws(CheckpointError) {
        let names: LlamaNames
        switch checkpoint.settings {
        case .huggingFace(let json, let file):
            settings = try LlamaSettings(json, file: file)
            names = .huggingFace
        case .gguf(let gguf):
            settings = try LlamaSettings(gguf)
            names = .gguf
        }
        var reader = LlamaReader(checkpoint, settings: settings, names: names, adapter: adapter)
        embedding = try reader.matrix(names.embedding, called: LlamaNames.huggingFace.embedding)
        var blocks: [LlamaBlockWeights] = []
        for layer in 0..<settings.layers { blocks.append(try reader.block(layer)) }
        self.blocks = blocks
        finalNorm = try reader.norm(names.finalNorm, called: LlamaNames.huggingFace.finalNorm)
        unembedding =
            settings.isTied ? nil : try reader.matrix(names.unembedding, called: LlamaNames.huggingFace.unembedding)
        head = Head(
            gain: finalNorm.weight.floats(), epsilon: Float(settings.epsilon),
            unembedding: (unembedding ?? embedding).weight)
        try reader.requireAllUsed()
        rotary = RotaryEmbedding(headWidth: settings.headWidth, theta: settings.theta, scaling: settings.scaling)
        shape = TransformerShape(
            layers: settings.layers, width: settings.width, heads: settings.heads, vocabulary: settings.vocabulary,
            maximumLength: settings.maximumLength)
    }

    /// Embedding, blocks from the first on, final norm, unembedding where it is its own.
    public var weights: [(layer: Int?, weight: Linear)] {
        [(nil, embedding)] + blocks.enumerated().flatMap { layer, block in block.all.map { (layer, $0) } }
            + [(nil, finalNorm)] + (unembedding.map { [(nil, $0)] } ?? [])
    }

    /// Writes the embedding of each token, `[tokens, width]`.
    public func embed(_ tokens: [Int], into target: UnsafeMutablePointer<Float>) {
        for (row, token) in tokens.enumerated() {
            embedding.weight.decode(rows: token..<token + 1, into: target + row * settings.width)
        }
    }

    /// What one block's products cost; biases, norms and activations are not counted.
    public var cost: BlockCost {
        let queries = settings.heads * settings.headWidth
        let keys = settings.keyValueHeads * settings.headWidth
        return BlockCost(
            perKeyRow: 2 * settings.width * 2 * keys,
            perOutputRow: 2 * settings.width * (2 * queries + 3 * settings.intermediate),
            perScore: 4 * queries)
    }

    /// Every site there is.
    public func shape(of site: Site) -> SiteShape? {
        switch site {
        case .query, .rotatedQuery, .heads: SiteShape(heads: settings.heads, headWidth: settings.headWidth)
        case .key, .rotatedKey, .value: SiteShape(heads: settings.keyValueHeads, headWidth: settings.headWidth)
        case .feedForwardActivation: SiteShape(headWidth: settings.intermediate)
        default: SiteShape(headWidth: settings.width)
        }
    }

    /// x ← x + Wo · attend(rope(Wq n), rope(Wk n), Wv n), n = norm(x); then x ← x + Wd · (silu(Wg n) ⊙ Wu n), n = norm(x).
    public func run(layer: Int, _ pass: BlockPass, scratch: inout Scratch) {
        let block = blocks[layer]
        let (residual, queries, keys, values) = (
            pass.stack.residual, pass.stack.queries, pass.stack.keys, pass.stack.values
        )
        let products = PanelProducts(workers: pass.workers)
        let turns = rotary.table(positions: pass.segments.map(\.tree.depth).max() ?? 0)
        func project(_ tiles: [Range<Int>], _ jobs: [PanelProducts.Job], _ gain: Linear) {
            products.run(tiles, jobs, scratch: &scratch, prepare: norm(residual, gain))
        }
        func job(_ linear: Linear, _ target: PanelProducts.Target) -> PanelProducts.Job {
            PanelProducts.Job(linear: linear, target: target)
        }
        /// Rows of whole tiles where nobody looks at a site; all rows at once where somebody does.
        func chunks(_ sites: Site...) -> [[Range<Int>]] {
            pass.chunks(
                innerWidth: settings.intermediate, isWhole: sites.contains { pass.visited.contains($0) })
        }

        // Attention
        let query = job(block.query, .store(queries))
        project(
            pass.inputTiles,
            [job(block.key, .store(keys)), job(block.value, .store(values))] + (pass.keepsAllRows ? [query] : []),
            block.attentionNorm)
        pass.show(.key, keys)
        pass.show(.value, values)
        pass.eachInput { keyRow, position in
            turns.rotate(keys.row(keyRow), heads: settings.keyValueHeads, position: position)
        }
        pass.show(.rotatedKey, keys)
        if !pass.keepsAllRows {
            pass.compact()
            project(pass.outputTiles, [query], block.attentionNorm)
        }
        pass.show(.query, queries)
        pass.eachOutput { row, position in
            turns.rotate(queries.row(row), heads: settings.heads, position: position)
        }
        pass.show(.rotatedQuery, queries)
        TreeAttention(heads: settings.heads, keyValueHeads: settings.keyValueHeads, headWidth: settings.headWidth)
            .run(
                pass.segments, queries: queries, keys: keys, values: values, workers: pass.workers,
                scratch: &scratch)
        pass.show(.heads, queries)
        let looksInside = Self.sitesAfterHeads.contains { pass.visited.contains($0) }
        if !looksInside, finish(block, pass, products, scratch: &scratch) { return }
        pass.addToResidual(
            block.output, products, site: .attentionOutput, tiles: pass.outputTiles, scratch: &scratch
        ) { tile, _ in queries.row(tile.lowerBound) }
        pass.show(.residualMiddle, residual)

        // Feed-forward
        for tiles in chunks(.feedForwardActivation, .feedForwardOutput) {
            let first = tiles[0].lowerBound
            let rows = tiles.reduce(0) { $0 + $1.count }
            // Rows of the chunk alone: row `first` of the stack is its row 0.
            let inner = scratch.matrix("inner", rows: rows, columns: settings.intermediate).dropping(-first)
            products.runGated(
                tiles, gate: block.gate, up: block.up, into: inner, scratch: &scratch,
                prepare: norm(residual, block.feedForwardNorm))
            pass.show(.feedForwardActivation, inner)
            pass.addToResidual(
                block.down, products, site: .feedForwardOutput, tiles: tiles, scratch: &scratch
            ) { tile, _ in inner.row(tile.lowerBound) }
        }
    }

    private static let sitesAfterHeads: [Site] = [
        .attentionOutput, .residualMiddle, .feedForwardActivation, .feedForwardOutput,
    ]

    /// What comes after attention, a tile of rows through all of it at a time: nothing waits between its products, and the
    /// inner rows are those of the tiles at work.
    /// - Returns: false, with nothing done, where the weights do not fit into the panels' room together.
    private func finish(
        _ block: LlamaBlockWeights, _ pass: BlockPass, _ products: PanelProducts, scratch: inout Scratch
    ) -> Bool {
        let tiles = pass.outputTiles
        guard let largest = tiles.map(\.count).max() else { return true }
        guard let whole = products.whole([block.output, block.gate, block.up, block.down], scratch: &scratch) else {
            return false
        }
        let (residual, heads) = (pass.stack.residual, pass.stack.queries)
        let (width, intermediate) = (settings.width, settings.intermediate)
        let rooms = scratch.buffers(
            "tile", count: largest * (width + 2 * intermediate), workers: pass.workers.count)
        let norm = norm(residual, block.feedForwardNorm)
        let workers = pass.workers
        let rows = scratch.buffers("input", count: largest * width, workers: workers.count)
        workers.run(tasks: tiles.count) { task, worker in
            let tile = tiles[task]
            let added = rooms[worker].pointer
            let gate = added + tile.count * width
            let up = gate + tile.count * intermediate
            let target = residual.row(tile.lowerBound)
            whole.multiply(0, heads.row(tile.lowerBound), rows: tile.count, to: added)
            Kernels.add(added, to: target, count: tile.count * width)
            let normed = norm(tile, rows[worker])
            whole.multiply(1, normed, rows: tile.count, to: gate)
            whole.multiply(2, normed, rows: tile.count, to: up)
            Kernels.gateWithSilu(gate, up, count: tile.count * intermediate)
            whole.multiply(3, gate, rows: tile.count, to: added)
            Kernels.add(added, to: target, count: tile.count * width)
        }
        return true
    }

    /// The norm of a tile's residual rows, made in a worker's own room.
    private func norm(_ residual: Matrix, _ gain: Linear) -> PanelProducts.Prepare {
        let (gain, epsilon, width) = (gain.weight.floats(), Float(settings.epsilon), settings.width)
        return { tile, room in
            Kernels.rmsNorm(
                residual.row(tile.lowerBound), gain: gain, epsilon: epsilon, rows: tile.count, width: width,
                into: room.pointer)
            return room.pointer
        }
    }

    /// Whether both blocks have the same settings and the same stored weights.
    public func hasSameBlock(_ layer: Int, as other: any Transformer) -> Bool {
        guard let other = other as? Llama, settings.isSameBlockShape(as: other.settings) else { return false }
        let (mine, theirs) = (blocks[layer], other.blocks[layer])
        return zip(mine.all, theirs.all).allSatisfy { $0.isIdentical(to: $1) }
    }

    /// Whether both embeddings are the same stored numbers.
    public func hasSameEmbedding(as other: any Transformer) -> Bool {
        (other as? Llama).map { embedding.isIdentical(to: $0.embedding) } ?? false
    }
}

extension LlamaSettings {
    /// Whether a block of one runs as a block of the other, given equal weights.
    fileprivate func isSameBlockShape(as other: LlamaSettings) -> Bool {
        width == other.width && heads == other.heads && keyValueHeads == other.keyValueHeads
            && headWidth == other.headWidth && intermediate == other.intermediate && epsilon == other.epsilon
            && theta == other.theta && scaling == other.scaling
    }
}
