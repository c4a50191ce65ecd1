import Charts
import Interventions
import Notebooks
import Numerics
import Statistics
import Transformers
import Values

/// `{subspace}`: what patching along few directions does, beside how much of the difference they hold.
public struct SubspaceCommand: Command {
    /// The name in the fence.
    public static let name = "subspace"
    /// One line of help.
    public static let summary =
        "Patches along the first directions of a spectrum, on pairs that did not choose them, with baselines."

    static let spectrum = Option<String>.block(
        "spectrum", of: ["spectrum"],
        help: "where the directions come from; its site, layer and positions are the patch's")
    static let models = Option<String?>.block(
        "models", of: ["models"], default: .nearest, help: "the model pair; must be the spectrum's")
    static let pairs = Option<String?>.block(
        "pairs", of: ["pairs"], default: .nearest,
        help: "the preference pairs; those that chose the directions are left out")
    static let ranks = Option<IntegerSet>.integers(
        "ranks", default: .some([1, 2, 4, 8]),
        help:
            "how many of the first directions, one patch each: h + P_k Δ in both directions, and h − P_k h in the tuned model"
    )
    static let baselines = Option<[String]>.choices(
        "baselines", SubspaceBasis.baselines.map(\.rawValue), default: SubspaceBasis.baselines.map(\.rawValue),
        help: "what the directions are compared with: the mean difference, the base's own top directions, random ones, "
            + "random ones inside the span of those kept")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        spectrum
        ranks
        baselines
        models
        pairs
        EngineOptions.negligible
    }

    private let spectrum: String
    private let models: String
    private let pairs: String
    private let ranks: [Int]
    private let bases: [SubspaceBasis]
    private let negligible: Double

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        spectrum = try arguments.value(Self.spectrum)
        guard let models = try arguments.value(Self.models), let pairs = try arguments.value(Self.pairs) else {
            throw ArgumentError(option: "models", "block {subspace} needs a 'models' and a 'pairs' block above it")
        }
        self.models = models
        self.pairs = pairs
        guard case .some(let ranks) = try arguments.value(Self.ranks), !ranks.contains(0) else {
            throw ArgumentError(
                option: "ranks", "'ranks' takes numbers of directions from 1 on, such as [1, 2, 4]",
                at: arguments.location(of: "ranks"))
        }
        self.ranks = ranks
        let named = try arguments.value(Self.baselines)
        bases = [.difference] + SubspaceBasis.baselines.filter { named.contains($0.rawValue) }
        negligible = try arguments.value(EngineOptions.negligible)
    }

    static let columns = [
        "rank", "basis", "direction", "recovery", "energy", "lower", "upper", "effect", "p", "equivalence",
    ]

    /// What the block will hand on.
    public var outputs: Outputs {
        Outputs(
            values: [
                "full.recovery", "full.effect", "first.recovery", "first.energy", "rank.90", "random.recovery",
                "removed.recovery", "removed.first.recovery", "removed.first.recovery.lower",
                "removed.first.recovery.upper", "pairs",
            ], tables: ["ranks": Self.columns])
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let source = bindings.result(spectrum)
        for (option, id) in [("models", models), ("pairs", pairs)] {
            guard case .scalar(.string(let its))? = source.option(option), its != id else { continue }
            throw CommandError(
                "the spectrum '\(spectrum)' is of '\(its)', and this block would take '\(id)'; set '\(option): \(its)'")
        }
        let subjects = try bindings.subjects(models: models, pairs: pairs)
        let judged = subjects.halves.confirm.map { subjects.pairs[$0] }
        let given = try SpectrumDirections(source.outcome)
        if let rank = ranks.first(where: { $0 > given.width }) {
            throw CommandError("rank \(rank) is more than the \(given.width) dimensions there are")
        }
        if let rank = ranks.last, rank > given.difference.count, given.difference.count < given.width {
            throw CommandError(
                "rank \(rank) is more than the \(given.difference.count) directions that '\(spectrum)' handed on; "
                    + "raise its option 'keep', or lower 'ranks'")
        }
        let plan = SubspacePlan(
            given, ranks: ranks, bases: bases, layers: subjects.models.layers, seed: bindings.seed)
        let margins = try bindings.margins(of: plan.routes, in: subjects.models, over: judged)
        let moments = try DifferenceReader(subjects.models, threads: bindings.resources.threads).moments(
            site: given.site, layer: given.layer, positions: given.positions, over: judged, name: "energy",
            unit: "pairs for the energy", bindings)
        let found = plan.rows(
            margins, moments,
            EffectStatistics(
                clusters: judged.map(\.cluster), negligible: negligible, seed: bindings.seed))
        var outcome = Outcome()
        let donated = found.filter { $0.direction == Direction.tunedToBase.rawValue }
        let full = donated.first { $0.basis == "full" }?.statistics
        let own = donated.filter { $0.basis == SubspaceBasis.difference.rawValue }
        outcome.set("full.recovery", .optional(full?.recovery?.estimate))
        outcome.set("full.effect", .optional(full?.mean))
        outcome.set("first.recovery", .optional(own.first?.statistics.recovery?.estimate))
        outcome.set("first.energy", .optional(own.first?.energy))
        let enough = own.first { $0.statistics.mean >= 0.9 * (full?.mean ?? .infinity) && (full?.mean ?? 0) > 0 }
        outcome.set("rank.90", enough.map { .int($0.rank) } ?? .null)
        let random = PatchEffects.largest(donated.filter { $0.basis == SubspaceBasis.random.rawValue }) {
            $0.statistics.mean
        }
        outcome.set("random.recovery", .optional(random?.statistics.recovery?.estimate))
        let removed = found.filter { $0.direction == "removed" && $0.basis == SubspaceBasis.difference.rawValue }
            .map(\.statistics.recovery)
        outcome.set("removed.recovery", .optional(removed.last??.estimate))
        outcome.set("removed.first.recovery", .optional(removed.first??.estimate))
        outcome.set("removed.first.recovery.lower", .optional(removed.first??.lower))
        outcome.set("removed.first.recovery.upper", .optional(removed.first??.upper))
        outcome.set("pairs", .int(judged.count))
        let table = Table(columns: Self.columns, rows: found.map(\.scalars))
        outcome.add("ranks", table)
        outcome.figures = figures(found, table, given)
        if let note = subjects.halves.note("The directions were") { outcome.notes.append(note) }
        return outcome
    }

    private func figures(_ found: [SubspacePlan.Row], _ table: Table, _ given: SpectrumDirections) -> [Figure] {
        func series(_ direction: String) -> [Series] {
            bases.map { basis in
                let rows = found.filter { $0.direction == direction && $0.basis == basis.rawValue }
                return Series(
                    basis.words, role: basis == .difference ? .effect : .control,
                    points: rows.map {
                        Point(
                            x: Double($0.rank), y: $0.statistics.recovery?.estimate ?? .nan,
                            lower: $0.statistics.recovery?.lower, upper: $0.statistics.recovery?.upper,
                            label: "rank \($0.rank)")
                    })
            }
        }
        let energy = Series(
            "energy held", role: .second,
            points: found.filter {
                $0.direction == Direction.tunedToBase.rawValue && $0.basis == SubspaceBasis.difference.rawValue
            }.map { Point(x: Double($0.rank), y: $0.energy ?? .nan, label: "rank \($0.rank)") })
        let full = found.first { $0.basis == "full" && $0.direction == Direction.tunedToBase.rawValue }
        return [
            Figure(
                name: "recovery",
                title: "Recovery along the first directions, beside their energy (layer \(given.layer))",
                description:
                    "The share of the gain that a patch along k directions brings, on pairs that did not choose them, and the "
                    + "share of the difference's energy that they hold. Where the two part, energy misleads.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share", includesZero: true),
                    series: [series(Direction.tunedToBase.rawValue)[0], energy]
                        + series(Direction.tunedToBase.rawValue).dropFirst(),
                    references: full?.statistics.recovery.map {
                        [LineChart.Reference($0.estimate, label: "all directions")]
                    } ?? []),
                data: table),
            Figure(
                name: "necessity", title: "What is lost when the tuned model goes without these directions",
                description:
                    "The tuned model's activation gives way to the base's along k directions; −1 is the whole gain lost.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share of the gain", includesZero: true),
                    series: series(Direction.baseToTuned.rawValue)), data: table),
            Figure(
                name: "removal", title: "Removing these directions from the tuned model altogether",
                description:
                    "The tuned model's activation loses what it has along k directions, and the base gives nothing in their place; "
                    + "−1 is the whole gain lost, and above 0 the margin rises.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share of the gain", includesZero: true),
                    series: series("removed")), data: table),
        ]
    }
}

/// Which directions a patch of few directions is along.
enum SubspaceBasis: String, CaseIterable, Sendable {
    case difference, mean, base, random, span

    static let baselines: [SubspaceBasis] = [.mean, .base, .random, .span]

    var words: String {
        switch self {
        case .difference: "top of the difference"
        case .mean: "mean difference"
        case .base: "top of the base"
        case .random: "random"
        case .span: "random inside the span"
        }
    }
}
