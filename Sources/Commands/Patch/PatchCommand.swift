import Interventions
import Notebooks
import Transformers

/// `{patch}`: the donor's activation, or its blocks, in the recipient's run, layer by layer, with controls.
public struct PatchCommand: Command {
    /// The name in the fence.
    public static let name = "patch"
    /// One line of help.
    public static let summary =
        "Patches activations or blocks layer by layer between the two models, with controls and intervals."

    static let site = EngineOptions.site("which activation is patched, for the estimand 'patch'")
    static let positions = EngineOptions.positionsList(
        help: "at which tokens; a list gives one patch for each of its items")
    static let layers = Option<IntegerSet>.integers("layers", help: "in which layers, counted from 0")
    static let heads = Option.mapping(
        "heads", [("together", false), ("each", true)], default: "together",
        help: "at a site that has heads ('z', 'q', 'k', 'v'), patch them together or each by itself")
    static let direction = Option.mapping(
        "direction", Direction.allCases.map { ($0.rawValue, [$0]) } + [("both", Direction.allCases)], default: "both",
        help: "donor tuned and recipient base (sufficiency), the other way round (necessity), or both")
    static let estimand = Option.choice(
        "estimand", Estimand.self, default: .patch,
        help: "'patch' replaces an activation; 'swap' one block's weights; 'leave_one_out' all but one block's; "
            + "'shapley' averages what a layer adds over orders of the layers")
    static let controls = Option<[Control]>.choices(
        "controls", availableControls, default: defaultControls,
        help: "what the patch is compared with: the recipient's own activation (self), another pair's (shuffled), "
            + "the other response's (exchanged), a neutral text's (neutral), a random direction (random), one drawn where activations vary (covariance), "
            + "the difference of two of the base's own activations (base_difference), the patch's own difference with its sign changed (flipped); the same patch over pairs of like length (length_matched)"
    )
    static let rank = Option.int(
        "rank", in: 1...,
        help:
            "patch along this many directions only; they are found on the fit pairs, and the confirm pairs are patched"
    ).optional
    static let basis = Option.choice(
        "basis", PatchBasis.self, default: .difference,
        help:
            "with 'rank': the top directions of the difference, its mean, the base's own top directions, or random ones"
    )
    static let neutral = Option<String>.string(
        "neutral", default: neutralText,
        help: "the text of the control 'neutral'; it is repeated until it is as long as the longest pair")
    private static let neutralText =
        "The train leaves the station at a quarter past nine. It stops at two small towns by the river, and then it goes on "
        + "to the coast. The journey takes about an hour."
    static let orders = Option<Int>.int(
        "orders", in: 2...1000, default: 8,
        help: "for 'shapley': how many orders of the layers; every second one is the reverse of the one before")

    static let sets = Option<Int>.int(
        "sets", in: 0...200, default: 0,
        help:
            "for 'swap' and 'shapley': run the best k layers at once for every k, beside that number of random sets of each size and the "
            + "layers by ‖ΔW‖; 0 runs none")

    private static let availableControls = Control.allCases.filter { $0 != .none }
    private static let defaultControls: [Control] = [.itself, .shuffled, .random]

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        layers
        heads
        direction
        estimand
        controls
        neutral
        rank
        basis
        orders
        sets
        Metric.option
        EngineOptions.chooseOn
        EngineOptions.negligible
    }

    let subjects: Subjects
    private let choosesOnAll: Bool
    private let negligible: Double
    private let request: PatchRequest

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn)
        negligible = try arguments.value(EngineOptions.negligible)
        let estimand = try arguments.value(Self.estimand)
        let site = try arguments.value(Self.site)
        let named = try arguments.value(Self.controls)
        let rank = try arguments.value(Self.rank)
        if estimand != .patch {
            for option in ["site", "positions", "heads", "rank", "basis"] where arguments.isGiven(option) {
                throw ArgumentError(
                    option: option,
                    "option '\(option)' says how an activation is patched, and '\(estimand.rawValue)' patches none",
                    at: arguments.location(of: option), help: "leave it out, or set 'estimand: patch'")
            }
            if arguments.isGiven("controls"), let control = named.first(where: \.isRun) {
                throw ArgumentError(
                    option: "controls",
                    "control '\(control.rawValue)' stands in for an activation, and '\(estimand.rawValue)' patches none",
                    at: arguments.location(of: "controls"), help: "only 'length_matched' goes with it")
            }
        }
        if estimand != .shapley, arguments.isGiven("orders") {
            throw ArgumentError(
                option: "orders", "option 'orders' belongs to 'estimand: shapley'", at: arguments.location(of: "orders")
            )
        }
        let neutral = try arguments.value(Self.neutral)
        if arguments.isGiven("neutral"), !named.contains(.neutral) {
            throw ArgumentError(
                option: "neutral",
                "option 'neutral' is the text of the control 'neutral', which is not among the controls",
                at: arguments.location(of: "neutral"), help: "add it, as in 'controls: [self, neutral]'")
        }
        guard neutral.contains(where: { !$0.isWhitespace }) else {
            throw ArgumentError(
                option: "neutral", "option 'neutral' is a text without a word", at: arguments.location(of: "neutral"))
        }
        let sets = try arguments.value(Self.sets)
        if sets > 0, estimand != .swap, estimand != .shapley {
            throw ArgumentError(
                option: "sets",
                "option 'sets' runs sets of whole blocks, and '\(estimand.rawValue)' has no such order of layers",
                at: arguments.location(of: "sets"), help: "it goes with 'estimand: swap' and 'estimand: shapley'")
        }
        if rank == nil, arguments.isGiven("basis") {
            throw ArgumentError(
                option: "basis", "option 'basis' says which directions 'rank' keeps to, and no rank is given",
                at: arguments.location(of: "basis"), help: "give a rank, such as 'rank: 4'")
        }
        let orders = try arguments.value(Self.orders)
        guard orders.isMultiple(of: 2) else {
            throw ArgumentError(
                option: "orders", "orders come in twos, each with its reverse, and \(orders) is odd",
                at: arguments.location(of: "orders"))
        }
        let allowed = rank == nil ? named : named.filter { [.itself, .random, .lengthMatched].contains($0) }
        if rank != nil, arguments.isGiven("controls"), let other = named.first(where: { !allowed.contains($0) }) {
            throw ArgumentError(
                option: "controls", "control '\(other.rawValue)' does not go with 'rank'",
                at: arguments.location(of: "controls"), help: "'self', 'random' and 'length_matched' do")
        }
        request = PatchRequest(
            estimand: estimand, site: site, positions: try arguments.value(Self.positions),
            layers: try arguments.value(Self.layers), isByHead: try arguments.value(Self.heads),
            directions: try arguments.value(Self.direction),
            controls: Self.availableControls.filter { allowed.contains($0) && (estimand == .patch || !$0.isRun) },
            rank: rank, basis: try arguments.value(Self.basis), orders: orders,
            sets: sets, neutral: neutral, models: subjects.models,
            metric: try arguments.value(Metric.option))
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        EngineOptions.problems(request.layers, of: subjects.models, arguments)
    }

    /// All outputs.
    public static var outputs: Outputs { PatchSummary.outputs(controls: ["CONTROL"], withSets: true) }

    /// The block's outputs.
    public var outputs: Outputs {
        PatchSummary.outputs(controls: request.controls.map(\.rawValue), withSets: request.sets > 0)
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let subjects = try bindings.load(self.subjects)
        var halves = choosesOnAll ? Halves(all: subjects.pairs.count) : subjects.halves
        var (chosen, judged) = (subjects.pairs, subjects.pairs)
        if request.rank != nil {
            // Directions are chosen on the fit pairs, and no pair that chose them is patched.
            chosen = halves.fit.map { subjects.pairs[$0] }
            judged = halves.confirm.map { subjects.pairs[$0] }
            halves = Halves(all: judged.count, areApart: halves.areApart)
        }
        let run = PatchRun(request, models: subjects.models, pairs: judged, fitting: chosen, bindings: bindings)
        let measures = try run.measures()
        let effects = PatchEffects(
            measures, halves: halves, clusters: judged.map(\.cluster), matched: PatchRun.likeLengths(judged),
            negligible: negligible, seed: bindings.seed)
        let norms = LayerNorms(subjects.models, threads: bindings.resources.threads)
        let summary = PatchSummary(
            effects, numbers: request.rank == nil ? nil : subjects.halves.confirm, norms: norms.byLayer)
        var outcome = summary.outcome(controls: request.controls)
        let sets = request.sets > 0 ? try LayerSets(run, effects, norms: norms.byLayer) : nil
        if request.sets > 0 {
            outcome.set(LayerSets.values, of: sets)
            outcome.add(LayerSets.table, sets?.sets ?? [])
        }
        outcome.figures =
            PatchFigures(effects, request: request, summary: summary).all
            + (sets.map { [$0.figure(request.metric.words)] } ?? [])
        outcome.checks = PatchChecks(effects).checks
        outcome.notes = PatchChecks(effects).notes + run.notes
        return outcome
    }
}

/// What a `{patch}` block asks for.
struct PatchRequest: Sendable {
    let estimand: Estimand
    let site: Site
    let positions: [Positions]
    let layers: IntegerSet
    let isByHead: Bool
    let directions: [Direction]
    /// Without the patch itself.
    let controls: [Control]
    let rank: Int?
    let basis: PatchBasis
    let orders: Int
    /// Random sets of layers of each size; 0 for none.
    let sets: Int
    /// The text of the control `neutral`.
    let neutral: String
    /// The block of the models, whose tokenizer reads that text.
    let models: String
    let metric: Metric
}

/// Which directions a patch of some rank keeps to.
enum PatchBasis: String, CaseIterable, Sendable {
    /// The top singular directions of h_T − h_B.
    case difference
    /// The mean of h_T − h_B, one direction.
    case mean
    /// The top singular directions of the base's own activations, centred.
    case base
    /// Directions drawn at random.
    case random
}
