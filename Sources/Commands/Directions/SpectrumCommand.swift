import Charts
import Experiments
import Interventions
import Notebooks
import Statistics
import Transformers
import Values

/// `{spectrum}`: how many directions the difference between the two models fills at one layer.
public struct SpectrumCommand: Command {
    /// The name in the fence.
    public static let name = "spectrum"
    /// One line of help.
    public static let summary = "Decomposes the difference of the two models' activations at one layer into directions."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let site = EngineOptions.site()
    static let layer = Option<Int>.int("layer", in: 0..., help: "in which layer, counted from 0")
    static let positions = EngineOptions.positions(default: .response)
    static let center = Option<Bool>.bool(
        "center", default: false,
        help: "take the mean difference out first; otherwise the first direction is close to it")
    static let keep = Option<Int>.int(
        "keep", in: 1...4096, default: 16,
        help: "how many directions are kept for 'subspace', from the largest; no rank there can be above it")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        layer
        positions
        center
        keep
        EngineOptions.chooseOn
    }

    private let subjects: Subjects
    private let site: Site
    private let layer: Int
    private let positions: Positions
    private let isCentred: Bool
    private let keep: Int
    private let choosesOnAll: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        site = try arguments.value(Self.site)
        layer = try arguments.value(Self.layer)
        positions = try arguments.value(Self.positions)
        isCentred = try arguments.value(Self.center)
        keep = try arguments.value(Self.keep)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn)
    }

    private static let values = OutputValues<DifferenceSpectrum> {
        Output("participation_ratio", "(Σσ²)² / Σσ⁴: over how many directions the difference spreads") {
            $0.spectrum.participationRatio
        }
        Output("stable_rank", "Σσ² over the largest σ²") { $0.spectrum.stableRank }
        for share in [50, 90, 99] {
            Output("energy.\(share)", "the fewest directions that hold \(share) % of the energy") {
                $0.spectrum.rank(holding: Double(share) / 100)
            }
        }
        Output("mean.share", "the share of the energy that lies along the mean difference") { $0.meanShare }
        Output("rows", "how many activations were compared") { $0.moments.count }
        Output("width", "how many numbers each of them has") { $0.moments.width }
        Output.layer { $0.layer }
        Output("site", "the site compared") { $0.site.rawValue }
        Output("positions", "the tokens compared") { $0.positions.name }
        Output(
            "replication.angle", "the angle between the first directions of two halves of the pairs", unit: "degrees"
        ) {
            $0.angles.first?.largest
        }
        Output("replication.rank", "the largest rank at which no principal angle between the halves reaches 45 degrees")
        {
            $0.angles.last { $0.largest < 45 }?.rank ?? 0
        }
    }

    private static let components = OutputTable<(found: DifferenceSpectrum, place: Int)>("values") {
        Output("component", "the component's number, from 1") { $0.place + 1 }
        Output("value", "its singular value") { $0.found.spectrum.values[$0.place] }
        Output("energy", "its share of the energy") { $0.found.spectrum.energies[$0.place] / $0.found.energy }
        Output("cumulative", "the share of the energy up to it") { $0.found.spectrum.cumulativeEnergy[$0.place] }
        Output("base_cumulative", "the same share for the base's own activations") {
            $0.found.base.cumulativeEnergy[$0.place]
        }
    }

    private static let directions = OutputTable<(basis: String, number: Int, index: Int, value: Double)>("directions") {
        Output("direction", "the direction's number, from 1") { $0.number }
        Output("basis", "whose direction it is") { $0.basis }
        Output("index", "the entry's place in the activation, from 0") { $0.index }
        Output("value", "the entry") { $0.value }
    }

    private static let angles = OutputTable<DifferenceSpectrum.RankAngles>("angles") {
        Output("rank", "how many directions of each half are compared") { $0.rank }
        Output("largest", "the largest principal angle between them", unit: "degrees") { $0.largest }
        Output("mean", "the mean principal angle", unit: "degrees") { $0.mean }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        components
        directions
        angles
        Outputs(figures: ["energy"])
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        guard let count = arguments.layers(of: subjects.models), layer >= count else { return [] }
        return [EngineOptions.missingLayer(layer, of: count, option: "layer")]
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let loaded = try bindings.load(subjects)
        guard layer < loaded.models.layers else {
            throw EngineOptions.missingLayer(layer, of: loaded.models.layers, option: "layer")
        }
        let halves = choosesOnAll ? Halves(all: loaded.pairs.count) : loaded.halves
        let found = try DifferenceSpectrum(
            loaded.models, loaded.pairs, halves: halves, site: site, layer: layer, positions: positions,
            isCentred: isCentred, keep: keep, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: found)
        let table = outcome.add(
            Self.components, found.spectrum.values.indices.map { (found: found, place: $0) })
        outcome.add(Self.directions, entries(found.directions))
        outcome.add(Self.angles, found.angles)
        outcome.figures = [figure(found, table)]
        if let note = halves.note("The directions were") { outcome.notes.append(note) }
        if found.moments.count < found.moments.width {
            outcome.notes.append(
                "\(found.moments.count) rows in \(found.moments.width) dimensions: the spectrum cannot have more directions than rows."
            )
        }
        return outcome
    }

    /// Every entry of the directions that are produced.
    private func entries(_ found: SpectrumDirections) -> [(basis: String, number: Int, index: Int, value: Double)] {
        [("difference", found.difference), ("mean", found.mean), ("base", found.base)].flatMap { basis, directions in
            directions.enumerated().flatMap { number, direction in
                direction.enumerated().map { (basis, number + 1, $0, $1) }
            }
        }
    }

    private func figure(_ found: DifferenceSpectrum, _ table: Table) -> Figure {
        let (spectrum, base) = (found.spectrum, found.base)
        let shown = min(spectrum.values.count, 64)
        func points(_ values: [Double]) -> [Point] {
            values.prefix(shown).enumerated().map { Point(x: Double($0 + 1), y: $1, label: "\($0 + 1) directions") }
        }
        return Figure(
            name: "energy", title: "Energy in the first directions, layer \(layer)",
            description:
                "The share of the squared difference that the first directions hold, beside the same of the base's own "
                + "activations. Energy is not effect: see what a patch along these directions does.",
            chart: LineChart(
                x: Axis("directions", isWhole: true), y: Axis("share of the energy", includesZero: true),
                series: [
                    Series("difference", role: .effect, points: points(spectrum.cumulativeEnergy)),
                    Series("base's own activations", role: .control, points: points(base.cumulativeEnergy)),
                ], references: [LineChart.Reference(0.9, label: "90 %")]),
            data: table)
    }
}

extension SpectrumDirections {
    /// The directions that a `{spectrum}` block produced.
    init(_ outcome: Outcome) throws(CommandError) {
        guard case .string(let site)? = outcome.value("site"), let found = Site(rawValue: site),
            case .int(let layer)? = outcome.value("layer"), case .int(let width)? = outcome.value("width"),
            case .string(let name)? = outcome.value("positions"), let positions = try? Positions(name),
            let table = outcome.table("directions")
        else { throw CommandError("the spectrum does not say where its directions come from") }
        func directions(_ basis: String) -> [[Double]] {
            var found: [[Double]] = []
            for row in table.rows where row[1] == .string(basis) {
                if row[2] == .int(0) { found.append([]) }
                if !found.isEmpty { found[found.count - 1].append(row[3].number ?? 0) }
            }
            return found
        }
        self.init(
            site: found, layer: layer, positions: positions, width: width, difference: directions("difference"),
            mean: directions("mean"), base: directions("base"))
    }
}
