import Checkpoints
import Tensors

/// Llama 2 and 3 and their kin (Touvron et al. 2023; Grattafiori et al. 2024): RMS norms before each half, rotary positions,
/// grouped-query attention, SwiGLU.
public struct Llama: Transformer {
    public let shape: TransformerShape
    public let head: Head
    private let settings: LlamaSettings
    private let rotary: RotaryEmbedding
    /// `[vocabulary, width]`
    private let embedding: StoredTensor
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
        let matrix = [settings.vocabulary, settings.width]
        embedding = try reader.tensor(names.embedding + ".weight", shape: matrix)
        var blocks: [LlamaBlockWeights] = []
        for layer in 0..<settings.layers { blocks.append(try reader.block(layer)) }
        self.blocks = blocks
        head = Head(
            gain: try reader.norm(names.finalNorm), epsilon: Float(settings.epsilon),
            unembedding: settings.isTied ? embedding : try reader.tensor(names.unembedding + ".weight", shape: matrix))
        try reader.requireAllUsed()
        rotary = RotaryEmbedding(headWidth: settings.headWidth, theta: settings.theta, scaling: settings.scaling)
        shape = TransformerShape(
            layers: settings.layers, width: settings.width, heads: settings.heads, vocabulary: settings.vocabulary,
            maximumLength: settings.maximumLength)
    }

    public var parameters: Int {
        let inBlocks = blocks.reduce(0) { sum, block in
            block.linears.reduce(sum + 2 * settings.width) { sum, linear in
                sum + linear.weight.count + (linear.bias?.count ?? 0)
                    + (linear.adapter.map { $0.down.count + $0.up.count } ?? 0)
            }
        }
        return embedding.count + (settings.isTied ? 0 : head.unembedding.count) + settings.width + inBlocks
    }

    public func linears(layer: Int) -> [Linear] { blocks[layer].linears }

    public func embed(_ tokens: [Int], into target: UnsafeMutablePointer<Float>) {
        for (row, token) in tokens.enumerated() {
            embedding.decode(rows: token..<token + 1, into: target + row * settings.width)
        }
    }

    public func block(
        _ layer: Int, depth: Int, sharing other: (any TransformerBlock)?, workers: Workers
    ) -> any TransformerBlock {
        LlamaBlock(
            blocks[layer], settings: settings, rotary: rotary.table(positions: depth), sharing: other as? LlamaBlock,
            workers: workers)
    }

    public func scratch(rows: Int, depth: Int) -> FloatBuffer {
        let rank = blocks.flatMap(\.linears).compactMap { $0.adapter?.down.rows }.max() ?? 0
        return FloatBuffer(count: LlamaScratch.count(settings, rows: rows, depth: depth, rank: rank))
    }

    public func hasSameBlock(_ layer: Int, as other: any Transformer) -> Bool {
        guard let other = other as? Llama, settings.isSameBlockShape(as: other.settings) else { return false }
        let (mine, theirs) = (blocks[layer], other.blocks[layer])
        return mine.attentionNorm == theirs.attentionNorm && mine.feedForwardNorm == theirs.feedForwardNorm
            && zip(mine.linears, theirs.linears).allSatisfy { $0.isIdentical(to: $1) }
    }

    public func hasSameEmbedding(as other: any Transformer) -> Bool {
        (other as? Llama).map { embedding.isIdentical(to: $0.embedding) } ?? false
    }

    public func firstNonFiniteTensor() -> String? {
        if embedding.floats().contains(where: { !$0.isFinite }) { return "the embedding" }
        for (layer, block) in blocks.enumerated() {
            if (block.attentionNorm + block.feedForwardNorm).contains(where: { !$0.isFinite }) {
                return "a norm of layer \(layer)"
            }
            for linear in block.linears {
                let tensors = [linear.weight] + (linear.adapter.map { [$0.down, $0.up] } ?? [])
                if tensors.contains(where: { $0.floats().contains { !$0.isFinite } }) { return linear.name }
            }
        }
        if head.gain.contains(where: { !$0.isFinite }) { return "the final norm" }
        return head.unembedding.floats().contains { !$0.isFinite } ? "the unembedding" : nil
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

/// Where one worker's scratch is split up.
private struct LlamaScratch {
    let normed, query, key, value, mixed, middle, gate, scores, low: UnsafeMutablePointer<Float>

    static func count(_ settings: LlamaSettings, rows: Int, depth: Int, rank: Int) -> Int {
        let queries = settings.heads * settings.headWidth
        let perRow =
            2 * settings.width + queries + 2 * settings.keyValueHeads * settings.headWidth
            + max(queries, settings.intermediate) + settings.intermediate + rank
        return rows * perRow + TreeAttention.scratch(for: depth)
    }

    init(_ buffer: FloatBuffer, _ settings: LlamaSettings, rows: Int, depth: Int) {
        var next = buffer.pointer
        func take(_ count: Int) -> UnsafeMutablePointer<Float> {
            defer { next += count }
            return next
        }
        normed = take(rows * settings.width)
        mixed = take(rows * settings.width)
        query = take(rows * settings.heads * settings.headWidth)
        key = take(rows * settings.keyValueHeads * settings.headWidth)
        value = take(rows * settings.keyValueHeads * settings.headWidth)
        middle = take(rows * max(settings.heads * settings.headWidth, settings.intermediate))
        gate = take(rows * settings.intermediate)
        scores = take(TreeAttention.scratch(for: depth))
        low = next
    }
}

/// One block with decoded weights.
private struct LlamaBlock: TransformerBlock {
    let settings: LlamaSettings
    let rotary: RotaryTable
    let attentionNorm, feedForwardNorm: [Float]
    let query, key, value, output, gate, up, down: DecodedLinear

    init(
        _ weights: LlamaBlockWeights, settings: LlamaSettings, rotary: RotaryTable, sharing other: LlamaBlock?,
        workers: Workers
    ) {
        func decode(_ linear: Linear, _ shared: DecodedLinear?) -> DecodedLinear {
            DecodedLinear(linear, sharing: shared, workers: workers)
        }
        self.settings = settings
        self.rotary = rotary
        attentionNorm = weights.attentionNorm
        feedForwardNorm = weights.feedForwardNorm
        query = decode(weights.query, other?.query)
        key = decode(weights.key, other?.key)
        value = decode(weights.value, other?.value)
        output = decode(weights.output, other?.output)
        gate = decode(weights.gate, other?.gate)
        up = decode(weights.up, other?.up)
        down = decode(weights.down, other?.down)
    }

    func run(_ state: UnsafeMutablePointer<Float>, over tree: TokenTree, scratch: FloatBuffer) {
        let (rows, width) = (tree.rows, settings.width)
        let at = LlamaScratch(scratch, settings, rows: rows, depth: tree.depth)
        func norm(_ gain: [Float]) {
            Kernels.rmsNorm(
                state, gain: gain, epsilon: Float(settings.epsilon), rows: rows, width: width, into: at.normed)
        }
        // Attention: x ← x + Wo · attend(rope(Wq n), rope(Wk n), Wv n), n = norm(x)
        norm(attentionNorm)
        query.run(at.normed, rows: rows, into: at.query, low: at.low)
        key.run(at.normed, rows: rows, into: at.key, low: at.low)
        value.run(at.normed, rows: rows, into: at.value, low: at.low)
        let positions = tree.positions
        rotary.rotate(at.query, heads: settings.heads, positions: positions)
        rotary.rotate(at.key, heads: settings.keyValueHeads, positions: positions)
        TreeAttention(heads: settings.heads, keyValueHeads: settings.keyValueHeads, headWidth: settings.headWidth)
            .run(queries: at.query, keys: at.key, values: at.value, tree: tree, scores: at.scores, into: at.middle)
        output.run(at.middle, rows: rows, into: at.mixed, low: at.low)
        Kernels.add(at.mixed, to: state, count: rows * width)
        // Feed-forward: x ← x + Wd · (silu(Wg n) ⊙ Wu n), n = norm(x)
        norm(feedForwardNorm)
        gate.run(at.normed, rows: rows, into: at.gate, low: at.low)
        up.run(at.normed, rows: rows, into: at.middle, low: at.low)
        Kernels.gateWithSilu(at.gate, at.middle, count: rows * settings.intermediate)
        down.run(at.gate, rows: rows, into: at.mixed, low: at.low)
        Kernels.add(at.mixed, to: state, count: rows * width)
    }
}
