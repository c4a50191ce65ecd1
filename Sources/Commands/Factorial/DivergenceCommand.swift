import Experiments
import Interventions
import Notebooks
import Tokenizers
import Values

/// `{divergence}`: what earlier and later layers do at the first position where the two models prefer different tokens.
public struct DivergenceCommand: Command {
    /// The name in the fence.
    public static let name = "divergence"
    /// One line of help.
    public static let summary =
        "Finds where the models first prefer different tokens, and which of them the earlier and the later layers decide for."
    /// Its walks go over groups of pairs.
    public var worksInUnits: Bool { true }

    static let along = Option.choice(
        "along", FirstDivergence.Text.self, default: .generated,
        help:
            "the text that both models are given: what both would say (greedy, as long as they agree), or a response of the pair"
    )
    static let length = Option<Int>.int(
        "length", in: 1...1024, default: 32, help: "how many tokens after the prompt are searched at most")
    static let layers = Option<IntegerSet>.integers(
        "layers",
        help:
            "where the models change over: the first of the later layers; before the first layer and after the last are always added"
    )
    static let readout = Option.choice(
        "readout", Divergence.Readout.self, default: .later,
        help: "whose final norm and head read the result: the later layers' own, or one model's in all cells")
    static let text = Option.mapping(
        "text", [("shown", false), ("hidden", true)], default: "shown",
        help: "'hidden' keeps to positions and numbers: neither a token's text nor its id is in a table or a file")

    /// What the block may say.
    public static var options: [OptionDeclaration] {
        Subjects.options
        along
        length
        layers
        readout
        EngineOptions.chooseOn
        EngineOptions.negligible
        text
    }

    private let subjects: Subjects
    private let along: FirstDivergence.Text
    private let length: Int
    private let layers: IntegerSet
    private let readout: Divergence.Readout
    private let choosesOnAll: Bool
    private let negligible: Double
    private let isHidden: Bool

    /// Binds the block's options.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        along = try arguments.value(Self.along)
        length = try arguments.value(Self.length)
        layers = try arguments.value(Self.layers)
        readout = try arguments.value(Self.readout)
        choosesOnAll = try arguments.value(EngineOptions.chooseOn)
        negligible = try arguments.value(EngineOptions.negligible)
        isHidden = try arguments.value(Self.text)
        if !isHidden { try arguments.refuseHiddenText(of: subjects.pairs) }
    }

    private static let values = OutputValues<Divergence> {
        Output("count", "texts in which the models prefer different tokens at some position") { $0.places.count }
        Output("agreeing.count", "texts in which they prefer the same token everywhere that was searched") {
            $0.agreeing
        }
        Output("position.mean", "how many tokens come after the prompt before they differ, on average", unit: "tokens")
        {
            $0.meanPosition
        }
    }

    private static func positions(isHidden: Bool) -> OutputTable<(place: FirstDivergence, tokens: [String])> {
        OutputTable("positions") {
            Output.pair { $0.place.pair }
            Output("position", "how many tokens come after the prompt before the models differ", unit: "tokens") {
                $0.place.agreed
            }
            if !isHidden {
                Output("base_id", "the id of the token that the base prefers") { $0.place.base }
                Output("base_token", "its text") { $0.tokens[0] }
                Output("tuned_id", "the id of the token that the tuned model prefers") { $0.place.tuned }
                Output("tuned_token", "its text") { $0.tokens[1] }
            }
        }
    }

    @OutputList private static func outputs(isHidden: Bool) -> Outputs {
        values
        FactorialOutputs.all
        positions(isHidden: isHidden)
    }

    /// All outputs where texts are shown.
    public static var outputs: Outputs { outputs(isHidden: false) }

    /// The block's outputs.
    public var outputs: Outputs { Self.outputs(isHidden: isHidden) }

    /// A layer that the models do not have.
    public func problems(_ arguments: Arguments) -> [ArgumentError] {
        guard let count = arguments.layers(of: subjects.models), let greatest = layers.greatest, greatest > count else {
            return []
        }
        return [EngineOptions.missingLayer(greatest, of: count, option: "layers")]
    }

    /// Runs the block.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let (models, pairs, halves) = try bindings.load(subjects)
        guard let layers = layers.members(below: models.layers + 1) else {
            throw EngineOptions.missingLayer(layers.greatest ?? 0, of: models.layers, option: "layers")
        }
        let loaded = try bindings.models(subjects.models).load(in: bindings.project)
        let ends = try bindings.models(subjects.models).texts(in: bindings.project, tokenizer: loaded.tokenizer).ends
        let found = try Divergence(
            models, pairs, search: FirstDivergence.Search(along, length: length, ends: ends), layers: layers,
            readout: readout, halves: choosesOnAll ? Halves(all: pairs.count) : halves, negligible: negligible,
            in: bindings)
        var outcome = Outcome()
        outcome.set(Self.values, of: found)
        FactorialOutputs.add(found.effects, unit: "nats", to: &outcome)
        outcome.add(
            Self.positions(isHidden: isHidden),
            found.places.map { place in
                (place: place, tokens: [place.base, place.tuned].map { loaded.tokenizer.words(of: $0) })
            })
        if found.agreeing > 0 {
            outcome.notes.append(
                "In \(found.agreeing) of \(found.agreeing + found.places.count) texts the models prefer the same tokens "
                    + "everywhere; they are left out.")
        }
        return outcome
    }
}
