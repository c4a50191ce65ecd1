import Numerics

/// The sizes of a decoder-only transformer.
public struct ModelShape: Sendable, Equatable {
    /// Blocks, one after another.
    public let layers: Int
    /// Width of the residual stream.
    public let width: Int
    /// Query heads of the first block.
    public let heads: Int
    /// Token ids run from 0 to one less.
    public let vocabulary: Int
    /// The longest sequence the model was made for, in tokens.
    public let maximumLength: Int
}

/// A decoder-only transformer of any family: how tokens enter, what each block computes, and the head; immutable, and without hooks.
public final class Decoder: Sendable {
    /// The family's name, as `model_type` or a GGUF file's architecture gives it.
    public let family: String
    /// How tokens enter.
    public let embedding: Embedding
    /// What each block computes.
    public let blocks: [Block]
    /// Final norm and unembedding.
    public let head: OutputHead
    /// Whether the unembedding is the embedding's table.
    public let isTied: Bool
    /// The sizes that other models are compared by.
    public let shape: ModelShape

    /// A model out of its parts.
    /// - Parameter maximumLength: the longest sequence it was made for, in tokens.
    public init(
        family: String, embedding: Embedding, blocks: [Block], head: OutputHead, isTied: Bool, maximumLength: Int
    ) {
        self.family = family
        self.embedding = embedding
        self.blocks = blocks
        self.head = head
        self.isTied = isTied
        shape = ModelShape(
            layers: blocks.count, width: head.width, heads: blocks.first?.attention.heads ?? 0,
            vocabulary: head.vocabulary,
            maximumLength: blocks.compactMap { $0.attention.rotation?.longest }.reduce(maximumLength, min))
    }

    /// Every norm and linear module with its layer (`nil` outside the blocks), in the order they are used; a tied unembedding is not
    /// listed twice.
    public var parameters: [(layer: Int?, parameter: Parameter)] {
        let first = [embedding.tokens] + (embedding.positions.map { [$0] } ?? [])
        let last = [.norm(head.norm)] + (isTied ? [] : [Parameter.weight(head.unembedding)])
        return first.map { (nil, .weight($0)) }
            + blocks.enumerated().flatMap { layer, block in block.parameters.map { (layer, $0) } }
            + last.map { (nil, $0) }
    }

    /// Numbers in all parameters, adapters included.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.count } }

    /// The numbers at a site of a layer; `nil` where the block does not have it. The layer does not matter to `embed` and `final_norm`.
    public func shape(of site: Site, layer: Int) -> SiteShape? { blocks[layer].shape(of: site) }

    /// Releases the memory of one layer's weights, or of those outside the blocks for `nil`; the next use reads the file again.
    public func release(layer: Int?) {
        for (own, parameter) in parameters where own == layer { parameter.weight.release() }
    }

    /// The name of the first weight that holds a NaN or an infinity.
    public func firstNonFiniteWeight() -> String? {
        parameters.first { !$0.parameter.weight.isFinite }?.parameter.weight.name
    }

    /// Runs a block over the rows of a pass, which go on in place, and shows each visited site on the way.
    public func run(layer: Int, _ pass: BlockPass, workspace: Workspace) {
        BlockRun(blocks[layer], pass, workspace).run()
    }

    /// The last block's output at every row of a tree, `[tree.rows, width]`, without any patch.
    public func states(of tree: TokenTree, workspace: Workspace) -> Rows {
        let residual = Rows(count: tree.rows, width: shape.width)
        embedding.embed(tree, into: residual.buffer.pointer)
        let rows = Array(0..<tree.rows)
        let segment = Segment(
            tree: tree, rows: rows, start: 0, keyRows: rows.map(Int32.init), outputs: rows, outputStart: 0)
        let stack = LayerStack(residual: residual, blocks: blocks, workspace: workspace)
        for layer in blocks.indices { run(layer: layer, BlockPass([segment], stack: stack), workspace: workspace) }
        return residual
    }

    /// The logits after every token of one sequence, `[tokens, vocabulary]`, row-major.
    public func logits(of tokens: [Int], workspace: Workspace) -> [Float] {
        head.logits(of: states(of: TokenTree(trunk: tokens), workspace: workspace).values, workspace: workspace)
    }

    /// Σ log p of each branch's tokens, in nats, `[branch]`.
    public func logProbabilities(of tree: TokenTree, workspace: Workspace) -> [Double] {
        let states = states(of: tree, workspace: workspace).values
        let predictions = tree.predictions
        let values = head.logProbabilities(
            of: predictions.flatMap { states[$0.row * shape.width..<($0.row + 1) * shape.width] },
            tokens: predictions.map(\.token), workspace: workspace)
        var sums = [Double](repeating: 0, count: tree.branches.count)
        for (prediction, value) in zip(predictions, values) { sums[prediction.branch] += value }
        return sums
    }
}
