import Experiments
import Interventions
import Markdown
import Notebooks
import Statistics
import Values

/// `{lineage}`: more than two models in a row, and what every transition did.
public struct LineageCommand: Command {
    /// The name in the fence.
    public static let name = "lineage"
    /// One line of help.
    public static let summary =
        "Takes a gain apart by the stages of training, such as base to SFT to DPO: steps, interaction and shares of each."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let stages = Option.texts(
        "stages", type: "a list of two or more ids of {models} blocks above", atLeast: 2,
        help: "the transitions in their order: the tuned model of each block is the base of the next")
    private static let pairs = Option<String>.block("pairs", of: ["pairs"], help: "the preference pairs")
    static let orders = Option<Int>.int(
        "orders", in: 2...1000, default: 4,
        help: "for Shapley shares: how many orders of the layers; every second one is the reverse of the one before")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        stages
        pairs
        orders
        EngineOptions.chooseOn
        EngineOptions.negligible
    }

    private let stages: [String]
    private let pairs: String
    private let orders: Int
    private let choosesOnAll: Bool
    private let negligible: Double

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        stages = try arguments.value(Self.stages)
        pairs = try arguments.value(Self.pairs)
        orders = try arguments.value(Self.orders)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn)
        negligible = try arguments.value(EngineOptions.negligible)
        var problems = ArgumentProblems()
        let models = stages.map { arguments.command($0) as? ModelsCommand }
        for (id, models) in zip(stages, models) where models == nil {
            problems.add("stages", "no {models} block above has the id '\(id)'")
        }
        for (place, (before, after)) in zip(models, models.dropFirst()).enumerated() {
            guard let before, let after, !before.leads(to: after) else { continue }
            problems.add(
                "stages",
                "the tuned model of '\(stages[place])' is not the base of '\(stages[place + 1])', so they are not in a row"
            )
        }
        if !orders.isMultiple(of: 2) {
            problems.add("orders", "orders come in twos, each with its reverse, and \(orders) is odd")
        }
        try problems.throwIfAny()
    }

    /// The `{models}` blocks.
    public var references: [String] { stages }

    private static let values = OutputValues<Lineage> {
        Output("count", "how many transitions") { $0.transitions.count }
        Output.mean("gain.mean", "the last model's mean margin minus the first's", unit: "nats") { $0.whole }
        Output("largest.stage", "the transition with the largest gain in size") { $0.largest?.name }
        Output("largest.gain", "its gain", unit: "nats") { $0.largest?.gain?.mean }
        Output.ends("largest.gain.") { $0.largest?.gain?.interval }
        Output("largest.share", "its share of the whole gain") { $0.largest?.gain?.recovery?.estimate }
        Output.ends("largest.share.") { $0.largest?.gain?.recovery }
    }

    private static let transitionTable = OutputTable<Lineage.Transition>("transitions") {
        Output("stage", "the transition, by the id of its {models} block") { $0.name }
        Output("before", "the mean margin before it", unit: "nats") { $0.hybrids.measures.base.mean }
        Output("after", "the mean margin after it", unit: "nats") { $0.hybrids.measures.tuned.mean }
        Output("gain", "after minus before", unit: "nats") { $0.gain?.mean }
        Output.ends { $0.gain?.interval }
        Output("share", "the gain as a share of the whole gain") { $0.gain?.recovery?.estimate }
        Output.ends("share_", of: "share's interval") { $0.gain?.recovery }
        Output("p", "p-value of no gain, corrected over all transitions (max-T)") { $0.gain?.p }
        Output("interaction_layer", "the layer of its largest interaction") { $0.interaction?.place.layer }
        Output("interaction_share", "that interaction as a share of the transition's own gain") {
            $0.interaction?.interaction?.recovery?.estimate
        }
    }

    private static let layerTable = OutputTable<StageLayer>("layers") {
        Output("stage", "the transition, by the id of its {models} block") { $0.transition.name }
        Output.layer { $0.row.place.layer }
        Output("increment", "what the layer adds to the cumulative effect", unit: "nats") { $0.row.increment?.mean }
        Output.ends("increment_", of: "increment's interval") { $0.row.increment?.interval }
        Output("increment_p", "p-value of no increment, corrected over the transition's layers (max-T)") {
            $0.row.increment?.p
        }
        Output("interaction", "m(T) + m(B) − C(l) − N(l) of the transition", unit: "nats") { $0.row.interaction?.mean }
        Output("interaction_share", "the interaction as a share of the transition's own gain") {
            $0.row.interaction?.recovery?.estimate
        }
        Output("shapley", "what the layer adds, averaged over orders", unit: "nats") { $0.share?.effect }
        Output.ends("shapley_", of: "Shapley share's interval") { $0.share?.statistics.interval }
        Output("order_error", "the standard error that sampled orders bring") { $0.share?.cell.orderError }
    }

    /// All outputs.
    public static var outputs: Outputs {
        values
        transitionTable
        layerTable
        Outputs(figures: LineageFigures.names)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        var steps: [(name: String, models: ModelPair)] = []
        var loaded: LoadedSubjects?
        for stage in stages {
            let subjects = try bindings.load(Subjects(models: stage, pairs: pairs))
            steps.append((stage, subjects.models))
            loaded = subjects
        }
        guard let loaded else { preconditionFailure("a lineage without stages") }
        let found = try Lineage(
            steps, loaded.pairs, orders: orders,
            halves: choosesOnAll ? Halves(all: loaded.pairs.count) : loaded.halves, negligible: negligible, in: bindings
        )
        var outcome = Outcome()
        outcome.set(Self.values, of: found)
        let transitions = outcome.add(Self.transitionTable, found.transitions)
        let layers = outcome.add(
            Self.layerTable,
            found.transitions.flatMap { transition in
                transition.rows.map { StageLayer(transition: transition, row: $0) }
            })
        outcome.figures = LineageFigures(found: found, transitions: transitions, layers: layers).all
        outcome.checks = [
            Check(
                name: "The model after each transition is the model before the next (largest difference of a margin)",
                found: found.seam, tolerance: 0, unit: "nats"),
            Check(
                name: "The transitions' gains sum to the gain of the whole", found: found.missing, tolerance: 1e-9,
                unit: "nats"),
        ]
        return outcome
    }
}

extension Lineage {
    /// The transition with the largest gain in size.
    fileprivate var largest: Transition? { transitions.largest { $0.gain?.mean ?? 0 } }
}

extension Lineage.Transition {
    /// Its layers.
    var rows: [PatchEffects.Row] { hybrids.rows(.tunedToBase, .none) }

    /// The Shapley share of a layer.
    func share(ofLayer layer: Int) -> PatchEffects.Row? {
        shares.rows(.tunedToBase, .none).first { $0.place.layer == layer }
    }

    /// Where its earlier and later layers interact most.
    fileprivate var interaction: PatchEffects.Row? {
        rows.filter { $0.interaction != nil }.largest { $0.interaction?.mean ?? 0 }
    }
}

/// One layer of one transition.
private struct StageLayer: Sendable {
    let transition: Lineage.Transition
    let row: PatchEffects.Row

    var share: PatchEffects.Row? { transition.share(ofLayer: row.place.layer) }
}
