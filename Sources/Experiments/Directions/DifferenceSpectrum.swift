import Interventions
import Numerics
import Statistics
import Transformers

/// How many directions the difference between two models fills at one layer.
public struct DifferenceSpectrum: Sendable {
    /// Angles in degrees between the first directions of two halves of the pairs.
    public struct RankAngles: Sendable {
        /// How many directions of each half are compared.
        public let rank: Int
        /// The largest principal angle between them, and the mean one.
        public let largest, mean: Double
    }

    /// Which activations were read.
    public let site: Site
    /// In which layer, from 0.
    public let layer: Int
    /// At which tokens.
    public let positions: Positions
    /// Sums over the pairs that choose.
    public let moments: DifferenceMoments
    /// Of the difference, and of the base's own activations.
    public let spectrum, base: Spectrum
    /// How alike the two halves' directions are, rank by rank.
    public let angles: [RankAngles]
    private let keep: Int

    /// Reads both halves of the pairs.
    /// - Parameters:
    ///   - isCentred: whether the mean difference is taken out first.
    ///   - keep: how many directions are kept, from the largest.
    /// - Throws: ``ExperimentError/emptySelection(_:pair:)``, `PatchError`, what keeps parts from being kept, and
    ///   `LinearAlgebraError`.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], halves: Halves, site: Site, layer: Int, positions: Positions,
        isCentred: Bool, keep: Int, in context: some RunContext
    ) throws {
        let reader = DifferenceReader(models: models, site: site, positions: positions)
        func read(_ places: [Int], _ name: String) throws -> DifferenceMoments {
            try reader.moments(layer: layer, over: pairs.at(places), name: name, noun: name, context)
        }
        let halves = try context.both(
            { try read(halves.fit, "pairs to choose on") }, { try read(halves.confirm, "pairs to compare") })
        moments = halves.0
        let other = try halves.1.spectrum(isCentred: isCentred)
        spectrum = try moments.spectrum(isCentred: isCentred)
        base = try moments.baseSpectrum()
        angles = try Self.angles(spectrum, other, most: min(keep, 8))
        (self.site, self.layer, self.positions, self.keep) = (site, layer, positions, keep)
    }

    /// Angles between the top directions of both halves, rank by rank.
    private static func angles(_ first: Spectrum, _ second: Spectrum, most: Int) throws -> [RankAngles] {
        let most = min(most, first.rank(holding: 1 - 1e-9) ?? 0, second.rank(holding: 1 - 1e-9) ?? 0)
        return try (1..<(most + 1)).map { rank in
            let angles = try PrincipalAngles().angles(
                first.directions.rows(Array(0..<rank)), second.directions.rows(Array(0..<rank))
            ).map { $0 * 180 / .pi }
            return RankAngles(rank: rank, largest: angles.max() ?? 0, mean: angles.mean)
        }
    }

    /// The energy of all components together.
    public var energy: Double { spectrum.energies.reduce(0, +) }

    /// The share of the energy that lies along the mean difference; nil where nothing differs.
    public var meanShare: Double? {
        let mean = moments.mean
        let length = mean.reduce(0) { $0 + $1 * $1 }
        let whole = moments.energy
        guard length > 0, whole > 0 else { return nil }
        return moments.energy(along: mean) / length / whole
    }

    /// The directions that are kept of the difference, its mean and the base's own activations.
    public var directions: SpectrumDirections {
        func kept(_ spectrum: Spectrum) -> [[Double]] {
            spectrum.values.indices.prefix(keep).filter { spectrum.values[$0] > 0 }.map(spectrum.directions.row)
        }
        return SpectrumDirections(
            site: site, layer: layer, positions: positions, width: moments.width, difference: kept(spectrum),
            mean: [moments.mean], base: kept(base), tunedMean: moments.tunedMean)
    }
}
