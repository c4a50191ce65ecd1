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
        /// The tuned model has its mean along them at every position.
        case averaged
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
        /// The change of the margin, over pairs that did not choose the directions.
        public let statistics: EffectStatistics.Row
        /// The change of the mean KL from the tuned model; its recovery is a share of minus the base's.
        public let divergence: EffectStatistics.Row
        /// The change of the margin as a share of what all directions change, donated the same way; a removal is compared with all
        /// directions of the base donated to the tuned model.
        public let ofFull: Interval?
        /// The changes of margin and divergence of each pair, and of its margin with all directions, `[pair]`.
        public let byPair: (margin: [Double], divergence: [Double], full: [Double])
    }

    private struct Patch {
        let rank: Int
        let basis: SubspaceBasis?
        let kind: Kind
        let directions: Basis?
        /// Made one after another.
        let changes: [Change]

        /// The direction of the patch of all directions that it is compared with.
        var direction: Direction {
            switch kind {
            case .donated(let direction): direction
            case .averaged, .removed: .baseToTuned
            }
        }

        var recipient: Source { direction.recipient }
    }

    /// Every patch: first all directions at once, then each basis by rank, for each kind.
    public let rows: [Row]
    /// What tuning changes of each pair's margin, and the prompt of each, `[pair]`.
    public let gain: [Double], clusters: [Int]

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
        let routes = patches.map { patch in
            var route = Route(clean: patch.recipient, layers: models.layers)
            route.edits = patch.changes.map {
                Edit(site: given.site, layer: given.layer, positions: given.positions, change: $0)
            }
            return route
        }
        let (margins, moments) = try context.both(
            {
                try context.margins(
                    of: Route.clean(layers: models.layers) + routes, in: models, over: pairs, measuresDivergence: true)
            },
            {
                try DifferenceReader(models: models, site: given.site, positions: given.positions).moments(
                    layer: given.layer, over: pairs, name: "energy", noun: "pairs for the energy", context)
            })
        func changes(_ metric: Metric) -> (effects: [[Double]], gain: [Double]) {
            let found = margins.byRoute.map { metric.values($0, pairs) }
            return (
                patches.enumerated().map { found[2 + $0].minus(found[$1.recipient.rawValue]) }, found[1].minus(found[0])
            )
        }
        // Ranks of one basis and kind are tested together.
        func isTogether(_ left: Patch, _ right: Patch) -> Bool { left.basis == right.basis && left.kind == right.kind }
        let families = patches.indices.filter { index in
            patches.firstIndex { isTogether($0, patches[index]) } == index
        }.map { first in patches.indices.filter { isTogether(patches[$0], patches[first]) } }
        let prompts = pairs.map(\.cluster)
        let statistics = EffectStatistics(clusters: prompts, negligible: negligible, seed: context.seed)
        let (effects, gain) = changes(.margin)
        (self.gain, clusters) = (gain, prompts)
        let found = statistics.rows(effects, gain: gain, families: families)
        let (divergences, whole) = changes(.divergence)
        let foundDivergences = statistics.rows(divergences, gain: whole, families: families)
        let fulls = patches.map { patch in
            patches.firstIndex { $0.basis == nil && $0.direction == patch.direction } ?? 0
        }
        let shares = patches.indices.map { index -> Interval? in
            let full = effects[fulls[index]]
            guard full.mean != 0 else { return nil }
            return ClusterBootstrap(seed: context.seed).ratios(
                of: ClusteredValues([effects[index], full], clusters: prompts), to: 1)[0]
                ?? Interval(estimate: effects[index].mean / full.mean, lower: .nan, upper: .nan)
        }
        rows = patches.enumerated().map { index, patch in
            Row(
                rank: patch.rank, basis: patch.basis, kind: patch.kind,
                energy: patch.directions.map { Self.energy($0, moments) } ?? 1, statistics: found[index],
                divergence: foundDivergences[index], ofFull: shares[index],
                byPair: (effects[index], divergences[index], effects[fulls[index]]))
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
                    changes: [.replace(donor: direction.donor)]))
            for basis in bases {
                for rank in ranks {
                    let directions = directions(basis, rank, given, seed)
                    // The mean is one direction, and there may be fewer directions than asked for.
                    guard directions.rank == rank || (basis != .mean && directions.rank < rank && rank == ranks.first)
                    else { continue }
                    patches.append(
                        Patch(
                            rank: rank, basis: basis, kind: .donated(direction), directions: directions,
                            changes: [.project(donor: direction.donor, onto: directions)]))
                }
            }
        }
        for kind in [Kind.averaged, .removed] {
            for basis in bases where !given.difference.isEmpty {
                for rank in ranks {
                    let directions = directions(basis, rank, given, seed)
                    guard directions.rank == rank else { continue }
                    let mean = directions.projection(of: given.tunedMean)
                    patches.append(
                        Patch(
                            rank: rank, basis: basis, kind: kind, directions: directions,
                            changes: [.remove(directions)] + (kind == .averaged ? [.add(mean)] : [])))
                }
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

    /// The patch of all directions.
    public func full(_ direction: Direction) -> Row? {
        rows.first { $0.basis == nil && $0.kind == .donated(direction) }
    }

    /// The difference's own directions tuned into base, by rank.
    public var own: [Row] { rows(.donated(.tunedToBase), .difference) }

    /// The same, removed from the tuned model.
    public var removed: [Row] { rows(.removed, .difference) }

    /// Random directions with the largest effect.
    public var random: Row? { rows(.donated(.tunedToBase), .random).largest { $0.statistics.mean } }

    /// The smallest rank that does nine tenths of what the full patch does.
    public var enough: Row? {
        guard let whole = full(.tunedToBase)?.statistics.mean, whole > 0 else { return nil }
        return own.first { $0.statistics.mean >= 0.9 * whole }
    }
}
