import ArgumentParser
import Foundation
import Notebooks
import Store

/// `patchbook cache`: what the store holds, and how to make it smaller.
struct CacheVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Lists or prunes the results that are kept.",
        subcommands: [List.self, Prune.self])

    struct Place: ParsableArguments {
        @Argument(help: "A folder of the project.")
        var folder = "."

        @OptionGroup var storeOptions: StoreOptions

        func validate() throws {
            if storeOptions.isOff { throw ValidationError("'cache' is about the store, and --no-store turns it off") }
        }

        /// Opens the store and runs `body` on it.
        func open(_ access: Store.Access, _ body: (Store, Project) throws -> Void) throws {
            let project = Project(notebookFolder: folder)
            do {
                try StoreOptions.checkFolder(folder)
                guard let store = try storeOptions.open(for: project, access: access) else { return }
                defer { store.close() }
                try body(store, project)
            } catch let error as StoreError {
                Terminal.say("error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? ""))
                throw Ending.failed
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists what is kept, block by block.")

        @OptionGroup var place: Place

        func run() throws {
            try place.open(.reading) { store, _ in
                let entries = try store.entries()
                let rows = entries.map { entry in
                    [
                        entry.place?.notebook ?? (entry.made == nil ? "(not rendered yet)" : "(no longer used)"),
                        entry.place?.block ?? "",
                        String(entry.key.prefix(12)),
                        entry.made == nil
                            ? "unfinished, \(Self.count(entry.units, "part")), \(Self.size(entry.unitBytes))"
                            : Self.size(entry.bytes),
                    ]
                }
                if !rows.isEmpty { Terminal.list([["notebook", "block", "key", "size"]] + rows) }
                print("\(Self.count(entries.count, "result")), \(Self.size(store.size)) on disk")
            }
        }

        static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

        static func size(_ bytes: Int) -> String {
            bytes < 1000 ? "\(bytes) B" : bytes < 1_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes results that no block's latest run used, and parts of unfinished results.",
            discussion: "Parts go when they are older than a day, or than --days.")

        @OptionGroup var place: Place

        @ArgumentParser.Option(name: .customLong("days"), help: "Also deletes what was not used for this many days.")
        var days: Int?

        @Flag(name: .customLong("all"), help: "Deletes everything.")
        var isAll = false

        func validate() throws {
            if let days, days < 0 { throw ValidationError("--days takes a whole number, at least 0") }
            if isAll, days != nil { throw ValidationError("--all and --days cannot go together") }
        }

        func run() throws {
            try place.open(.writing) { store, project in
                let before = store.size
                let gone = isAll ? try store.empty() : try store.prune(project: project.root, days: days)
                print(
                    "\(List.count(gone.results, "result")) and \(List.count(gone.units, "part")) pruned, "
                        + "\(List.size(max(before - store.size, 0))) freed"
                )
            }
        }
    }
}
