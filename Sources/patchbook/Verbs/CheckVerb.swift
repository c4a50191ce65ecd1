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
        var hasErrors = false
        for found in files.paths() {
            let path: String
            var blocks = 0
            var problems: [Diagnostic] = []
            switch found {
            case .failure(let problem):
                path = problem.file
                problems = [problem]
            case .success(let file):
                path = file
                do throws(Diagnostics) {
                    let analysis = try files.options.session(file).analysis
                    blocks = analysis.document.blocks.count
                    problems = analysis.problems.all
                } catch {
                    problems = error.all
                }
            }
            if !isJSON {
                if problems.isEmpty {
                    print("\(path): no problems in \(blocks) \(blocks == 1 ? "block" : "blocks")")
                } else {
                    Terminal.say((hasProblems ? "\n" : "") + "\(Diagnostics(problems))")
                }
            }
            hasProblems = hasProblems || !problems.isEmpty
            hasErrors = hasErrors || problems.contains { $0.severity == .error }
            notebooks.append(
                .object([
                    JSON.Member("notebook", .string(path)),
                    JSON.Member("blocks", problems.isEmpty ? .int(blocks) : .null),
                    JSON.Member("problems", .array(problems.map(\.json))),
                ]))
        }
        if isJSON {
            let report = JSON.object([JSON.Member("schema", .int(1)), JSON.Member("notebooks", .array(notebooks))])
            print(report.text(pretty: true))
        }
        if hasErrors { throw Ending.failed }
    }
}
