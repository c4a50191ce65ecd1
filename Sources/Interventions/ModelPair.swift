import Transformers

/// A base model and the model tuned from it, checked to be patchable into each other.
public struct ModelPair: Sendable {
    /// The model before tuning.
    public let base: any Transformer
    /// The model after tuning.
    public let tuned: any Transformer
    /// Whether block `l` is the same function in both, `[layers]`.
    let hasSameBlock: [Bool]
    let hasSameEmbedding: Bool
    let hasSameHead: Bool

    /// - Throws: ``PatchError`` when depth, width or vocabulary differ.
    public init(base: any Transformer, tuned: any Transformer) throws(PatchError) {
        let quantities: [(String, KeyPath<TransformerShape, Int>)] = [
            ("depth", \.layers), ("width", \.width), ("a vocabulary of", \.vocabulary),
        ]
        for (name, quantity) in quantities {
            let (mine, theirs) = (base.shape[keyPath: quantity], tuned.shape[keyPath: quantity])
            guard mine == theirs else { throw .mismatch(quantity: name, base: mine, tuned: theirs) }
        }
        self.base = base
        self.tuned = tuned
        hasSameBlock = (0..<base.shape.layers).map { tuned.hasSameBlock($0, as: base) }
        hasSameEmbedding = tuned.hasSameEmbedding(as: base)
        hasSameHead = tuned.head.isIdentical(to: base.head)
    }

    /// How many layers both have.
    public var layers: Int { base.shape.layers }

    /// Layers whose blocks differ.
    public var changedLayers: [Int] { hasSameBlock.indices.filter { !hasSameBlock[$0] } }

    /// Whether embedding, final norm and head are the same in both.
    public var hasSameEnds: Bool { hasSameEmbedding && hasSameHead }

    subscript(source: Source) -> any Transformer { source == .base ? base : tuned }

    /// The source that stands for `source` at a layer: both are `.base` where their blocks are one.
    func block(_ source: Source, layer: Int) -> Source { hasSameBlock[layer] ? .base : source }
    func embedding(_ source: Source) -> Source { hasSameEmbedding ? .base : source }
    func head(_ source: Source) -> Source { hasSameHead ? .base : source }
}
