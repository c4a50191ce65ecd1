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
    static let positions = EngineOptions.positions(default: .response, help: "at which tokens, a row each")
    static let center = Option<Bool>.bool(
        "center", default: false,
        help: "take the mean difference out first; with it, the first direction is about the mean")
    static let keep = Option<Int>.int(
        "keep", in: 1...4096, default: 16,
        help: "how many directions are handed on to 'subspace', from the largest; no rank there can be above it")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.models
        Subjects.pairs
        site
        layer
        positions
        center
        keep
        EngineOptions.chooseOn
    }

    private let models: String
    private let pairs: String
    private let site: Site
    private let layer: Int
    private let positions: Positions
    private let isCentred: Bool
    private let keep: Int
    private let choosesOnAll: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        site = try arguments.value(Self.site)
        layer = try arguments.value(Self.layer)
        positions = try arguments.value(Self.positions)
        isCentred = try arguments.value(Self.center)
        keep = try arguments.value(Self.keep)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn) == "all"
    }

    private static let values = [
        "participation_ratio", "stable_rank", "energy.50", "energy.90", "energy.99", "mean.share", "rows", "width",
        "layer", "site", "positions", "replication.angle", "replication.rank",
    ]
    private static let tables = [
        "values": ["component", "value", "energy", "cumulative", "base_cumulative"],
        "directions": ["direction", "basis", "index", "value"],
        "angles": ["rank", "largest", "mean"],
    ]

    /// What the block will hand on.
    public var outputs: Outputs { Outputs(values: Self.values, tables: Self.tables) }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.subjects(models: models, pairs: pairs)
        guard layer < subjects.models.layers else {
            throw CommandError(
                "option 'layer' is \(layer), but the models have layers 0 to \(subjects.models.layers - 1)")
        }
        let halves = choosesOnAll ? Halves(all: subjects.pairs.count) : subjects.halves
        let fit = try read(halves.fit.map { subjects.pairs[$0] }, subjects.models, bindings, "pairs to choose on")
        let other = try read(halves.confirm.map { subjects.pairs[$0] }, subjects.models, bindings, "pairs to compare")
        let spectrum = try fit.spectrum(isCentred: isCentred)
        let base = try fit.baseSpectrum()
        let angles = try replication(spectrum, try other.spectrum(isCentred: isCentred))
        var outcome = Outcome()
        outcome.set("participation_ratio", .optional(spectrum.participationRatio))
        outcome.set("stable_rank", .optional(spectrum.stableRank))
        for share in [50, 90, 99] {
            let rank = spectrum.rank(holding: Double(share) / 100)
            outcome.set("energy.\(share)", rank.map { .int($0) } ?? .null)
        }
        outcome.set("mean.share", .optional(Self.meanShare(fit)))
        outcome.set("rows", .int(fit.count))
        outcome.set("width", .int(fit.width))
        outcome.set("layer", .int(layer))
        outcome.set("site", .string(site.rawValue))
        outcome.set("positions", .string(positions.name))
        outcome.set("replication.angle", .optional(angles.first.map { $0.largest }))
        outcome.set("replication.rank", .int(angles.last { $0.largest < 45 }?.rank ?? 0))
        addTables(spectrum, base, fit.mean, angles, to: &outcome)
        outcome.figures = [figure(spectrum, base, outcome)]
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

    /// The share of the energy that lies along the mean difference.
    private static func meanShare(_ moments: DifferenceMoments) -> Double? {
        let mean = moments.mean
        let length = mean.reduce(0) { $0 + $1 * $1 }
        let whole = (0..<moments.width).reduce(0) { $0 + moments.gram[$1, $1] }
        guard length > 0, whole > 0 else { return nil }
        let along = zip(moments.gram.times(mean), mean).reduce(0) { $0 + $1.0 * $1.1 }
        return along / length / whole
    }

    /// Angles in degrees between the top directions of both halves, rank by rank.
    private func replication(
        _ first: Spectrum, _ second: Spectrum
    ) throws -> [(rank: Int, largest: Double, mean: Double)] {
        let most = min(keep, 8, first.rank(holding: 1 - 1e-9) ?? 0, second.rank(holding: 1 - 1e-9) ?? 0)
        return try (1..<(most + 1)).map { rank in
            let angles = try PrincipalAngles().angles(
                first.directions.rows(Array(0..<rank)), second.directions.rows(Array(0..<rank))
            ).map { $0 * 180 / .pi }
            return (rank, angles.max() ?? 0, angles.mean)
        }
    }

    private func addTables(
        _ spectrum: Spectrum, _ base: Spectrum, _ mean: [Double],
        _ angles: [(rank: Int, largest: Double, mean: Double)],
        to outcome: inout Outcome
    ) {
        let (whole, cumulative) = (spectrum.energies.reduce(0, +), spectrum.cumulativeEnergy)
        let baseCumulative = base.cumulativeEnergy
        outcome.add(
            "values",
            Table(
                columns: Self.tables["values"] ?? [],
                rows: spectrum.values.indices.map { index in
                    [
                        .int(index + 1), .number(spectrum.values[index]),
                        .optional(whole > 0 ? spectrum.energies[index] / whole : nil), .optional(cumulative[index]),
                        .optional(baseCumulative[index]),
                    ]
                }))
        func rows(_ basis: String, _ directions: [[Double]]) -> [[Scalar]] {
            directions.enumerated().flatMap { number, direction in
                direction.enumerated().map { [.int(number + 1), .string(basis), .int($0), .number($1)] as [Scalar] }
            }
        }
        let kept = spectrum.values.indices.prefix(keep).filter { spectrum.values[$0] > 0 }
        let baseKept = base.values.indices.prefix(keep).filter { base.values[$0] > 0 }
        outcome.add(
            "directions",
            Table(
                columns: Self.tables["directions"] ?? [],
                rows: rows("difference", kept.map(spectrum.directions.row)) + rows("mean", [mean])
                    + rows("base", baseKept.map(base.directions.row))))
        outcome.add(
            "angles",
            Table(
                columns: Self.tables["angles"] ?? [],
                rows: angles.map { [.int($0.rank), .number($0.largest), .number($0.mean)] }))
    }

    private func figure(_ spectrum: Spectrum, _ base: Spectrum, _ outcome: Outcome) -> Figure {
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
            data: outcome.table("values") ?? Table(columns: []))
    }
}
