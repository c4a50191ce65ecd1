import Experiments
import Interventions
import Notebooks
import Values

/// Why a command cannot do what it was asked, in one sentence.
struct CommandError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

/// An experiment keeps its parts where the block keeps its own.
extension Bindings: RunContext {
    /// How many threads work side by side.
    public var threads: Int { resources.threads }
    /// How much memory a run may take, in bytes; nil for what it needs.
    public var memory: Int? { resources.memory }
    /// How units are shared out among tasks.
    public var share: UnitShare? {
        shard.map { UnitShare(forecasts: !$0.computes, takes: takesNext) }
    }
    /// Says how far the block is.
    public func report(_ noun: String, done: Int, total: Int, kept: Int) {
        progress(Progress(unit: noun, done: done, total: total, kept: kept))
    }
}

/// A block whose units are with other tasks.
extension WorkLeft: UnitsMissing {
    /// What is missing.
    public var postponed: Postponed {
        Postponed(
            units: units, noun: noun ?? "units", items: noun == nil ? units : items,
            kept: noun == nil ? keptUnits : keptItems, operations: costs?.map(\.operations),
            bytes: costs?.map(\.bytes).max(), roundsAfter: roundsAfter, isWhole: isWhole)
    }
}

/// What experiments run on.
typealias LoadedSubjects = (models: ModelPair, pairs: [PackedPair], halves: Halves)

extension Bindings {
    /// The bound `{models}` block that an option named.
    func models(_ id: String) -> ModelsCommand {
        guard let command = command(id) as? ModelsCommand else {
            preconditionFailure("block '\(id)' was bound as a models block")
        }
        return command
    }

    /// A model pair and the preference pairs to run it on.
    /// - Throws: what keeps the models from loading; an error when another tokenizer read the pairs.
    func load(_ subjects: Subjects) throws -> LoadedSubjects {
        let loaded = try models(subjects.models).load(in: project)
        let pairs = result(subjects.pairs).whole
        guard pairs.value("tokenizer") == .string(loaded.tokenizer.digest) else {
            throw CommandError(
                "the pairs '\(subjects.pairs)' were read with another tokenizer than that of '\(subjects.models)'; "
                    + "give a {pairs} block the option 'models: \(subjects.models)'")
        }
        let models = try ModelPair(base: loaded.base, tuned: loaded.tuned)
        let tokens = pairs.table("tokens") ?? Table(columns: [])
        return (models, PairsTable.packedPairs(tokens), Halves(tokens))
    }
}

/// What most commands run on: the ids of a `{models}` and a `{pairs}` block.
struct Subjects: Sendable {
    let models, pairs: String

    static let models = Option<String>.block("models", of: ["models"], help: "the model pair")
    private static let pairs = Option<String>.block("pairs", of: ["pairs"], help: "the preference pairs")

    @OptionList static var options: [OptionDeclaration] {
        models
        pairs
    }
}

extension Subjects {
    init(_ arguments: Arguments) throws(ArgumentError) {
        self.init(models: try arguments.value(Self.models), pairs: try arguments.value(Self.pairs))
    }
}

/// What a command runs on that looks at several layers.
struct LayeredSubjects: Sendable {
    private let subjects: Subjects
    private let layers: IntegerSet

    static let layers = Option<IntegerSet>.integers("layers", help: "in which layers, counted from 0")

    init(_ arguments: Arguments) throws(ArgumentError) {
        subjects = try Subjects(arguments)
        layers = try arguments.value(Self.layers)
    }

    var models: String { subjects.models }
    var pairs: String { subjects.pairs }

    /// A layer that the models do not have, told without opening weights.
    func problems(_ arguments: Arguments) -> [ArgumentError] {
        guard let count = arguments.layers(of: models), let greatest = layers.greatest, greatest >= count else {
            return []
        }
        return [EngineOptions.missingLayer(greatest, of: count, option: "layers")]
    }

    /// - Throws: as `Bindings.load`, and an error at the option for a layer that the models do not have.
    func load(_ bindings: Bindings) throws -> (subjects: LoadedSubjects, layers: [Int]) {
        let loaded = try bindings.load(subjects)
        let count = loaded.models.layers
        guard let members = layers.members(below: count), !members.isEmpty else {
            throw EngineOptions.missingLayer(layers.greatest ?? 0, of: count, option: "layers")
        }
        return (loaded, members)
    }
}
