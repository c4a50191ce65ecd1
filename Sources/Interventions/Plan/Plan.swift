import Transformers

/// Routes as a trie: every distinct prefix once, layer by layer, with what each run may take over from another.
///
/// Boundary `b` lies before block `b`; the last one, after all blocks, is read by the heads. Edits of the residual stream belong to
/// a boundary, those inside a block to its run.
struct Plan {
    /// Edits by number; `unshared` names the route of a self-patch, which must not be merged with an equal run.
    struct Changes: Hashable {
        var edits: [Int] = []
        var unshared: Int?

        var isEmpty: Bool { edits.isEmpty }
    }

    /// A block to run on a state of the boundary before it, with edits on the way.
    struct Run: Hashable {
        let parent: Int
        let block: Source
        var changes = Changes()
    }

    /// What a boundary produces: a run's output, or an edited form of it.
    struct State: Hashable {
        let run: Int
        var changes = Changes()
    }

    /// Another run of the same layer that agrees in all rows that changes have not reached, and where those changes come from.
    struct Companion {
        let run: Int
        /// Edits of the boundary before, by number.
        let edits: [Int]
        /// Runs of the layer before, whose computed rows differ from those of their own companions.
        let runs: [Int]
    }

    struct Layer {
        let runs: [Run]
        let companions: [Companion?]
        /// The clean run of each model, by `Source.rawValue`.
        let clean: [Int?]
        /// Runs that a leaf, a donor, a companion or a capture needs.
        var isNeeded: [Bool]
    }

    /// A final state under one head.
    struct Leaf: Hashable {
        let state: Int
        let head: Source
        var changes = Changes()
    }

    /// Whose embedding each run before the first block is.
    let embeddings: [Source]
    let layers: [Layer]
    /// `[boundary]`, one more than layers.
    let states: [[State]]
    let leaves: [Leaf]
    /// A leaf under the same head that agrees where no change has reached, by leaf.
    let leafCompanions: [Companion?]
    /// The leaf that each route ends in.
    let leafOfRoute: [Int]
    /// Every edit once.
    let edits: [Edit]
    /// The clean embedding of each model, by `Source.rawValue`.
    let cleanEmbeddings: [Int?]

    /// Blocks to run in all, a measure of cost.
    var runCount: Int { layers.reduce(0) { $0 + $1.isNeeded.count { $0 } } }

    /// The clean run of a model that gives donors at a boundary.
    func clean(_ source: Source, boundary: Int) -> Int? {
        boundary == 0 ? cleanEmbeddings[source.rawValue] : layers[boundary - 1].clean[source.rawValue]
    }
}
