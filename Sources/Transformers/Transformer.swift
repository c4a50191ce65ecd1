import Tensors

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

/// A model of one family: how tokens enter, what each block does, and the head; immutable, and without hooks.
public protocol Transformer: Sendable {
    var shape: TransformerShape { get }
    /// The unembedding with its final norm.
    var head: Head { get }
    /// Every weight with its layer (`nil` outside the blocks), in the order it is used; a tied unembedding is not listed twice.
    var weights: [(layer: Int?, weight: Linear)] { get }

    /// Writes the embedding of each token, `[tokens, width]`.
    func embed(_ tokens: [Int], into target: UnsafeMutablePointer<Float>)

    /// A block with its weights decoded; weights that `other` holds decoded already are shared, not decoded again.
    func block(_ layer: Int, depth: Int, sharing other: (any TransformerBlock)?, workers: Workers)
        -> any TransformerBlock

    /// Scratch that one worker needs to run blocks over trees of at most so many rows and positions.
    func scratch(rows: Int, depth: Int) -> FloatBuffer

    /// Whether block `layer` computes the same function in both models, bit for bit.
    func hasSameBlock(_ layer: Int, as other: any Transformer) -> Bool
    /// Whether the embedding is the same in both models, bit for bit.
    func hasSameEmbedding(as other: any Transformer) -> Bool
}

/// One block, ready to run.
public protocol TransformerBlock: Sendable {
    /// Adds what the block adds to the residual stream of one tree, in place; `state` is `[tree.rows, width]`.
    func run(_ state: UnsafeMutablePointer<Float>, over tree: TokenTree, scratch: FloatBuffer)
}

extension Transformer {
    /// Numbers in all weights, adapters included.
    public var parameters: Int { weights.reduce(0) { $0 + $1.weight.parameters } }

    /// The name of the first weight that holds a NaN or an infinity.
    public func firstNonFiniteWeight() -> String? { weights.first { !$0.weight.isFinite }?.weight.name }

    /// The logits after every token of one sequence, `[tokens, vocabulary]`, row-major.
    public func logits(of tokens: [Int], workers: Workers) -> [Float] {
        let tree = TokenTree(trunk: tokens)
        let state = FloatBuffer(count: tokens.count * shape.width)
        embed(tokens, into: state.pointer)
        let scratch = scratch(rows: tree.rows, depth: tree.depth)
        for layer in 0..<shape.layers {
            block(layer, depth: tree.depth, sharing: nil, workers: workers)
                .run(state.pointer, over: tree, scratch: scratch)
        }
        return head.logits(state.pointer, rows: tokens.count)
    }
}
