import ArgumentParser
import Notebooks

/// `patchbook check`: every problem that can be found without running anything.
struct CheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Finds every mistake in notebooks without running them.")

    @OptionGroup var files: NotebookFiles

    func run() throws {
        var hasProblems = false
        for path in try files.paths() {
            do {
                let bound = try files.bind(path)
                print("\(path): no problems in \(bound.blocks.count) blocks")
            } catch let problems as Diagnostics {
                Terminal.say("\(problems)")
                hasProblems = true
            }
        }
        if hasProblems { throw Ending.failed }
    }
}
