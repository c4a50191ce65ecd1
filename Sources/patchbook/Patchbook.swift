import ArgumentParser
import Commands
import Foundation
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
        version: Version.patchbook,
        subcommands: [
            RenderVerb.self, CheckVerb.self, ExplainVerb.self, CacheVerb.self, InspectVerb.self, NewVerb.self,
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
}

@main
enum Main {
    static func main() {
        let arguments = FreshArguments.rewritten(Array(CommandLine.arguments.dropFirst()))
        if arguments.first == "help", arguments.count == 2, let command = Catalogue.standard[arguments[1]] {
            print(CommandHelp.text(for: command))
            return
        }
        // A limit on file sizes is then an error of the write, with a message, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var verb = try Patchbook.parseAsRoot(arguments)
            try verb.run()
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
