import Transformers

/// One change of an activation: where, and to what.
public struct Edit: Sendable, Hashable {
    /// Which activation.
    public let site: Site
    /// In which block, counted from 0; 0 for `embed` and the last block for `final_norm`.
    public let layer: Int
    /// At which tokens.
    public let positions: Positions
    /// Which heads of a site that has heads (key/value heads at `k`, `k_rot` and `v`); `nil` for all.
    public let heads: [Int]?
    /// To what.
    public let change: Change

    /// A change of one site at one layer.
    public init(site: Site, layer: Int, positions: Positions, heads: [Int]? = nil, change: Change) {
        self.site = site
        self.layer = layer
        self.positions = positions
        self.heads = heads.map { Set($0).sorted() }
        self.change = change
    }
}
