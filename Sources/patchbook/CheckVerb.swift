import ArgumentParser
import JSON
import Markdown
import Notebooks

/// `patchbook check`: every problem that can be found without running anything.
struct CheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Finds every mistake in notebooks without running them.")

    @OptionGroup var files: NotebookFiles

    @Flag(name: .customLong("json"), help: "Prints one JSON document with every problem, for tools.")
    var isJSON = false

    func run() throws {
        var notebooks: [JSON] = []
        var hasProblems = false
        for path in try files.paths() {
            var blocks = 0
            var found: [Diagnostic] = []
            do {
                blocks = try files.bind(path).blocks.count
                if !isJSON { print("\(path): no problems in \(blocks) blocks") }
            } catch let problems as Diagnostics {
                if !isJSON { Terminal.say((hasProblems ? "\n" : "") + "\(problems)") }
                found = problems.all
                hasProblems = true
            }
            notebooks.append(
                .object([
                    JSON.Member("notebook", .string(path)), JSON.Member("blocks", found.isEmpty ? .int(blocks) : .null),
                    JSON.Member("problems", .array(found.map(\.json))),
                ]))
        }
        if isJSON {
            let report = JSON.object([JSON.Member("schema", .int(1)), JSON.Member("notebooks", .array(notebooks))])
            print(report.text(pretty: true))
        }
        if hasProblems { throw Ending.failed }
    }
}
