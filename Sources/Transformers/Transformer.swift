import Numerics

/// The sizes of a decoder-only transformer.
public struct TransformerShape: Sendable, Equatable {
    /// Blocks, one after another.
    public let layers: Int
    /// Width of the residual stream.
    public let width: Int
    /// Query heads.
    public let heads: Int
    /// Token ids run from 0 to one less.
    public let vocabulary: Int
    /// The longest sequence the model was made for, in tokens.
    public let maximumLength: Int
}

/// Floating-point operations of a block, a multiplication and an addition counting as two.
public struct BlockCost: Sendable, Equatable {
    /// For each row whose keys and values are computed.
    public let perKeyRow: Int
    /// For each row whose output is computed, attention's own products apart.
    public let perOutputRow: Int
    /// For each pair of an output row and a row that it attends to.
    public let perScore: Int
}

/// A model of one family: how tokens enter, what each block does, and the head; immutable, and without hooks.
public protocol Transformer: Sendable {
    var shape: TransformerShape { get }
    /// The unembedding with its final norm.
    var head: Head { get }
    /// Every weight with its layer (`nil` outside the blocks), in the order it is used; a tied unembedding is not listed twice.
    var weights: [(layer: Int?, weight: Linear)] { get }
    /// What a block costs.
    var cost: BlockCost { get }

    /// The numbers at a site; `nil` where this family has no such site.
    func shape(of site: Site) -> SiteShape?

    /// Writes the embedding of each token, `[tokens, width]`.
    func embed(_ tokens: [Int], into target: UnsafeMutablePointer<Float>)

    /// Runs a block over the rows of a pass, which go on in place, and shows each visited site on the way.
    func run(layer: Int, _ pass: BlockPass, scratch: inout Scratch)

    /// Whether block `layer` computes the same function in both models, bit for bit.
    func hasSameBlock(_ layer: Int, as other: any Transformer) -> Bool
    /// Whether the embedding is the same in both models, bit for bit.
    func hasSameEmbedding(as other: any Transformer) -> Bool
}

extension Transformer {
    /// Numbers in all weights, adapters included.
    public var parameters: Int { weights.reduce(0) { $0 + $1.weight.parameters } }

    /// Lets go of the memory of one layer's weights, or of those outside the blocks for `nil`; the next use reads the file again.
    public func release(layer: Int?) { for (own, weight) in weights where own == layer { weight.release() } }

    /// The name of the first weight that holds a NaN or an infinity.
    public func firstNonFiniteWeight() -> String? { weights.first { !$0.weight.isFinite }?.weight.name }

    /// The last block's output at every row of a tree, `[tree.rows, width]`, without any patch.
    public func states(of tree: TokenTree, workers: Workers) -> FloatBuffer {
        var scratch = Scratch()
        let residual = Matrix(FloatBuffer(count: tree.rows * shape.width), columns: shape.width)
        embed(tree.tokens, into: residual.row(0))
        let rows = Array(0..<tree.rows)
        let segment = Segment(
            tree: tree, rows: rows, start: 0, keyRows: rows.map(Int32.init), outputs: rows, outputStart: 0)
        let stack = LayerStack(residual: residual, rows: tree.rows, model: self, scratch: &scratch)
        let pass = BlockPass([segment], stack: stack, workers: workers)
        for layer in 0..<shape.layers { run(layer: layer, pass, scratch: &scratch) }
        return residual.buffer
    }

    /// The logits after every token of one sequence, `[tokens, vocabulary]`, row-major.
    public func logits(of tokens: [Int], workers: Workers) -> [Float] {
        let state = states(of: TokenTree(trunk: tokens), workers: workers)
        return head.logits(of: Array(UnsafeBufferPointer(start: state.pointer, count: state.count)), workers: workers)
    }

    /// Σ log p of each branch's tokens, in nats, `[branch]`.
    public func logProbabilities(of tree: TokenTree, workers: Workers) -> [Double] {
        let state = Matrix(states(of: tree, workers: workers), columns: shape.width)
        let predictions = tree.predictions
        let normed = Matrix(FloatBuffer(count: tree.rows * shape.width), columns: shape.width)
        for row in 0..<tree.rows { head.norm(state.row(row), into: normed.row(row)) }
        var scratch = Scratch()
        let values = head.logProbabilities(
            normed, rows: tree.rows, sequences: [0..<tree.rows],
            targets: predictions.map { Head.Target(row: $0.row, token: $0.token) }, workers: workers, scratch: &scratch)
        var sums = [Double](repeating: 0, count: tree.branches.count)
        for (prediction, value) in zip(predictions, values) { sums[prediction.branch] += value }
        return sums
    }
}
