import Charts
import Interventions
import Notebooks
import Numerics
import Statistics
import Transformers
import Values

/// `{spectrum}`: how many directions the difference between the two models fills at one layer.
public struct SpectrumCommand: Command {
    /// The name in the fence.
    public static let name = "spectrum"
    /// One line of help.
    public static let summary = "Decomposes the difference of the two models' activations at one layer into directions."

    static let site = EngineOptions.site("which activation is compared")
    static let layer = Option<Int>.int("layer", in: 0..., help: "in which layer, counted from 0")
    static let positions = EngineOptions.positions(default: .response, help: "at which tokens, one row for each")
    static let center = Option<Bool>.bool(
        "center", default: false,
        help: "take the mean difference out first; with it, the first direction is about the mean")
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

    private static let values = OutputValues<SpectrumResult> {
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

    private static let components = OutputTable<(found: SpectrumResult, place: Int)>("values") {
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
        Output("index", "the place in the residual stream, from 0") { $0.index }
        Output("value", "the direction's entry there") { $0.value }
    }

    private static let angles = OutputTable<RankAngles>("angles") {
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
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.load(self.subjects)
        guard layer < subjects.models.layers else {
            throw CommandError(
                "option 'layer' is \(layer), but the models have layers 0 to \(subjects.models.layers - 1)")
        }
        let halves = choosesOnAll ? Halves(all: subjects.pairs.count) : subjects.halves
        let fit = try read(halves.fit.map { subjects.pairs[$0] }, subjects.models, bindings, "pairs to choose on")
        let other = try read(halves.confirm.map { subjects.pairs[$0] }, subjects.models, bindings, "pairs to compare")
        let spectrum = try fit.spectrum(isCentred: isCentred)
        let found = SpectrumResult(
            site: site, layer: layer, positions: positions, moments: fit, spectrum: spectrum,
            base: try fit.baseSpectrum(),
            angles: try replication(spectrum, try other.spectrum(isCentred: isCentred)))
        var outcome = Outcome()
        outcome.set(Self.values, of: found)
        let table = outcome.add(Self.components, spectrum.values.indices.map { (found: found, place: $0) })
        outcome.add(Self.directions, entries(found))
        outcome.add(Self.angles, found.angles)
        outcome.figures = [figure(found, table)]
        if let note = halves.note("The directions were") { outcome.notes.append(note) }
        if fit.count < fit.width {
            outcome.notes.append(
                "\(fit.count) rows in \(fit.width) dimensions: the spectrum cannot have more directions than rows.")
        }
        return outcome
    }

    private func read(
        _ pairs: [PackedPair], _ models: ModelPair, _ bindings: Bindings, _ unit: String
    ) throws -> DifferenceMoments {
        try DifferenceReader(models, threads: bindings.resources.threads).moments(
            site: site, layer: layer, positions: positions, over: pairs, name: unit, unit: unit, bindings)
    }

    /// Angles in degrees between the top directions of both halves, rank by rank.
    private func replication(
        _ first: Spectrum, _ second: Spectrum
    ) throws -> [RankAngles] {
        let most = min(keep, 8, first.rank(holding: 1 - 1e-9) ?? 0, second.rank(holding: 1 - 1e-9) ?? 0)
        return try (1..<(most + 1)).map { rank in
            let angles = try PrincipalAngles().angles(
                first.directions.rows(Array(0..<rank)), second.directions.rows(Array(0..<rank))
            ).map { $0 * 180 / .pi }
            return RankAngles(rank: rank, largest: angles.max() ?? 0, mean: angles.mean)
        }
    }

    /// Every entry of the directions that are produced.
    private func entries(_ found: SpectrumResult) -> [(basis: String, number: Int, index: Int, value: Double)] {
        func kept(_ spectrum: Spectrum) -> [[Double]] {
            spectrum.values.indices.prefix(keep).filter { spectrum.values[$0] > 0 }.map(spectrum.directions.row)
        }
        let bases = [("difference", kept(found.spectrum)), ("mean", [found.moments.mean]), ("base", kept(found.base))]
        return bases.flatMap { basis, directions in
            directions.enumerated().flatMap { number, direction in
                direction.enumerated().map { (basis, number + 1, $0, $1) }
            }
        }
    }

    private func figure(_ found: SpectrumResult, _ table: Table) -> Figure {
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

/// What is found at one layer.
private struct SpectrumResult: Sendable {
    let site: Site
    let layer: Int
    let positions: Positions
    let moments: DifferenceMoments
    let spectrum, base: Spectrum
    let angles: [RankAngles]

    /// Of all components together.
    var energy: Double { spectrum.energies.reduce(0, +) }

    /// The share of the energy that lies along the mean difference.
    var meanShare: Double? {
        let mean = moments.mean
        let length = mean.reduce(0) { $0 + $1 * $1 }
        let whole = (0..<moments.width).reduce(0) { $0 + moments.gram[$1, $1] }
        guard length > 0, whole > 0 else { return nil }
        let along = zip(moments.gram.times(mean), mean).reduce(0) { $0 + $1.0 * $1.1 }
        return along / length / whole
    }
}

/// Angles in degrees between the first directions of two halves.
private struct RankAngles: Sendable {
    let rank: Int
    let largest, mean: Double
}
