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
    /// Changes on the way, at most one a layer.
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
}

/// A place inside a block where an activation can be changed.
public enum Site: String, Sendable, Hashable, CaseIterable {
    /// The residual stream after the block, before any final norm.
    case residualPost = "resid_post"
}

/// One change of an activation: where, and to what.
public struct Edit: Sendable, Hashable {
    /// Which activation.
    public let site: Site
    /// After which block, counted from 0.
    public let layer: Int
    /// At which tokens.
    public let positions: Positions
    /// To what.
    public let change: Change

    /// A change of one site at one layer.
    public init(site: Site, layer: Int, positions: Positions, change: Change) {
        self.site = site
        self.layer = layer
        self.positions = positions
        self.change = change
    }
}

/// What an edit puts in place of the recipient's activation h; d is the donor's, from its clean run.
public enum Change: Sendable, Hashable {
    /// d of the same sequence.
    case replace(donor: Source)
    /// As ``replace(donor:)``, but carried out as its own run even where the engine could prove the result without one: for
    /// the self-patch control, which exists to test the engine.
    case replaceUnshared(donor: Source)
    /// d of another pair at the aligned position: prompt with prompt, response with response, each from its start; a donor
    /// that is shorter gives its last position for the rest.
    case replaceFromOtherPair(donor: Source)
    /// h + ‖d − h‖ · u with u uniform on the sphere, drawn for each pair, layer and position.
    case randomDirection(donor: Source, seed: UInt64)

    var donor: Source {
        switch self {
        case .replace(let donor), .replaceUnshared(let donor), .replaceFromOtherPair(let donor): donor
        case .randomDirection(let donor, _): donor
        }
    }
}
