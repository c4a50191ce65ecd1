import ArgumentParser
import Commands
import Foundation

/// `patchbook inspect`: what a model is, as Patchbook reads it, and what can be done with two of them.
struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Says what a model is: its family, sizes, weights and tokenizer; of two, where they differ and what a sweep costs."
    )

    @Argument(help: "A model folder, a .safetensors, .bin or .gguf file, or hf:organisation/name.")
    var model: String

    @Argument(help: "A second model, tuned from the first.")
    var tuned: String?

    @ArgumentParser.Option(
        name: .customLong("adapter"), help: "A folder with a LoRA adapter for the model, or for the second one.")
    var adapter: String?

    @ArgumentParser.Option(name: .customLong("revision"), help: "The revision of an hf: model.")
    var revision: String?

    @ArgumentParser.Option(
        name: .customLong("tokens"), help: "How long the prompt and each response are of the sweep that is forecast.")
    var tokens = 100

    @ArgumentParser.Option(name: .customLong("threads"), help: "Threads of the sweep that is forecast.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        for (option, value) in [("--tokens", tokens), ("--threads", threads)] where value < 1 {
            throw ValidationError("\(option) takes a whole number, at least 1")
        }
    }

    func run() throws {
        do {
            let first = try ModelFacts(of: model, adapter: tuned == nil ? adapter : nil, revision: revision)
            show(first.facts)
            // With an adapter, the pair is the model without it and with it.
            let base = tuned == nil && adapter != nil ? try ModelFacts(of: model, revision: revision) : first
            guard tuned != nil || adapter != nil else { return }
            let second = try tuned.map { try ModelFacts(of: $0, adapter: adapter, revision: revision) } ?? first
            print("")
            if tuned != nil {
                show(second.facts)
                print("")
            }
            show(ModelFacts.comparison(base, second, tokens: tokens, threads: threads))
        } catch {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
    }

    private func show(_ facts: [ModelFacts.Fact]) {
        Terminal.list(facts.map { [$0.name, $0.value] })
    }
}
