import ArgumentParser
import Commands

/// `patchbook inspect`: what a model is, as Patchbook reads it.
struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Says what a model is: its family, sizes, weights and tokenizer.")

    @Argument(help: "A model folder, a .safetensors or .gguf file, or hf:organisation/name.")
    var model: String

    @ArgumentParser.Option(name: .customLong("adapter"), help: "A folder with a LoRA adapter for it.")
    var adapter: String?

    @ArgumentParser.Option(name: .customLong("revision"), help: "The revision of an hf: model.")
    var revision: String?

    func run() throws {
        do {
            let facts = try ModelFacts.facts(of: model, adapter: adapter, revision: revision)
            let width = facts.map(\.name.count).max() ?? 0
            for fact in facts {
                print(fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value)
            }
        } catch {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
    }
}
