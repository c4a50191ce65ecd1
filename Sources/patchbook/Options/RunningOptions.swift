import ArgumentParser
import Markdown
import Notebooks

/// The options of every verb that runs notebooks.
struct RunningOptions: ParsableArguments {
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var runOptions: RunOptions

    @Flag(name: .customLong("frozen"), help: "Runs nothing: uses kept results, and fails naming each stale block.")
    var isFrozen = false

    @Flag(name: .customLong("fresh"), help: "Computes every block again.")
    var isFresh = false

    @ArgumentParser.Option(
        name: .customLong("fresh-block"), help: ArgumentHelp("Computes the block of this id again.", valueName: "id"))
    var freshBlocks: [String] = []

    @ArgumentParser.Option(
        name: .customLong("log"),
        help: ArgumentHelp("Adds what happens to this file as JSON Lines, with the time of each.", valueName: "file"))
    var log: String?

    @Flag(name: .customLong("quiet"), help: "Prints no progress.")
    var isQuiet = false

    func validate() throws {
        if isFrozen, isFresh || !freshBlocks.isEmpty {
            throw ValidationError(
                "--frozen runs nothing, so it cannot go with \(isFresh ? "--fresh" : "--fresh-block")")
        }
        if isFrozen, storeOptions.isOff { throw ValidationError("--frozen needs the store that --no-store turns off") }
    }

    var policy: Session.Policy {
        let fresh: Session.Policy.Fresh =
            isFresh ? .all : freshBlocks.isEmpty ? .none : .blocks(Set(freshBlocks))
        return Session.Policy(isFrozen: isFrozen, fresh: fresh)
    }

    /// An id that no notebook has would change nothing, silently.
    func checkFresh(_ sessions: [Session]) throws {
        guard sessions.allSatisfy({ $0.analysis.problems.all.isEmpty }) else { return }
        let known = Set(sessions.flatMap { $0.analysis.blocks.map(\.id) })
        for id in freshBlocks where !known.contains(id) {
            throw ValidationError(
                "--fresh-block: no block has the id '\(id)'; " + Suggestion.help(for: id, among: known.sorted()))
        }
    }
}
