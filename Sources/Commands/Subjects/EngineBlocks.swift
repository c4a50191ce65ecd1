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
    func subjects(
        models id: String, pairs pairsID: String
    ) throws -> (models: ModelPair, pairs: [PackedPair], halves: Halves) {
        let loaded = try models(id).load(in: project)
        let pairs = result(pairsID).whole
        guard pairs.value("tokenizer") == .string(loaded.tokenizer.digest) else {
            throw CommandError(
                "the pairs '\(pairsID)' were read with another tokenizer than that of '\(id)'; "
                    + "give a {pairs} block the option 'models: \(id)'")
        }
        let models = try ModelPair(base: loaded.base, tuned: loaded.tuned)
        let tokens = pairs.table("tokens") ?? Table(columns: PairsTable.columns)
        return (models, PairsTable.packedPairs(tokens), Halves(tokens))
    }
}

/// The options of every command that runs models over pairs.
enum Subjects {
    static let models = Option<String>.block("models", of: ["models"], help: "the model pair")
    static let pairs = Option<String>.block("pairs", of: ["pairs"], help: "the preference pairs")
}
