import Charts
import Experiments
import Interventions
import Notebooks
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
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

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

    private static let values = OutputValues<(sweep: SubspaceSweep, pairs: Int)> {
        Output("full.recovery", "recovery of the patch with every direction") { $0.sweep.full?.recovery?.estimate }
        Output("full.effect", "effect of the patch with every direction", unit: "nats") { $0.sweep.full?.mean }
        Output("first.recovery", "recovery of the first direction alone") {
            $0.sweep.own.first?.statistics.recovery?.estimate
        }
        Output("first.energy", "share of the difference's energy along the first direction") {
            $0.sweep.own.first?.energy
        }
        Output("rank.90", "the smallest rank that recovers 90 % of what the full patch does") { $0.sweep.enough?.rank }
        Output("random.recovery", "the largest recovery of random directions") {
            $0.sweep.random?.statistics.recovery?.estimate
        }
        Output(
            "removed.recovery",
            "effect of removing the directions from the tuned model, as a share of the gain; −1 loses all of it"
        ) {
            $0.sweep.removed.last?.statistics.recovery?.estimate
        }
        Output("removed.first.recovery", "the same for the first direction alone") {
            $0.sweep.removed.first?.statistics.recovery?.estimate
        }
        Output.ends("removed.first.recovery.") { $0.sweep.removed.first?.statistics.recovery }
        Output("pairs", "how many pairs were patched") { $0.pairs }
    }

    private static let table = OutputTable<SubspaceSweep.Row>("ranks") {
        Output("rank", "how many directions") { $0.rank }
        Output("basis", "`full` for all directions, else which ones: the difference's own or a baseline's") {
            $0.basis?.rawValue ?? "full"
        }
        Output("direction", "whose activation goes into which model, or `removed` from the tuned model") {
            $0.kind.name
        }
        Output("recovery", "the effect as a share of the gain") { $0.statistics.recovery?.estimate }
        Output("energy", "the share of the difference's energy in these directions") { $0.energy }
        Output.ends(of: "recovery's 95 % interval, over prompts") { $0.statistics.recovery }
        Output("effect", "the mean effect", unit: "nats") { $0.statistics.mean }
        Output("p", "p-value of no effect, by sign flips over prompts") { $0.statistics.p }
        Output("equivalence", "p-value of an effect beyond the negligible margin; small where the effect is negligible")
        { $0.statistics.equivalence }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
        Outputs(figures: ["recovery", "necessity", "removal"])
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
        let judged = subjects.pairs.at(subjects.halves.confirm)
        let given = try SpectrumDirections(source.outcome)
        let sweep = try SubspaceSweep(
            subjects.models, judged, along: given, ranks: ranks, bases: bases, negligible: negligible, in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: (sweep, judged.count))
        let table = outcome.add(Self.table, sweep.rows)
        outcome.figures = figures(sweep, table, given)
        if let note = subjects.halves.note("The directions were") { outcome.notes.append(note) }
        return outcome
    }

    private func figures(_ sweep: SubspaceSweep, _ table: Table, _ given: SpectrumDirections) -> [Figure] {
        func series(_ kind: SubspaceSweep.Kind) -> [Series] {
            bases.map { basis in
                Series(
                    basis.words, role: basis == .difference ? .effect : .control,
                    points: sweep.rows(kind, basis).map {
                        Point(
                            x: Double($0.rank), y: $0.statistics.recovery?.estimate ?? .nan,
                            lower: $0.statistics.recovery?.lower, upper: $0.statistics.recovery?.upper,
                            label: "rank \($0.rank)")
                    })
            }
        }
        let energy = Series(
            "energy held", role: .second,
            points: sweep.own.map { Point(x: Double($0.rank), y: $0.energy, label: "rank \($0.rank)") })
        return [
            Figure(
                name: "recovery",
                title: "Recovery along the first directions, beside their energy (layer \(given.layer))",
                description:
                    "The share of the gain that a patch along k directions brings, on pairs that did not choose them, and the "
                    + "share of the difference's energy that they hold. Where the two part, energy misleads.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share", includesZero: true),
                    series: [series(.donated(.tunedToBase))[0], energy]
                        + series(.donated(.tunedToBase)).dropFirst(),
                    references: sweep.full?.recovery.map {
                        [LineChart.Reference($0.estimate, label: "all directions")]
                    } ?? []),
                data: table),
            Figure(
                name: "necessity", title: "What is lost when the tuned model goes without these directions",
                description:
                    "The tuned model's activation gives way to the base's along k directions; −1 is the whole gain lost.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share of the gain", includesZero: true),
                    series: series(.donated(.baseToTuned))), data: table),
            Figure(
                name: "removal", title: "Removing these directions from the tuned model altogether",
                description:
                    "The tuned model's activation loses what it has along k directions, and the base gives nothing in their place; "
                    + "−1 is the whole gain lost, and above 0 the margin rises.",
                chart: LineChart(
                    x: Axis("directions", isWhole: true), y: Axis("share of the gain", includesZero: true),
                    series: series(.removed)), data: table),
        ]
    }
}

extension SubspaceSweep.Kind {
    /// As tables name it.
    fileprivate var name: String {
        switch self {
        case .donated(let direction): direction.rawValue
        case .removed: "removed"
        }
    }
}

extension SubspaceBasis {
    fileprivate var words: String {
        switch self {
        case .difference: "top of the difference"
        case .mean: "mean difference"
        case .base: "top of the base"
        case .random: "random"
        case .span: "random inside the span"
        }
    }
}
