import ArgumentParser
import Foundation
import Markdown
import Notebooks
import Reports

/// `patchbook export`: a notebook's report in another format.
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Runs a notebook like 'render', and writes its report in another format.",
        discussion: """
            Kept results are used, and what is stale runs; --frozen runs nothing. A file is replaced only where an earlier export \
            of the same notebook wrote it. The formats are:

            \(ReportFormats.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
            """)

    @Argument(help: "The notebook (.md).")
    var notebook: String

    @OptionGroup var options: NotebookOptions
    @OptionGroup var running: RunningOptions

    @ArgumentParser.Option(name: .customLong("to"), help: "The format, such as ipynb or md.")
    var format: String

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "The file to write, or the folder for it; without it, output in the project's folder.", valueName: "place"))
    var output: String?

    func run() throws {
        let names = ReportFormats.all.map { $0.name }
        guard let format = ReportFormats.all.first(where: { $0.name == self.format }) else {
            throw ValidationError(
                "--to: there is no format '\(self.format)'; "
                    + Suggestion.help(for: self.format, among: names, lead: "the formats are"))
        }
        guard notebook.hasSuffix(".md") else {
            throw ValidationError("'\(notebook)' is not a notebook: a notebook's name ends in '.md'")
        }
        let session = try options.session(notebook, checksFiles: !running.isFrozen)
        try running.checkFresh([session])
        let run = try NotebookRun(running)
        defer { run.close() }
        do throws(OutputRefusal) {
            let place = Place(output, of: format)
            let plan = try OutputPlan(
                [(notebook, session)], as: format, folder: place.folder, stem: place.stem,
                others: running.log.map { [("--log", $0)] } ?? [])
            for page in plan.pages {
                let replaces = try OutputRefusal.checkReplaced(page.main, OutputRefusal.foreign) {
                    format.isReport($0, of: page.session.analysis.document.name)
                }
                _ = run.files(of: page, as: format, replaces: replaces)
            }
        } catch {
            Terminal.say("\(error)")
            throw Ending.failed
        }
        if let ending = run.ending { throw ending }
    }

    /// What `-o` names: a file where it has the format's ending, else a folder.
    private struct Place {
        let folder: String?
        let stem: String?

        init(_ written: String?, of format: any ReportFormat.Type) {
            guard let written, !format.isFolder, written.hasSuffix(".\(format.name)") else {
                (folder, stem) = (written, nil)
                return
            }
            let parent = (written as NSString).deletingLastPathComponent
            folder = parent.isEmpty ? "." : parent
            stem = String((written as NSString).lastPathComponent.dropLast(format.name.count + 1))
        }
    }
}
