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
            "how many of the first directions, one patch each: h + P_k Δ in both directions, and in the tuned model h + P_k (mean − h) and h − P_k h"
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

    /// The patches that have values of their own.
    private static let summarised:
        [(name: String, help: String, row: @Sendable (SubspaceSweep) -> SubspaceSweep.Row?)] = [
            ("full", "the base gets every direction from the tuned model", { $0.full(.tunedToBase) }),
            ("first", "the base gets the first direction from the tuned model", { $0.own.first }),
            ("necessity.full", "the tuned model gets every direction from the base", { $0.full(.baseToTuned) }),
            (
                "necessity.first", "the tuned model gets the first direction from the base",
                { $0.rows(.donated(.baseToTuned), .difference).first }
            ),
            (
                "averaged.first", "the tuned model has its mean along the first direction",
                { $0.rows(.averaged, .difference).first }
            ),
            ("removed.first", "the tuned model has nothing along the first direction", { $0.removed.first }),
        ]

    private static let values = OutputValues<(sweep: SubspaceSweep, pairs: Int)> {
        for (name, help, row) in summarised {
            Output(
                "\(name).recovery", "\(help): the change of the margin as a share of the gain",
                parts: { found in
                    row(found.sweep).map {
                        EstimateParts($0.byPair.margin, over: found.sweep.gain, prompts: found.sweep.clusters)
                    }
                }
            ) { row($0.sweep)?.statistics.recovery?.estimate }
            Output.ends("\(name).recovery.") { row($0.sweep)?.statistics.recovery }
            Output(
                "\(name).effect", "\(help): the mean change of the margin", unit: "nats",
                parts: { found in
                    row(found.sweep).map { EstimateParts($0.byPair.margin, prompts: found.sweep.clusters) }
                }
            ) { row($0.sweep)?.statistics.mean }
            Output.ends("\(name).") { row($0.sweep)?.statistics.interval }
            Output(
                "\(name).of_full", "\(help): the change of the margin as a share of what all directions change",
                parts: { found in
                    row(found.sweep).map {
                        EstimateParts($0.byPair.margin, over: $0.byPair.full, prompts: found.sweep.clusters)
                    }
                }
            ) { row($0.sweep)?.ofFull?.estimate }
            Output.ends("\(name).of_full.") { row($0.sweep)?.ofFull }
            Output(
                "\(name).kl", "\(help): the mean change of KL from the tuned model", unit: "nats",
                parts: { found in
                    row(found.sweep).map { EstimateParts($0.byPair.divergence, prompts: found.sweep.clusters) }
                }
            ) { row($0.sweep)?.divergence.mean }
            Output.ends("\(name).kl.") { row($0.sweep)?.divergence.interval }
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
        Output("pairs", "how many pairs were patched") { $0.pairs }
    }

    private static let table = OutputTable<SubspaceSweep.Row>("ranks") {
        Output("rank", "how many directions") { $0.rank }
        Output("basis", "`full` for all directions, else which ones: the difference's own or a baseline's") {
            $0.basis?.rawValue ?? "full"
        }
        Output(
            "direction",
            "whose activation goes into which model, or what the tuned model has along them: its mean (`averaged`) or nothing (`removed`)"
        ) {
            $0.kind.name
        }
        Output("recovery", "the effect as a share of the gain") { $0.statistics.recovery?.estimate }
        Output("energy", "the share of the difference's energy in these directions") { $0.energy }
        Output.ends(of: "recovery's 95 % interval, over prompts") { $0.statistics.recovery }
        Output("effect", "the mean effect", unit: "nats") { $0.statistics.mean }
        Output("of_full", "the effect as a share of what all directions do in the same recipient") {
            $0.ofFull?.estimate
        }
        Output.ends("of_full_", of: "95 % interval of that share, over prompts") { $0.ofFull }
        Output("kl", "the mean change of KL from the tuned model", unit: "nats") { $0.divergence.mean }
        Output.ends("kl_", of: "95 % interval of that change, over prompts") { $0.divergence.interval }
        Output("p", "p-value of no effect, by sign flips over prompts") { $0.statistics.p }
        Output("equivalence", "p-value of an effect beyond the negligible margin; small where the effect is negligible")
        { $0.statistics.equivalence }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        table
        Outputs(figures: ["recovery", "necessity", "averaging", "removal", "divergence"])
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
        if let note = FewPrompts.note(judged.map(\.cluster)) { outcome.notes.append(note) }
        return outcome
    }

    private func figures(_ sweep: SubspaceSweep, _ table: Table, _ given: SpectrumDirections) -> [Figure] {
        func series(
            _ name: String, _ role: Role, _ rows: [SubspaceSweep.Row],
            _ estimate: (SubspaceSweep.Row) -> (mean: Double, interval: Interval?)
        ) -> Series {
            Series(
                name, role: role,
                points: rows.map {
                    let (mean, interval) = estimate($0)
                    return Point(
                        x: Double($0.rank), y: mean, lower: interval?.lower, upper: interval?.upper,
                        label: "rank \($0.rank)")
                })
        }
        func byBasis(
            _ kind: SubspaceSweep.Kind, _ interval: (SubspaceSweep.Row) -> Interval?
        ) -> [Series] {
            bases.map { basis in
                series(basis.words, basis == .difference ? .effect : .control, sweep.rows(kind, basis)) { row in
                    let found = interval(row)
                    return (found?.estimate ?? .nan, found)
                }
            }
        }
        func figure(_ name: String, _ title: String, _ description: String, _ y: String, _ series: [Series]) -> Figure {
            Figure(
                name: name, title: title, description: description,
                chart: ranks.count > 3
                    ? LineChart(x: Axis("directions", isWhole: true), y: Axis(y, includesZero: true), series: series)
                    : sparse(series, y), data: table)
        }
        let energy = Series(
            "energy held", role: .second,
            points: sweep.own.map { Point(x: Double($0.rank), y: $0.energy, label: "rank \($0.rank)") })
        let shares = byBasis(.donated(.tunedToBase), \.ofFull)
        let gain = "share of the gain"
        func divergence(_ row: SubspaceSweep.Row) -> (mean: Double, interval: Interval?) {
            (row.divergence.mean, row.divergence.interval)
        }
        return [
            figure(
                "recovery", "Effect along the first directions, beside their energy (layer \(given.layer))",
                "What a patch along k directions changes of the margin, as a share of what all directions change, on pairs that did "
                    + "not choose them; and the share of the difference's energy that they hold. Where the two diverge, energy misleads.",
                "share of all directions", [shares[0], energy] + shares.dropFirst()),
            figure(
                "necessity", "What the tuned model loses when these directions are the base's",
                "The tuned model's activation gets the base's value along k directions; −1 is the whole gain lost.",
                gain,
                byBasis(.donated(.baseToTuned), \.statistics.recovery)),
            figure(
                "averaging", "What the tuned model loses when these directions have their mean",
                "The tuned model's activation has the same value along k directions at every position, its mean over the pairs that "
                    + "chose the directions; −1 is the whole gain lost.", gain,
                byBasis(.averaged, \.statistics.recovery)),
            figure(
                "removal", "Removing these directions from the tuned model altogether",
                "The tuned model's activation loses what it has along k directions, and nothing takes its place; "
                    + "−1 is the whole gain lost, and above 0 the margin rises.", gain,
                byBasis(.removed, \.statistics.recovery)),
            figure(
                "divergence", "How far from the tuned model's distribution each of these leads",
                "The mean KL from the tuned model over the responses' positions, for the difference's own directions: set to the "
                    + "base's value, to their mean, or removed. 0 is the tuned model.", "KL (nats)",
                [
                    series("the base's value", .effect, sweep.rows(.donated(.baseToTuned), .difference), divergence),
                    series("their mean", .second, sweep.rows(.averaged, .difference), divergence),
                    series("removed", .control, sweep.removed, divergence),
                ]),
        ]
    }

    /// For so few ranks that a line between them would show ranks that were not patched: one row for each.
    private func sparse(_ series: [Series], _ value: String) -> IntervalChart {
        IntervalChart(
            Categories(
                "directions", names: ranks.map { $0 == 1 ? "1 direction" : "\($0) directions" },
                series: series.map { series in
                    EstimateSeries(
                        series.label, role: series.role,
                        estimates: ranks.map { rank in
                            let point = series.points.first { $0.x == Double(rank) }
                            return Estimate(point?.y, lower: point?.lower, upper: point?.upper)
                        })
                }), value: Axis(value, includesZero: true))
    }
}

extension SubspaceSweep.Kind {
    /// As tables name it.
    fileprivate var name: String {
        switch self {
        case .donated(let direction): direction.rawValue
        case .averaged: "averaged"
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
