import Transformers

extension ModelPair {
    /// The base with a share of what tuning changed: `W_base + share · (W_tuned − W_base)`, in some layers or in the whole model.
    /// - Parameters:
    ///   - share: 0 is the base and 1 the tuned model, in the layers named.
    ///   - layers: nil for every layer, the embedding, the final norm and the head.
    /// - Throws: ``PatchError`` where the two models differ in more than their numbers.
    public func mixture(share: Float, layers: [Int]?) throws(PatchError) -> Decoder {
        if share == 0 { return base }
        if share == 1, layers == nil { return tuned }
        let scaled = Set(layers ?? Array(0..<self.layers))
        var blocks = base.blocks
        for layer in scaled.sorted() where !hasSameBlock[layer] {
            guard let block = base.blocks[layer].mixed(with: tuned.blocks[layer], share: share) else {
                throw .noMixture(layer: layer)
            }
            blocks[layer] = block
        }
        var (embedding, head) = (base.embedding, base.head)
        if layers == nil {
            guard let between = embedding.mixed(with: tuned.embedding, share: share),
                let last = head.mixed(with: tuned.head, share: share)
            else { throw .noMixture(layer: nil) }
            (embedding, head) = (between, last)
        }
        return Decoder(
            family: base.family, embedding: embedding, blocks: blocks, head: head,
            isTied: base.isTied && (layers != nil || tuned.isTied), maximumLength: base.shape.maximumLength)
    }
}
