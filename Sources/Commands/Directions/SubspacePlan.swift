import Interventions
import Notebooks
import Numerics
import Random
import Statistics
import Transformers

/// The directions that a `{spectrum}` block produced.
struct SpectrumDirections {
    let site: Site
    let layer: Int
    let positions: Positions
    let width: Int
    /// `[direction][width]`
    let difference: [[Double]]
    let mean: [[Double]]
    let base: [[Double]]

    init(_ outcome: Outcome) throws(CommandError) {
        guard case .string(let site)? = outcome.value("site"), let found = Site(rawValue: site),
            case .int(let layer)? = outcome.value("layer"), case .int(let width)? = outcome.value("width"),
            case .string(let name)? = outcome.value("positions"), let positions = try? Positions(name),
            let table = outcome.table("directions")
        else { throw CommandError("the spectrum does not say where its directions come from") }
        self.site = found
        self.layer = layer
        self.positions = positions
        self.width = width
        func directions(_ basis: String) -> [[Double]] {
            var found: [[Double]] = []
            for row in table.rows where row[1] == .string(basis) {
                if row[2] == .int(0) { found.append([]) }
                if !found.isEmpty { found[found.count - 1].append(row[3].number ?? 0) }
            }
            return found
        }
        difference = directions("difference")
        mean = directions("mean")
        base = directions("base")
    }
}

/// The patches along few directions, and what they measured.
struct SubspacePlan {
    /// One patch with its statistics.
    struct Row: Sendable {
        let rank: Int
        let basis: String
        let direction: String
        let energy: Double?
        let statistics: EffectStatistics.Row
    }

    private struct Patch {
        let rank: Int
        let basis: String
        let direction: String
        let recipient: Source
        let directions: Basis?
        let change: Change
    }

    private let given: SpectrumDirections
    private let layers: Int
    private let patches: [Patch]

    init(_ given: SpectrumDirections, ranks: [Int], bases: [SubspaceBasis], layers: Int, seed: UInt64) {
        self.given = given
        self.layers = layers
        var patches: [Patch] = []
        for direction in Direction.allCases {
            patches.append(
                Patch(
                    rank: given.width, basis: "full", direction: direction.rawValue, recipient: direction.recipient,
                    directions: nil, change: .replace(donor: direction.donor)))
            for basis in bases {
                for rank in ranks {
                    let directions = Self.directions(basis, rank, given, seed)
                    // The mean is one direction, and there may be fewer directions than asked for.
                    guard directions.rank == rank || (basis != .mean && directions.rank < rank && rank == ranks.first)
                    else { continue }
                    patches.append(
                        Patch(
                            rank: rank, basis: basis.rawValue, direction: direction.rawValue,
                            recipient: direction.recipient, directions: directions,
                            change: .project(donor: direction.donor, onto: directions)))
                }
            }
        }
        for basis in bases where !given.difference.isEmpty {
            for rank in ranks {
                let directions = Self.directions(basis, rank, given, seed)
                guard directions.rank == rank else { continue }
                patches.append(
                    Patch(
                        rank: rank, basis: basis.rawValue, direction: "removed", recipient: .tuned,
                        directions: directions, change: .remove(directions)))
            }
        }
        self.patches = patches
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

    /// Both clean runs, then every patch.
    var routes: [Route] {
        Source.allCases.map { Route(clean: $0, layers: layers) }
            + patches.map {
                Route(
                    recipient: $0.recipient, layers: layers,
                    edit: Edit(
                        site: given.site, layer: given.layer, positions: given.positions, change: $0.change))
            }
    }

    /// - Parameter moments: of the pairs that were patched, for the energy that directions hold there.
    func rows(_ margins: Margins, _ moments: DifferenceMoments, _ statistics: EffectStatistics) -> [Row] {
        let clean = [margins.margins(ofRoute: 0), margins.margins(ofRoute: 1)]
        let gain = zip(clean[1], clean[0]).map { $0 - $1 }
        let effects = patches.enumerated().map { index, patch in
            zip(margins.margins(ofRoute: 2 + index), clean[patch.recipient.rawValue]).map { $0 - $1 }
        }
        let names = patches.map { "\($0.basis) \($0.direction)" }
        var families: [[Int]] = []
        for name in names.indices where names.firstIndex(of: names[name]) == name {
            families.append(names.indices.filter { names[$0] == names[name] })
        }
        let found = statistics.rows(effects, gain: gain, families: families)
        return zip(patches, found).map { patch, found in
            Row(
                rank: patch.rank, basis: patch.basis, direction: patch.direction,
                energy: patch.directions.map { energy($0, moments) } ?? 1, statistics: found)
        }
    }

    /// The share of the difference's energy that lies along directions.
    private func energy(_ basis: Basis, _ moments: DifferenceMoments) -> Double {
        let whole = (0..<moments.width).reduce(0) { $0 + moments.gram[$1, $1] }
        guard whole > 0 else { return .nan }
        let rows = (0..<basis.rank).map { rank in
            basis.values[rank * basis.width..<(rank + 1) * basis.width].map(Double.init)
        }
        return rows.reduce(0) { sum, row in
            sum + zip(moments.gram.times(row), row).reduce(0) { $0 + $1.0 * $1.1 }
        } / whole
    }
}
