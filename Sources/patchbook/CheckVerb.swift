import ArgumentParser
import JSON
import Notebooks

/// `patchbook check`: every problem that can be found without running anything.
struct CheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Finds every mistake in notebooks without running them.")

    @OptionGroup var files: NotebookFiles

    @Flag(name: .customLong("json"), help: "Prints the problems as JSON on standard output.")
    var isJSON = false

    func run() throws {
        var hasProblems = false
        var notebooks: [JSON] = []
        for path in try files.paths() {
            var problems: [Diagnostic] = []
            do {
                let bound = try files.bind(path)
                if !isJSON { print("\(path): no problems in \(bound.blocks.count) blocks") }
            } catch let found as Diagnostics {
                problems = found.all
                if !isJSON { Terminal.say("\(found)") }
                hasProblems = true
            }
            notebooks.append(
                .object([
                    JSON.Member("notebook", .string(path)), JSON.Member("problems", .array(problems.map(\.json))),
                ]))
        }
        if isJSON {
            print(
                JSON.object([JSON.Member("schema", .int(1)), JSON.Member("notebooks", .array(notebooks))]).text(
                    pretty: true))
        }
        if hasProblems { throw Ending.failed }
    }
}
