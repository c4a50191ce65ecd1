import Checkpoints
import Tensors

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

    /// A block decoded to f32, with its turns for positions `0..<depth`.
    public func block(
        _ layer: Int, depth: Int, sharing other: (any TransformerBlock)?, workers: Workers
    ) -> any TransformerBlock {
        LlamaBlock(
            blocks[layer], settings: settings, rotary: rotary.table(positions: depth), sharing: other as? LlamaBlock,
            workers: workers)
    }

    /// Room for one block's activations over `rows` rows, and its attention scores over `depth` positions.
    public func scratch(rows: Int, depth: Int) -> FloatBuffer {
        let rank = blocks.flatMap(\.all).compactMap { $0.adapter?.down.rows }.max() ?? 0
        return FloatBuffer(count: LlamaScratch.count(settings, rows: rows, depth: depth, rank: rank))
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
        attentionNorm = weights.attentionNorm.weight.floats()
        feedForwardNorm = weights.feedForwardNorm.weight.floats()
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
