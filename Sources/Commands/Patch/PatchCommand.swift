import Experiments
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
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let site = EngineOptions.site("which activation is patched, for the estimand 'patch'")
    static let positions = EngineOptions.positionsList(
        help: "at which tokens; a list gives one patch for each of its items")
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
        help:
            "what the patch is compared with: the recipient's own activation (self), another pair's (shuffled), its own plus another pair's difference between the models (shuffled_difference), "
            + "the other response's (exchanged), a neutral text's (neutral), a random direction (random), one drawn where activations vary (covariance), "
            + "the difference of two of the base's own activations (base_difference), the patch's own difference with its sign changed (flipped); the same patch over pairs whose responses are about equally long (length_matched)"
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
            "for 'swap' and 'shapley': run the best k layers together, for every k, and compare them with this many random sets of "
            + "each size and with the layers in the order of ‖ΔW‖; 0 runs none")

    static let until = Option<StoppingRule?>(
        "until", type: "{half_width: NUMBER, at_most: PAIRS}, of which 'at_most' may be left out",
        help:
            "add pairs, in their order, until the bands of all effects reach at most half_width, or at_most pairs are in; intervals and "
            + "p-values of effects and increments then hold whenever it stops. Tasks that share a notebook need a round for every 16 prompts",
        defaultText: "all pairs", fallback: .some(nil),
        normal: { rule in
            guard let rule else { return .scalar(.string("all pairs")) }
            let most = rule.atMost.map { [OptionValue.MapEntry(key: "at_most", value: .scalar(.int($0)))] } ?? []
            return .map([.init(key: "half_width", value: .scalar(.number(rule.halfWidth)))] + most)
        },
        read: { (value) throws(OptionMismatch) -> StoppingRule? in
            guard let entries = value.mapping else {
                throw OptionMismatch("\(value.inWords) is not a mapping", at: value.location)
            }
            for entry in entries where !["half_width", "at_most"].contains(entry.key) {
                throw OptionMismatch("'\(entry.key)' is not one of its keys", at: entry.keyLocation)
            }
            guard let width = value["half_width"] else {
                throw OptionMismatch("it has no 'half_width'", at: value.location)
            }
            guard let half = width.scalar?.number, half > 0, half.isFinite else {
                throw OptionMismatch("\(width.inWords) is not a number above 0", at: width.location)
            }
            guard let most = value["at_most"] else { return StoppingRule(halfWidth: half, atMost: nil) }
            guard case .int(let count)? = most.scalar, count > 0 else {
                throw OptionMismatch("\(most.inWords) is not a number of pairs", at: most.location)
            }
            return StoppingRule(halfWidth: half, atMost: count)
        })

    private static let availableControls = Control.allCases.filter { $0 != .none }
    private static let defaultControls: [Control] = [.itself, .shuffled, .random]

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        site
        positions
        LayeredSubjects.layers
        heads
        direction
        estimand
        controls
        neutral
        rank
        basis
        orders
        sets
        until
        Metric.option
        EngineOptions.chooseOn
        EngineOptions.negligible
    }

    let subjects: LayeredSubjects
    private let choosesOnAll: Bool
    /// The text of the control `neutral`.
    private let neutral: String
    /// Without layers and neutral text, which take the models.
    private let request: PatchRequest

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try LayeredSubjects(arguments)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn)
        let estimand = try arguments.value(Self.estimand)
        let site = try arguments.value(Self.site)
        let named = try arguments.value(Self.controls)
        let rank = try arguments.value(Self.rank)
        neutral = try arguments.value(Self.neutral)
        let sets = try arguments.value(Self.sets)
        let orders = try arguments.value(Self.orders)
        let positions = try arguments.value(Self.positions)
        let isByHead = try arguments.value(Self.heads)
        let allowed = rank == nil ? named : named.filter { [.itself, .random, .lengthMatched].contains($0) }
        var problems = ArgumentProblems()
        if estimand != .patch {
            for option in ["site", "positions", "heads", "rank", "basis"] where arguments.isGiven(option) {
                problems.add(
                    option,
                    "option '\(option)' says how an activation is patched, and '\(estimand.rawValue)' patches none",
                    help: "leave it out, or set 'estimand: patch'")
            }
            if arguments.isGiven("controls"), let control = named.first(where: \.isRun) {
                problems.add(
                    "controls",
                    "control '\(control.rawValue)' stands in for an activation, and '\(estimand.rawValue)' patches none",
                    help: "only 'length_matched' goes with it")
            }
        } else {
            if rank == nil, arguments.isGiven("basis") {
                problems.add(
                    "basis", "option 'basis' says which directions 'rank' keeps to, and no rank is given",
                    help: "give a rank, such as 'rank: 4'")
            }
            if rank != nil, arguments.isGiven("controls"), let other = named.first(where: { !allowed.contains($0) }) {
                problems.add(
                    "controls", "control '\(other.rawValue)' does not go with 'rank'",
                    help: "'self', 'random' and 'length_matched' do")
            }
            if isByHead, !site.hasHeads { problems.add("heads", ExperimentError.noHeads(site).description) }
            let needsDirections = rank != nil ? "rank" : named.contains(.covariance) ? "controls" : nil
            if let option = needsDirections, positions.count > 1 || isByHead {
                problems.add(
                    option, "'rank' and the control 'covariance' take one choice of positions, and all heads together")
            }
        }
        if estimand != .shapley, arguments.isGiven("orders") {
            problems.add("orders", "option 'orders' belongs to 'estimand: shapley'")
        } else if !orders.isMultiple(of: 2) {
            problems.add("orders", "orders come in twos, each with its reverse, and \(orders) is odd")
        }
        if arguments.isGiven("neutral"), !named.contains(.neutral) {
            problems.add(
                "neutral", "option 'neutral' is the text of the control 'neutral', which is not among the controls",
                help: "add it, as in 'controls: [self, neutral]'")
        } else if neutral.allSatisfy(\.isWhitespace) {
            problems.add("neutral", "option 'neutral' is a text without a word")
        }
        if sets > 0, estimand != .swap, estimand != .shapley {
            problems.add(
                "sets",
                "option 'sets' runs sets of whole blocks, and '\(estimand.rawValue)' has no such order of layers",
                help: "it goes with 'estimand: swap' and 'estimand: shapley'")
        }
        let until = try arguments.value(Self.until)
        if until != nil {
            let other =
                estimand == .shapley
                ? "'estimand: shapley'"
                : rank != nil
                    ? "'rank'" : sets > 0 ? "'sets'" : named.contains(.covariance) ? "the control 'covariance'" : nil
            if let other {
                problems.add("until", "option 'until' adds pairs while a sweep runs, and does not go with \(other)")
            }
        }
        try problems.throwIfAny()
        var request = PatchRequest(layers: [])
        request.estimand = estimand
        request.site = site
        request.positions = positions
        request.isByHead = isByHead
        request.directions = try arguments.value(Self.direction)
        request.controls = Self.availableControls.filter { allowed.contains($0) && (estimand == .patch || !$0.isRun) }
        request.rank = rank
        request.basis = try arguments.value(Self.basis)
        request.orders = orders
        request.sets = sets
        request.until = until
        request.metric = try arguments.value(Metric.option)
        request.negligible = try arguments.value(EngineOptions.negligible)
        self.request = request
    }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] { subjects.problems(arguments) }

    /// All outputs.
    public static var outputs: Outputs {
        PatchOutputs.all(controls: ["CONTROL"], withSets: true)
        Outputs(figures: PatchFigures.byLayerNames + [PatchFigures.setsName])
    }

    /// The block's outputs.
    public var outputs: Outputs {
        PatchOutputs.all(controls: request.controls.map(\.rawValue), withSets: request.sets > 0)
        Outputs(figures: PatchFigures.names(request))
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (loaded, layers) = try subjects.load(bindings)
        var request = self.request
        request.layers = layers
        if request.controls.contains(.neutral) {
            request.neutral = try NeutralText(
                neutral, tokenizer: bindings.models(subjects.models).load(in: bindings.project).tokenizer)
        }
        let result = try PatchResult(
            request, loaded.models, loaded.pairs,
            halves: choosesOnAll ? Halves(all: loaded.pairs.count) : loaded.halves, in: bindings)
        var outcome = Outcome()
        PatchOutputs.add(result, request, to: &outcome)
        outcome.figures = PatchFigures(result: result, request: request).all
        let checks = PatchChecks(result: result, request: request)
        outcome.checks = checks.checks
        outcome.notes = checks.notes
        return outcome
    }
}
