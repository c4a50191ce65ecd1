import Interventions
import Notebooks
import Transformers

/// `{patch}`: the donor's activation in the recipient's run, layer by layer, with controls.
public struct PatchCommand: Command {
    /// The name in the fence.
    public static let name = "patch"
    /// One line of help.
    public static let summary =
        "Patches activations layer by layer between the two models, with controls and intervals."

    static let site = Option<String>.choice(
        "site", Site.allCases.map(\.rawValue), default: Site.residualPost.rawValue, help: "which activation is patched")
    static let positions = Option<String>.string(
        "positions", default: Positions.all.name,
        help: "at which tokens: all, response, prompt, last_prompt, first_divergent, a slice as response[:3], or 0,5,7")
    static let layers = Option<IntegerSet>.integers("layers", help: "after which layers, counted from 0")
    static let direction = Option<String>.choice(
        "direction", Direction.allCases.map(\.rawValue) + ["both"], default: "both",
        help: "donor tuned and recipient base (sufficiency), the other way round (necessity), or both")
    static let estimand = Option<String>.choice("estimand", ["patch"], default: "patch", help: "what is estimated")
    static let controls = Option<[String]>.choices(
        "controls", availableControls.map(\.rawValue), default: availableControls.map(\.rawValue),
        help: "what the patch is compared with: the recipient's own activation, another pair's, a random direction")
    static let metric = Option<String>.choice(
        "metric", ["margin"], default: "margin", help: "log p(chosen) − log p(rejected), in nats")

    private static let availableControls: [Control] = [.itself, .shuffled, .random]

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        [
            Subjects.models.declaration, Subjects.pairs.declaration, site.declaration, positions.declaration,
            layers.declaration, direction.declaration, estimand.declaration, controls.declaration, metric.declaration,
        ]
    }

    private let models: String
    private let pairs: String
    private let site: Site
    private let positions: Positions
    private let layers: IntegerSet
    private let directions: [Direction]
    private let controls: [Control]

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        models = try arguments.value(Subjects.models)
        pairs = try arguments.value(Subjects.pairs)
        site = Site(rawValue: try arguments.value(Self.site)) ?? .residualPost
        let text = try arguments.value(Self.positions)
        do { positions = try Positions(text) } catch {
            throw ArgumentError(option: Self.positions.declaration.name, "option 'positions': \(error)")
        }
        layers = try arguments.value(Self.layers)
        directions = Direction(rawValue: try arguments.value(Self.direction)).map { [$0] } ?? Direction.allCases
        let named = try arguments.value(Self.controls)
        controls = Self.availableControls.filter { named.contains($0.rawValue) }
        _ = try arguments.value(Self.estimand)
        _ = try arguments.value(Self.metric)
    }

    /// What the block will hand on.
    public var outputs: Outputs { PatchSummary.outputs(controls: controls) }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs) = try bindings.subjects(models: models, pairs: pairs)
        guard let layers = layers.members(below: models.layers), !layers.isEmpty else {
            throw CommandError(
                "option 'layers' names a layer that the models do not have: theirs are 0 to \(models.layers - 1)")
        }
        let sweep = LayerSweep(
            site: site, positions: positions, layers: layers, directions: directions, controls: [.none] + controls,
            seed: bindings.seed)
        let result = sweep.result(of: try bindings.margins(of: sweep.routes(models), in: models, over: pairs))
        let effects = SweepEffects(
            sweep, result, clusters: pairs.map(\.cluster), isWhole: layers.count == models.layers, seed: bindings.seed)
        var outcome = PatchSummary(effects).outcome()
        outcome.figures = PatchFigures(effects).all
        outcome.checks = effects.checks
        outcome.notes = effects.notes
        return outcome
    }
}
