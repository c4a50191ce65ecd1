import ArgumentParser
import Foundation
import Markdown
import Notebooks

/// `patchbook explain`: which blocks are stale, and why.
struct ExplainVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says of a block, or of each, whether its result is kept, and if not, why.")

    @Argument(help: "The notebook (.md).")
    var notebook: String

    @Argument(help: "A block's id; without it, every block is explained.")
    var id: String?

    @OptionGroup var options: NotebookOptions
    @OptionGroup var storeOptions: StoreOptions

    func run() throws {
        do {
            let session = try options.session(notebook)
            let analysis = try session.analysis.sound()
            let store = try storeOptions.open(for: analysis.project, access: .reading)
            defer { store?.close() }
            let states = try session.states(keeping: store)
            guard let id else {
                for state in states { print(Self.line(state)) }
                return
            }
            guard let state = states.first(where: { $0.id == id }) else {
                throw ValidationError(
                    "'\(notebook)' has no block '\(id)'; " + Suggestion.help(for: id, among: states.map(\.id)))
            }
            print(Self.line(state))
            for ingredient in state.key?.ingredients ?? [] {
                print("    \(ingredient.words): \(ingredient.value)")
            }
        } catch let problems as Diagnostics {
            Terminal.say("\(problems)")
            throw Ending.failed
        } catch let error as StoreError {
            Terminal.say("\(notebook): error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? ""))
            throw Ending.failed
        }
    }

    /// `sweep: stale: base weights digest changed (12ab34cd… to 56ef78ab…)`
    private static func line(_ state: BlockState) -> String {
        state.isKept
            ? "\(state.id): kept, under the key \(state.key?.hex ?? "")" : "\(state.id): stale: \(state.reason)"
    }
}
