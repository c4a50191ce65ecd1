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
    static let baselines = Option<[SubspaceBasis]>.choices(
        "baselines", SubspaceBasis.baselines, default: SubspaceBasis.baselines,
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
        bases = [.difference] + SubspaceBasis.baselines.filter(named.contains)
        negligible = try arguments.value(EngineOptions.negligible)
    }

    private static let values = OutputValues<Summary> {
        Output("full.recovery", "recovery of the patch with every direction") { $0.full?.recovery?.estimate }
        Output("full.effect", "effect of the patch with every direction", unit: "nats") { $0.full?.mean }
        Output("first.recovery", "recovery of the first direction alone") {
            $0.own.first?.statistics.recovery?.estimate
        }
        Output("first.energy", "share of the difference's energy along the first direction") { $0.own.first?.energy }
        Output("rank.90", "the smallest rank that recovers 90 % of what the full patch does") { $0.enough?.rank }
        Output("random.recovery", "the largest recovery of random directions") {
            $0.random?.statistics.recovery?.estimate
        }
        Output("removed.recovery", "recovery left when the directions are removed from the tuned model") {
            $0.removed.last?.statistics.recovery?.estimate
        }
        Output("removed.first.recovery", "recovery left when the first direction is removed") {
            $0.removed.first?.statistics.recovery?.estimate
        }
        Output.ends("removed.first.recovery.") { $0.removed.first?.statistics.recovery }
        Output("pairs", "how many pairs were patched") { $0.pairs }
    }

    private static let table = OutputTable<SubspacePlan.Row>("ranks") {
        Output("rank", "how many directions") { $0.rank }
        Output("basis", "which directions: the top of the difference, or a baseline's") { $0.basis }
        Output("direction", "base into tuned, or tuned into base; or removed from the tuned model") { $0.direction }
        Output("recovery", "the share of the gain that the patch brings back") { $0.statistics.recovery?.estimate }
        Output("energy", "the share of the difference's energy in these directions") { $0.energy }
        Output.ends(of: "recovery's 95 % interval, over prompts") { $0.statistics.recovery }
        Output("effect", "the mean effect", unit: "nats") { $0.statistics.mean }
        Output("p", "p-value of no effect, by sign flips over prompts") { $0.statistics.p }
        Output("equivalence", "p-value of an effect beyond the negligible margin") { $0.statistics.equivalence }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let source = bindings.result(spectrum)
        for (option, id) in [("models", models), ("pairs", pairs)] {
            guard case .scalar(.string(let its))? = source.option(option), its != id else { continue }
            throw CommandError(
                "the spectrum '\(spectrum)' is of '\(its)', and this block would take '\(id)'; set '\(option): \(its)'")
        }
        let subjects = try bindings.load(Subjects(models: models, pairs: pairs))
        let judged = subjects.halves.confirm.map { subjects.pairs[$0] }
        let given = try SpectrumDirections(source.outcome)
        if let rank = ranks.first(where: { $0 > given.width }) {
            throw CommandError("rank \(rank) is more than the \(given.width) dimensions there are")
        }
        if let rank = ranks.last, rank > given.difference.count, given.difference.count < given.width {
            throw CommandError(
                "rank \(rank) is more than the \(given.difference.count) directions that '\(spectrum)' produced; "
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
        outcome.set(Self.values, of: Summary(found, pairs: judged.count))
        let table = outcome.add(Self.table, found)
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

/// What is said of all patches together.
private struct Summary: Sendable {
    /// The patch of all directions, tuned into base.
    let full: EffectStatistics.Row?
    /// The difference's own directions tuned into base, by rank.
    let own: [SubspacePlan.Row]
    /// The same, removed from the tuned model.
    let removed: [SubspacePlan.Row]
    /// Random directions with the largest effect.
    let random: SubspacePlan.Row?
    let pairs: Int

    init(_ found: [SubspacePlan.Row], pairs: Int) {
        let donated = found.filter { $0.direction == Direction.tunedToBase.rawValue }
        full = donated.first { $0.basis == "full" }?.statistics
        own = donated.filter { $0.basis == SubspaceBasis.difference.rawValue }
        removed = found.filter { $0.direction == "removed" && $0.basis == SubspaceBasis.difference.rawValue }
        random = PatchEffects.largest(donated.filter { $0.basis == SubspaceBasis.random.rawValue }) {
            $0.statistics.mean
        }
        self.pairs = pairs
    }

    /// The smallest rank that does nine tenths of what the full patch does.
    var enough: SubspacePlan.Row? {
        guard let whole = full?.mean, whole > 0 else { return nil }
        return own.first { $0.statistics.mean >= 0.9 * whole }
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
