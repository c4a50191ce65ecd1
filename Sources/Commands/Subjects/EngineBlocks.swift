import Interventions
import Notebooks
import Values

/// Why a command cannot do what it was asked, in one sentence.
struct CommandError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

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
    func load(_ subjects: Subjects) throws -> (models: ModelPair, pairs: [PackedPair], halves: Halves) {
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
