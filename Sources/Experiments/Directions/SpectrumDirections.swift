import Interventions
import Transformers

/// The directions that a spectrum kept, from the largest, and where they come from.
public struct SpectrumDirections: Sendable {
    /// Which activations were read.
    public let site: Site
    /// In which layer, from 0.
    public let layer: Int
    /// At which tokens.
    public let positions: Positions
    /// Numbers per activation.
    public let width: Int
    /// Of the difference, `[direction][width]`.
    public let difference: [[Double]]
    /// The mean difference, one direction.
    public let mean: [[Double]]
    /// Of the base's own activations.
    public let base: [[Double]]
    /// The mean of the tuned model's activations, `[width]`.
    public let tunedMean: [Double]

    /// Directions out of their parts.
    public init(
        site: Site, layer: Int, positions: Positions, width: Int, difference: [[Double]], mean: [[Double]],
        base: [[Double]], tunedMean: [Double]
    ) {
        self.site = site
        self.layer = layer
        self.positions = positions
        self.width = width
        self.difference = difference
        self.mean = mean
        self.base = base
        self.tunedMean = tunedMean
    }
}
