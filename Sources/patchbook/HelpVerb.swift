import Commands
import Foundation
import JSON
import Markdown
import Notebooks

/// `patchbook help`: a block command and its options, and the documents made from the declarations.
///
/// - `help patch` explains a command;
/// - `help --markdown [notebook…]` prints `docs/commands.md`, with the outputs of each command in those notebooks;
/// - `help --schema` prints `docs/notebook.schema.json`.
enum HelpVerb {
    /// What to print for these arguments, which follow `help`; nil when they ask for nothing of this kind.
    static func text(for arguments: [String]) throws -> String? {
        let catalogue = Catalogue.standard
        switch arguments.first {
        case "--markdown":
            let examples = try arguments.dropFirst().map { try NotebookOptions.parse([]).session($0).analysis.sound() }
            return CommandReference.markdown(for: catalogue, examples: examples)
        case "--schema" where arguments.count == 1: return NotebookSchema.json(for: catalogue).text(pretty: true) + "\n"
        case IncludeBlock.name? where arguments.count == 1: return CommandHelp.include + "\n"
        case let name? where arguments.count == 1:
            return catalogue[name].map { CommandHelp.text(for: $0) + "\n" }
        default: return nil
        }
    }

    /// What is wrong with arguments whose first is not a verb: a notebook without one, or a slip; nil for what begins with a verb.
    static func missingVerb(_ arguments: [String], verbs: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-"), !verbs.contains(first) else { return nil }
        let rest = arguments.joined(separator: " ")
        if first.hasSuffix(".md") || FileManager.default.fileExists(atPath: first) {
            return
                "error: '\(first)' is a notebook, and a verb comes first\nhelp: did you mean 'patchbook render \(rest)'?"
        }
        let near = Suggestion.closest(to: first, among: verbs)
        let help =
            Suggestion.question(
                near.map { ([$0] + arguments.dropFirst()).joined(separator: " ") }.map { "patchbook " + $0 })
            ?? "the verbs are " + verbs.map { "'\($0)'" }.joined(separator: ", ")
        return "error: there is no verb '\(first)'\nhelp: \(help)"
    }

    /// What is wrong with `help name`, when it names neither a verb nor a command.
    static func problem(with arguments: [String], verbs: [String]) -> String? {
        guard arguments.count == 1, let name = arguments.first, !name.hasPrefix("-"), !verbs.contains(name) else {
            return nil
        }
        let known = verbs + Catalogue.standard.commands.map { $0.name } + [IncludeBlock.name]
        return "error: there is no verb and no command '\(name)'\nhelp: \(Suggestion.help(for: name, among: known))"
    }
}
