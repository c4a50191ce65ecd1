import Transformers

/// A base model and the model tuned from it, checked to be patchable into each other.
public struct ModelPair: Sendable {
    /// The model before tuning.
    public let base: Decoder
    /// The model after tuning.
    public let tuned: Decoder
    /// Whether block `l` is the same function in both, `[layers]`.
    let hasSameBlock: [Bool]
    let hasSameEmbedding: Bool
    let hasSameHead: Bool

    /// - Throws: ``PatchError`` when depth, width or vocabulary differ.
    public init(base: Decoder, tuned: Decoder) throws(PatchError) {
        let quantities: [(PatchError.Quantity, KeyPath<ModelShape, Int>)] = [
            (.depth, \.layers), (.width, \.width), (.vocabulary, \.vocabulary),
        ]
        for (quantity, path) in quantities {
            let (mine, theirs) = (base.shape[keyPath: path], tuned.shape[keyPath: path])
            guard mine == theirs else { throw .mismatch(quantity, base: mine, tuned: theirs) }
        }
        self.base = base
        self.tuned = tuned
        hasSameBlock = zip(base.blocks, tuned.blocks).map(==)
        hasSameEmbedding = base.embedding == tuned.embedding
        hasSameHead = base.head == tuned.head
    }

    /// How many layers both have.
    public var layers: Int { base.shape.layers }

    /// Layers whose blocks differ.
    public var changedLayers: [Int] { hasSameBlock.indices.filter { !hasSameBlock[$0] } }

    /// Whether embedding, final norm and head are the same in both.
    public var hasSameEnds: Bool { hasSameEmbedding && hasSameHead }

    /// Whether both models compute the same: no weight and no setting differs.
    public var areEqual: Bool { changedLayers.isEmpty && hasSameEnds }

    subscript(source: Source) -> Decoder { source == .base ? base : tuned }

    /// The source that stands for `source` at a layer: both are `.base` where their blocks are one.
    func block(_ source: Source, layer: Int) -> Source { hasSameBlock[layer] ? .base : source }
    func embedding(_ source: Source) -> Source { hasSameEmbedding ? .base : source }
    func head(_ source: Source) -> Source { hasSameHead ? .base : source }
}
