import ArgumentParser
import Commands
import Foundation
import Markdown
import Notebooks

/// The command line: one verb a file.
struct Patchbook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbook",
        abstract: "Literate notebooks for activation patching between a base model and the model tuned from it.",
        discussion: """
            A notebook is a Markdown file with command blocks; a report is one HTML page that needs nothing else.
            'patchbook help patch' explains a block command, such as patch, and its options.
            """,
        version: ProgramVersion.text,
        subcommands: [
            RenderVerb.self, PreviewVerb.self, CheckVerb.self, LSPVerb.self, DiffVerb.self, ExportVerb.self,
            ImportVerb.self, ExplainVerb.self, PlanVerb.self, MergeVerb.self, SubmitVerb.self, CacheVerb.self,
            InspectVerb.self,
            NewVerb.self,
        ])
}

/// What the process ends with.
enum Ending {
    /// A notebook, a model or data are at fault.
    static let failed = ExitCode(1)
    /// The command line itself is wrong.
    static let wrongUsage = ExitCode(2)
    /// All ran, but a claim does not hold.
    static let claimFailed = ExitCode(3)
    /// Two runs that were compared differ.
    static let moved = ExitCode(4)
}

@main
enum Main {
    static func main() {
        // The parser reads `-Plimit=3` as an option of its own.
        let arguments = CommandLine.arguments.dropFirst().flatMap { argument in
            argument.hasPrefix("-P") && argument != "-P" ? ["-P", String(argument.dropFirst(2))] : [argument]
        }
        // A limit on file sizes is then an error of the write, with a message, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            let verbs = Patchbook.configuration.subcommands.compactMap { $0.configuration.commandName }
            if arguments.first == "help" {
                let asked = Array(arguments.dropFirst())
                if let text = try HelpVerb.text(for: asked) { return print(text, terminator: "") }
                if let problem = HelpVerb.problem(with: asked, verbs: verbs + ["help"]) {
                    Terminal.say(problem)
                    exit(Ending.wrongUsage.rawValue)
                }
            } else if let problem = HelpVerb.missingVerb(arguments, verbs: verbs) {
                Terminal.say(problem)
                exit(Ending.wrongUsage.rawValue)
            }
            var verb = try Patchbook.parseAsRoot(arguments)
            try verb.run()
        } catch let problems as Diagnostics {
            Terminal.say("\(problems)")
            exit(Ending.failed.rawValue)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let isRequest = Patchbook.exitCode(for: error) == .success
            let message = Patchbook.fullMessage(for: error)
            if isRequest {
                print(message)
                if arguments.isEmpty || arguments == ["help"] || arguments == ["--help"] {
                    print("\n" + CommandHelp.text(for: Catalogue.standard))
                }
            } else {
                Terminal.say(message)
                exit(Ending.wrongUsage.rawValue)
            }
        }
    }
}
