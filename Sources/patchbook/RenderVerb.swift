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
            Results are kept beside the notebooks, so that a block runs again only when something it depends on has changed, and a \
            render that was stopped continues from what is done. --fresh computes every block again, --fresh-block ID one block; \
            it may be given more than once.
            """)

    @OptionGroup var files: NotebookFiles
    @OptionGroup var storeOptions: StoreOptions
    @OptionGroup var runOptions: RunOptions

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: "The folder that reports are written to; without it, output in the project's folder.")
    var output: String?

    @ArgumentParser.Option(
        name: .customLong("results"), help: "Also writes the results of one notebook to this JSON file.")
    var results: String?

    @Flag(name: .customLong("frozen"), help: "Runs nothing: uses kept results, and fails naming each stale block.")
    var isFrozen = false

    @Flag(name: .customLong("fresh"), help: "Computes every block again.")
    var isFresh = false

    @ArgumentParser.Option(
        name: .customLong("fresh-block"), help: ArgumentHelp("Computes the block of this id again.", valueName: "id"))
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
        let plan = try plan()
        let log = try log.map { try EventLog(path: $0) }
        let quiet = isQuiet
        let interruption = Interruption { ProgressLines(isQuiet: quiet, log: log).interrupted() }
        let stores = OpenStores(storeOptions, isReadOnly: isFrozen, interruption: interruption)
        defer { stores.close() }
        var ending: ExitCode?
        var used: PageTemplates?
        for page in plan.pages {
            do {
                let analysis = try page.session.analysis.sound()
                let templates = try templates(of: analysis.project)
                let progress = ProgressLines(isQuiet: isQuiet, log: log)
                let found = try render(page, templates, keeping: try stores.store(of: analysis.project), progress)
                used = used ?? templates
                ending = ending == Ending.failed ? ending : found ?? ending
            } catch {
                Terminal.say(Self.message(error, page.path))
                if FileManager.default.fileExists(atPath: page.page) {
                    Terminal.say("'\(page.page)' is from an earlier render")
                }
                ending = Ending.failed
            }
        }
        // The index lists all reports of the folder, also those of other runs.
        if let used {
            for index in plan.indexes where plan.pages.count > 1 || FileManager.default.fileExists(atPath: index) {
                let (entries, skipped) = try ReportFolder((index as NSString).deletingLastPathComponent).contents()
                for file in skipped { Terminal.say("note: \(file)") }
                try FileWriter.write(IndexRenderer(templates: used).html(entries, skipped: skipped), to: index)
            }
        }
        if let ending { throw ending }
    }

    /// What will be written where, found before anything runs.
    private func plan() throws -> OutputPlan {
        var sessions: [(path: String, session: Session)] = []
        var problems: [Diagnostic] = []
        for found in files.paths() {
            do throws(Diagnostics) {
                switch found {
                case .failure(let problem): throw Diagnostics([problem])
                case .success(let path):
                    sessions.append((path, try files.options.session(path, checksFiles: !isFrozen)))
                }
            } catch {
                problems += error.all
            }
        }
        if !problems.isEmpty {
            for problem in problems { Terminal.say(problem.text) }
            throw Ending.failed
        }
        if results != nil, sessions.count != 1 {
            throw ValidationError("--results goes with one notebook, found \(sessions.count)")
        }
        if sessions.allSatisfy({ $0.session.analysis.problems.all.isEmpty }) {
            try checkFresh(against: Set(sessions.flatMap { $0.session.analysis.blocks.map(\.id) }))
        }
        do {
            return try OutputPlan(
                sessions, folder: output,
                others: [("--results", results), ("--log", log)].compactMap { option, path in
                    path.map { (option, $0) }
                })
        } catch {
            Terminal.say("\(error)")
            throw Ending.failed
        }
    }

    private static func message(_ error: any Error, _ path: String) -> String {
        switch error {
        case let problems as Diagnostics: "\(problems)"
        case let error as StoreError: "\(path): error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? "")
        default: "\(path): error: \(error)"
        }
    }

    /// Renders one notebook. Neither a failed claim nor a failed block keeps the report from being written.
    /// - Returns: how the process is to end; nil when all went well.
    private func render(
        _ page: OutputPlan.Page, _ templates: PageTemplates, keeping store: Store?, _ progress: ProgressLines
    ) throws -> ExitCode? {
        let analysis = page.session.analysis
        let evaluation = page.session.run(policy, keeping: store, resources: runOptions.resources) { progress.show($0) }
        // Without its kept results, or a store to keep new ones, a notebook has no page to show.
        if isFrozen || evaluation.problems.all.contains(where: { $0.code == .storeFailed }) {
            _ = try evaluation.whole()
        }
        let isStamped = isStamped
        let report = HTMLReport(templates: templates, project: analysis.project, site: page.site) {
            isStamped ? Self.stamp(progress) : []
        }
        if let results {
            try FileWriter.write(ResultsJSON.json(of: evaluation).text(pretty: true) + "\n", to: results)
        }
        for file in try report.files(evaluation) {
            try FileWriter.write(file.text, to: ReportSite.shown(page.site.output + "/" + file.path))
        }
        progress.finished(page.path, report: page.page)
        print(page.page)
        let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
        let failed = claims.filter { !$0.held }
        if !claims.isEmpty { Terminal.say("\(claims.count - failed.count) of \(claims.count) claims held") }
        for claim in failed { Terminal.say("\(page.path): claim failed: \(claim.claim)") }
        let problems = Diagnostics(evaluation.problems.all + analysis.danglingReferences(in: evaluation))
        guard problems.all.isEmpty else {
            Terminal.say("\(problems)")
            return Ending.failed
        }
        return failed.isEmpty ? nil : Ending.claimFailed
    }

    private var policy: Session.Policy {
        let fresh: Session.Policy.Fresh =
            isFresh ? .all : freshBlocks.isEmpty ? .none : .blocks(Set(freshBlocks))
        return Session.Policy(isFrozen: isFrozen, fresh: fresh)
    }

    /// An id that no notebook has would change nothing, silently.
    private func checkFresh(against known: Set<String>) throws {
        for id in freshBlocks where !known.contains(id) {
            throw ValidationError(
                "--fresh-block: no block has the id '\(id)'; " + Suggestion.help(for: id, among: known.sorted()))
        }
    }

    private static func stamp(_ progress: ProgressLines) -> [(name: String, value: String)] {
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
