import Interventions
import Random
import Statistics

/// Which directions a patch of few directions is along.
public enum SubspaceBasis: String, CaseIterable, Sendable {
    /// The first directions of the difference.
    case difference
    /// The mean difference.
    case mean
    /// The first directions of the base's own activations.
    case base
    /// Directions drawn at random.
    case random
    /// Directions drawn at random inside the span of those kept.
    case span

    /// What the difference's own directions are compared with.
    public static let baselines: [SubspaceBasis] = [.mean, .base, .random, .span]
}

/// Patches along few directions of a spectrum, beside how much of the difference they hold.
public struct SubspaceSweep: Sendable {
    /// What a patch does with the directions.
    public enum Kind: Sendable, Hashable {
        /// The recipient takes what the donor has along them.
        case donated(Direction)
        /// The tuned model loses what it has along them.
        case removed
    }

    /// One patch with its statistics.
    public struct Row: Sendable {
        /// How many directions.
        public let rank: Int
        /// Which directions; nil for all that there are.
        public let basis: SubspaceBasis?
        /// What is done with them.
        public let kind: Kind
        /// The share of the difference's energy in these directions.
        public let energy: Double
        /// Over pairs that did not choose the directions.
        public let statistics: EffectStatistics.Row
    }

    private struct Patch {
        let rank: Int
        let basis: SubspaceBasis?
        let kind: Kind
        let directions: Basis?
        let change: Change

        var recipient: Source {
            switch kind {
            case .donated(let direction): direction.recipient
            case .removed: .tuned
            }
        }
    }

    /// Every patch: first all directions at once, then each basis by rank, for each kind.
    public let rows: [Row]

    /// Patches pairs.
    /// - Parameters:
    ///   - ranks: how many of the first directions, one patch each, rising.
    ///   - bases: the difference's own directions, and what they are compared with.
    ///   - negligible: effects within ± this count as nothing.
    /// - Throws: ``ExperimentError``, `PatchError`, and what keeps parts from being kept.
    public init(
        _ models: ModelPair, _ pairs: [PackedPair], along given: SpectrumDirections, ranks: [Int],
        bases: [SubspaceBasis], negligible: Double, in context: some RunContext
    ) throws {
        if let rank = ranks.first(where: { $0 > given.width }) {
            throw ExperimentError.rankAboveWidth(rank, width: given.width)
        }
        if let rank = ranks.last, rank > given.difference.count, given.difference.count < given.width {
            throw ExperimentError.rankAboveDirections(rank, kept: given.difference.count)
        }
        let patches = Self.patches(given, ranks, bases, context.seed)
        let routes = patches.map {
            Route(
                recipient: $0.recipient, layers: models.layers,
                edit: Edit(site: given.site, layer: given.layer, positions: given.positions, change: $0.change))
        }
        let (margins, moments) = try context.both(
            { try context.margins(of: Route.clean(layers: models.layers) + routes, in: models, over: pairs) },
            {
                try DifferenceReader(models: models, site: given.site, positions: given.positions).moments(
                    layer: given.layer, over: pairs, name: "energy", noun: "pairs for the energy", context)
            })
        let clean = [margins.margins(ofRoute: 0), margins.margins(ofRoute: 1)]
        let effects = patches.enumerated().map { index, patch in
            zip(margins.margins(ofRoute: 2 + index), clean[patch.recipient.rawValue]).map { $0 - $1 }
        }
        // Ranks of one basis and kind are tested together.
        func isTogether(_ left: Patch, _ right: Patch) -> Bool { left.basis == right.basis && left.kind == right.kind }
        let families = patches.indices.filter { index in
            patches.firstIndex { isTogether($0, patches[index]) } == index
        }.map { first in patches.indices.filter { isTogether(patches[$0], patches[first]) } }
        let statistics = EffectStatistics(
            clusters: pairs.map(\.cluster), negligible: negligible, seed: context.seed)
        let found = statistics.rows(effects, gain: zip(clean[1], clean[0]).map { $0 - $1 }, families: families)
        rows = zip(patches, found).map { patch, found in
            Row(
                rank: patch.rank, basis: patch.basis, kind: patch.kind,
                energy: patch.directions.map { Self.energy($0, moments) } ?? 1, statistics: found)
        }
    }

    private static func patches(
        _ given: SpectrumDirections, _ ranks: [Int], _ bases: [SubspaceBasis], _ seed: UInt64
    ) -> [Patch] {
        var patches: [Patch] = []
        for direction in Direction.allCases {
            patches.append(
                Patch(
                    rank: given.width, basis: nil, kind: .donated(direction), directions: nil,
                    change: .replace(donor: direction.donor)))
            for basis in bases {
                for rank in ranks {
                    let directions = directions(basis, rank, given, seed)
                    // The mean is one direction, and there may be fewer directions than asked for.
                    guard directions.rank == rank || (basis != .mean && directions.rank < rank && rank == ranks.first)
                    else { continue }
                    patches.append(
                        Patch(
                            rank: rank, basis: basis, kind: .donated(direction), directions: directions,
                            change: .project(donor: direction.donor, onto: directions)))
                }
            }
        }
        for basis in bases where !given.difference.isEmpty {
            for rank in ranks {
                let directions = directions(basis, rank, given, seed)
                guard directions.rank == rank else { continue }
                patches.append(
                    Patch(
                        rank: rank, basis: basis, kind: .removed, directions: directions, change: .remove(directions)))
            }
        }
        return patches
    }

    private static func directions(
        _ basis: SubspaceBasis, _ rank: Int, _ given: SpectrumDirections, _ seed: UInt64
    ) -> Basis {
        switch basis {
        case .difference: DifferenceMoments.basis(Array(given.difference.prefix(rank)), width: given.width)
        case .mean: DifferenceMoments.basis(given.mean, width: given.width)
        case .base: DifferenceMoments.basis(Array(given.base.prefix(rank)), width: given.width)
        case .random: DifferenceMoments.random(rank: rank, width: given.width, seed: seed, layer: given.layer)
        case .span: mixed(given.difference, rank, given.width, seed)
        }
    }

    /// Random directions inside the span of the spectrum's.
    private static func mixed(_ directions: [[Double]], _ rank: Int, _ width: Int, _ seed: UInt64) -> Basis {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.stream(0x7370_616E, rank))
        let mixtures = (0..<min(rank, directions.count)).map { _ in
            let weights = directions.map { _ in generator.nextNormal() }
            return (0..<width).map { index in
                zip(weights, directions).reduce(0) { $0 + $1.0 * $1.1[index] }
            }
        }
        return DifferenceMoments.basis(mixtures, width: width)
    }

    /// The share of the difference's energy that lies along directions.
    private static func energy(_ basis: Basis, _ moments: DifferenceMoments) -> Double {
        let whole = moments.energy
        guard whole > 0 else { return .nan }
        return (0..<basis.rank).reduce(0) { sum, rank in
            sum + moments.energy(along: basis.values[rank * basis.width..<(rank + 1) * basis.width].map(Double.init))
        } / whole
    }
}

extension SubspaceSweep {
    /// The rows of one kind along one choice of directions, by rank.
    public func rows(_ kind: Kind, _ basis: SubspaceBasis) -> [Row] {
        rows.filter { $0.kind == kind && $0.basis == basis }
    }

    /// The patch of all directions, tuned into base.
    public var full: EffectStatistics.Row? {
        rows.first { $0.basis == nil && $0.kind == .donated(.tunedToBase) }?.statistics
    }

    /// The difference's own directions tuned into base, by rank.
    public var own: [Row] { rows(.donated(.tunedToBase), .difference) }

    /// The same, removed from the tuned model.
    public var removed: [Row] { rows(.removed, .difference) }

    /// Random directions with the largest effect.
    public var random: Row? { rows(.donated(.tunedToBase), .random).largest { $0.statistics.mean } }

    /// The smallest rank that does nine tenths of what the full patch does.
    public var enough: Row? {
        guard let whole = full?.mean, whole > 0 else { return nil }
        return own.first { $0.statistics.mean >= 0.9 * whole }
    }
}
