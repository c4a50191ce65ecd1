import Numerics

/// Parts between two models: every number is `own + share · (other − own)`, so that 0 is the one and 1 the other.
extension Block {
    /// The block between this one and another; nil where the two differ in more than their numbers.
    public func mixed(with other: Block, share: Float) -> Block? {
        let weights: [WritableKeyPath<Block, Weight>] = [
            \.attention.query, \.attention.key, \.attention.value, \.attention.output, \.feedForward.up,
            \.feedForward.down,
        ]
        let norms: [WritableKeyPath<Block, Norm?>] = [
            \.attentionNorms.before, \.attentionNorms.after, \.feedForwardNorms.before, \.feedForwardNorms.after,
            \.attention.queryNorm, \.attention.keyNorm,
        ]
        var mixed = self
        // The other block with this one's numbers, to see whether anything else differs.
        var same = other
        for path in weights {
            guard let weight = self[keyPath: path].mixed(with: other[keyPath: path], share: share) else { return nil }
            mixed[keyPath: path] = weight
            same[keyPath: path] = self[keyPath: path]
        }
        if let own = feedForward.gate, let others = other.feedForward.gate {
            guard let gate = own.mixed(with: others, share: share) else { return nil }
            mixed.feedForward.gate = gate
            same.feedForward.gate = own
        }
        for path in norms {
            guard let own = self[keyPath: path], let others = other[keyPath: path] else { continue }
            guard let norm = own.mixed(with: others, share: share) else { return nil }
            mixed[keyPath: path] = norm
            same[keyPath: path] = own
        }
        return same == self ? mixed : nil
    }
}

extension Embedding {
    /// The embedding between this one and another; nil where the two differ in more than their numbers.
    public func mixed(with other: Embedding, share: Float) -> Embedding? {
        guard scale == other.scale, let tokens = tokens.mixed(with: other.tokens, share: share) else { return nil }
        switch (positions, other.positions) {
        case (nil, nil): return Embedding(tokens, scale: scale)
        case (let own?, let others?):
            return own.mixed(with: others, share: share).map { Embedding(tokens, positions: $0, scale: scale) }
        default: return nil
        }
    }
}

extension OutputHead {
    /// The head between this one and another; nil where the two differ in more than their numbers.
    public func mixed(with other: OutputHead, share: Float) -> OutputHead? {
        guard softCap == other.softCap, let norm = norm.mixed(with: other.norm, share: share),
            let unembedding = unembedding.mixed(with: other.unembedding, share: share)
        else { return nil }
        return OutputHead(norm: norm, unembedding: unembedding, softCap: softCap.map { Double($0) })
    }
}
