import Interventions
import Statistics

/// What a gain owes to the lengths of the responses.
public struct GainByLength: Sendable {
    /// The gain of each pair, `[pair]`.
    public let gain: [Double]
    /// Tokens of the rejected response minus those of the chosen one, `[pair]`.
    public let excess: [Int]
    /// The gain where either response is longer, and at equal length.
    public let split: LengthSplit
    /// The gain of the quarter of the pairs whose lengths differ least, and by how many tokens they differ at most; with those
    /// that tie with the last of them.
    public let nearest: (tokens: Int, count: Int, gain: LengthSplit.Estimate)

    /// - Parameter gain: one number per pair, `[pair]`.
    init(_ gain: [Double], pairs: [PackedPair], bootstrap: ClusterBootstrap) {
        self.gain = gain
        excess = pairs.map(\.excess)
        let clusters = pairs.map(\.cluster)
        split = LengthSplit.splits([gain], excess: excess, clusters: clusters, bootstrap: bootstrap)[0]
        let sizes = excess.map(abs)
        let limit = sizes.sorted()[(sizes.count - 1) / 4]
        let places = sizes.indices.filter { sizes[$0] <= limit }
        let near = gain.at(places)
        nearest = (
            limit, places.count,
            (near.mean, bootstrap.means(of: ClusteredValues(near, clusters: clusters.at(places)))[0])
        )
    }
}
