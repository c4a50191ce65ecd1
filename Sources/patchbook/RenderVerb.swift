import ArgumentParser
import Foundation
import JSON
import Markdown
import Notebooks
import Reports
import Store

/// `patchbook render`: notebooks in, reports out.
struct RenderVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Runs notebooks and writes their reports, one HTML page each.",
        discussion: """
            Results are kept beside the notebooks, so that a block runs again only when something it hangs on has changed, and a \
            render that was stopped goes on from what is done. --fresh computes every block anew, --fresh ID one block; it may \
            be given more than once.
            """)

    @OptionGroup var files: NotebookFiles
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var runOptions: RunOptions

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")], help: "The folder that reports are written to.")
    var output = "output"

    @ArgumentParser.Option(
        name: .customLong("results"), help: "Also writes the results of one notebook to this JSON file.")
    var results: String?

    @Flag(name: .customLong("frozen"), help: "Runs nothing: uses kept results, and fails naming each stale block.")
    var isFrozen = false

    @Flag(name: .customLong("fresh"), help: "Computes every block anew; with a block's id behind it, that block.")
    var isFresh = false

    @ArgumentParser.Option(name: .customLong("fresh-block"), help: .hidden)
    var freshBlocks: [String] = []

    @Flag(name: .customLong("stamp"), help: "Puts the time, and what came from the store, into the page's footer.")
    var isStamped = false

    @ArgumentParser.Option(
        name: .customLong("log"),
        help: ArgumentHelp("Adds what happens to this file as JSON Lines, with the time of each.", valueName: "file"))
    var log: String?

    @Flag(name: .customLong("quiet"), help: "Prints no progress.")
    var isQuiet = false

    func validate() throws {
        if isFrozen, isFresh || !freshBlocks.isEmpty {
            throw ValidationError("--frozen runs nothing, so it cannot go with --fresh")
        }
        if isFrozen, storeOptions.isOff { throw ValidationError("--frozen needs the store that --no-store turns off") }
    }

    func run() throws {
        let paths = try files.paths()
        if results != nil, paths.count != 1 {
            throw ValidationError("--results goes with one notebook, found \(paths.count)")
        }
        let log = try log.map { try EventLog(path: $0) }
        let quiet = isQuiet
        let interruption = Interruption { ProgressLines(isQuiet: quiet, log: log).interrupted() }
        let stores = OpenStores(storeOptions, isReadOnly: isFrozen, interruption: interruption)
        defer { stores.close() }
        var ending: ExitCode?
        var used: PageTemplates?
        var freshFound: Set<String> = []
        for path in paths {
            do {
                let bound = try files.bind(path)
                freshFound.formUnion(bound.blocks.map(\.id))
                if path == paths.last { try checkFresh(against: freshFound) }
                let templates = try templates(of: bound.project)
                let failed = try render(
                    bound, from: path, templates, keeping: try stores.store(of: bound.project), log)
                used = used ?? templates
                if failed > 0 { ending = ending ?? Ending.claimFailed }
            } catch let problems as Diagnostics {
                Terminal.say("\(problems)")
                ending = Ending.failed
            } catch let error as StoreError {
                Terminal.say("\(path): error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? ""))
                ending = Ending.failed
            } catch let error where !(error is ExitCode || error is ValidationError) {
                Terminal.say("\(path): error: \(error)")
                ending = Ending.failed
            }
        }
        // The index lists all reports of the folder, also those of other runs.
        let index = output + "/index.html"
        if let used, paths.count > 1 || FileManager.default.fileExists(atPath: index) {
            let entries = try ReportFolder(output).entries()
            try OutputFile.write(IndexRenderer(templates: used).html(entries), to: index)
        }
        if let ending { throw ending }
    }

    /// Renders one notebook and counts its failed claims, which do not keep the report from being written.
    private func render(
        _ bound: BoundNotebook, from path: String, _ templates: PageTemplates, keeping store: Store?, _ log: EventLog?
    ) throws -> Int {
        let renderer = ReportRenderer(templates: templates)
        let progress = ProgressLines(isQuiet: isQuiet, log: log)
        let evaluator = Evaluator(keeping: store, policy: policy, resources: runOptions.resources)
        let evaluation = try evaluator.evaluate(bound) { progress.show($0) }
        let json = ResultsJSON.json(of: evaluation)
        let page = try renderer.html(for: evaluation, results: json, stamp: isStamped ? stamp(progress) : [])
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent + ".html"
        if let results { try OutputFile.write(json.text(pretty: true) + "\n", to: results) }
        try OutputFile.write(page, to: output + "/" + name)
        progress.finished(path, report: output + "/" + name)
        print(output + "/" + name)
        let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
        let failed = claims.filter { !$0.held }
        if !claims.isEmpty { Terminal.say("\(claims.count - failed.count) of \(claims.count) claims held") }
        for claim in failed { Terminal.say("\(path): claim failed: \(claim.claim)") }
        return failed.count
    }

    private var policy: Evaluator.Policy {
        let fresh: Evaluator.Policy.Fresh =
            isFresh ? .all : freshBlocks.isEmpty ? .none : .blocks(Set(freshBlocks))
        return Evaluator.Policy(isFrozen: isFrozen, fresh: fresh)
    }

    /// An id that no notebook has would change nothing, silently.
    private func checkFresh(against known: Set<String>) throws {
        for id in freshBlocks where !known.contains(id) {
            throw ValidationError(
                "--fresh: no block has the id '\(id)'; there are "
                    + known.sorted().map { "'\($0)'" }.joined(separator: ", "))
        }
    }

    private func stamp(_ progress: ProgressLines) -> [(name: String, value: String)] {
        let tally = progress.tally
        return [
            ("Rendered", EventLog.time()), ("From the store", "\(tally.kept) of \(tally.blocks) blocks"),
        ]
    }

    /// Ours, with those that a project's own `templates` folder replaces.
    private func templates(of project: Project) throws -> PageTemplates {
        let folder = project.root + "/templates"
        return try PageTemplates(overriddenBy: FileManager.default.fileExists(atPath: folder) ? folder : nil)
    }
}
