import ArgumentParser
import Commands
import Foundation
import Notebooks
import Store

/// `patchbook merge`: takes over what tasks computed with `render --parts`.
struct MergeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Takes the parts that tasks computed with 'render --parts' over into the store.",
        discussion:
            """
            The next render finds them there. The same part twice is no harm; a part that cannot be used is named and left out, and \
            the render computes its unit. The status is 1 where no part can be used.
            """
    )

    @Argument(help: "The folder of the parts.")
    var parts: String

    @Argument(help: "A folder of the project whose store receives them.")
    var project = "."

    @OptionGroup var storeOptions: StoreOptions

    /// How many files are named that cannot be used for one and the same reason.
    private static let named = 5

    func validate() throws {
        if storeOptions.isOff { throw ValidationError("'merge' fills the store, and --no-store turns it off") }
    }

    func run() throws {
        do {
            try StoreOptions.checkFolder(parts)
            try StoreOptions.checkFolder(project)
            guard let store = try storeOptions.open(for: Project(notebookFolder: project)) else { return }
            defer { store.close() }
            let found = try store.merge(PartFolder(parts, arithmetic: Catalogue.standard.arithmetic))
            let refused = Dictionary(grouping: found.refused) { $0.reason }
            for (reason, files) in refused.sorted(by: { $0.value[0].file < $1.value[0].file }) {
                // A whole folder of another version is one fault, not thousands.
                for (file, _) in files.prefix(Self.named) { Terminal.say("\(parts)/\(file): \(reason)") }
                if files.count > Self.named { Terminal.say("\(parts): \(files.count - Self.named) more: \(reason)") }
            }
            print(
                "\(found.new) parts merged, \(found.known) were there already"
                    + (found.refused.isEmpty ? "" : ", \(found.refused.count) left out"))
            if found.new + found.known == 0, !found.refused.isEmpty { throw Ending.failed }
        } catch let error as StoreError {
            Terminal.say("error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? ""))
            throw Ending.failed
        }
    }
}
