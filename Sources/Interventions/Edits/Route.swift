/// Whose weights, or whose activation.
public enum Source: Int, Sendable, Hashable, CaseIterable {
    case base, tuned

    /// The one that this is not.
    public var other: Source { self == .base ? .tuned : .base }
}

/// A way through the layers: whose embedding, whose block at each layer, whose head, and the edits on the way.
///
/// Every estimand is a set of routes. A clean run is a route of one source without edits.
public struct Route: Sendable, Equatable {
    /// Whose token embedding.
    public var embedding: Source
    /// One source a layer, `[layers]`.
    public var blocks: [Source]
    /// Whose final norm and unembedding.
    public var head: Source
    /// Changes on the way; those of one site are made in their order here.
    public var edits: [Edit]

    /// A clean run of one model.
    public init(clean source: Source, layers: Int) {
        embedding = source
        blocks = Array(repeating: source, count: layers)
        head = source
        edits = []
    }

    /// A clean run of `recipient` with one edit.
    public init(recipient: Source, layers: Int, edit: Edit) {
        self.init(clean: recipient, layers: layers)
        edits = [edit]
    }

    /// A run of `recipient` in which the blocks that `donated` names are the other model's: one layer for a swap W(l), all but one
    /// for leave-one-out, any subset for Shapley values.
    public init(recipient: Source, layers: Int, donated: some Sequence<Int>) {
        self.init(clean: recipient, layers: layers)
        for layer in donated { blocks[layer] = recipient.other }
    }

    /// The hybrid C(l) or N(l): embedding and blocks up to `layer` are `donor`'s, the rest and the head are the other model's; −1
    /// takes the embedding alone.
    public init(donor: Source, upTo layer: Int, layers: Int) {
        self.init(recipient: donor.other, layers: layers, donated: 0..<layer + 1)
        embedding = donor
    }
}
