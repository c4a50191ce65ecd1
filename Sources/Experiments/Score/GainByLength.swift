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

    /// - Parameter gain: one number per pair, `[pair]`.
    init(_ gain: [Double], pairs: [PackedPair], bootstrap: ClusterBootstrap) {
        self.gain = gain
        excess = pairs.map(\.excess)
        split = LengthSplit.splits([gain], excess: excess, clusters: pairs.map(\.cluster), bootstrap: bootstrap)[0]
    }
}
