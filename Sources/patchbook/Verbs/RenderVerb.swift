import ArgumentParser
import Comparison
import Foundation
import JSON
import Markdown
import Notebooks
import Reports

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
    @OptionGroup var running: RunningOptions
    @OptionGroup var sweeping: SweepOptions
    @OptionGroup var sharing: ShardOptions

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: "The folder that reports are written to; without it, output in the project's folder.")
    var output: String?

    @ArgumentParser.Option(
        name: .customLong("results"), help: "Also writes the results of one notebook to this JSON file.")
    var results: String?

    @Flag(name: .customLong("stamp"), help: "Puts the time, and what came from the store, into the page's footer.")
    var isStamped = false

    func validate() throws {
        let others = [
            ("--frozen", running.isFrozen), ("--fresh", running.isFresh),
            ("--fresh-block", !running.freshBlocks.isEmpty),
            ("--stamp", isStamped), ("--results", results != nil), ("--output", output != nil),
            ("--no-store", running.storeOptions.isOff),
        ]
        if sharing.parts != nil, let (option, _) = others.first(where: \.1) {
            throw ValidationError(
                "--parts computes one task's share and writes no page, so it cannot go with \(option)")
        }
    }

    func run() throws {
        let share = try sharing.share()
        let (plan, sweep) = try plan()
        let run = try NotebookRun(running, access: share == nil ? nil : .copy)
        defer { run.close() }
        if let share { return try run.compute(share, of: plan.pages) }
        for pages in plan.notebooks {
            var points: [ComparedPoint] = []
            for page in pages {
                let files = run.files(of: page, as: HTMLReport.self, stamps: isStamped) { evaluation in
                    guard let results else { return }
                    try FileWriter.write(ResultsJSON.json(of: evaluation).text(pretty: true) + "\n", to: results)
                }
                if sweep != nil, let files { points.append(ComparedPoint(page, files)) }
            }
            if let sweep { run.compare(points, of: sweep, pages[0]) }
        }
        // The index lists all reports of the folder, also those of other runs.
        if let templates = run.templates {
            let renderer = IndexRenderer(templates: templates)
            for index in plan.indexes where plan.pages.count > 1 || FileManager.default.fileExists(atPath: index) {
                let (entries, skipped) = try ReportFolder((index as NSString).deletingLastPathComponent).contents()
                for file in skipped { Terminal.say("note: \(file)") }
                try FileWriter.write(renderer.html(entries, skipped: skipped), to: index)
            }
        }
        if let ending = run.ending { throw ending }
    }

    /// What will be written where, found before anything runs.
    private func plan() throws -> (plan: OutputPlan, sweep: Sweep?) {
        do {
            let sweep = try sweeping.sweep()
            let sessions = try sessions(sweep)
            if results != nil, sessions.count != 1 {
                throw ValidationError("--results goes with one page, found \(sessions.count)")
            }
            try running.checkFresh(sessions.map(\.session))
            let plan = try OutputPlan(
                sessions, folder: output, comparison: sweep?.name,
                others: [("--results", results), ("--log", running.log)].compactMap { option, path in
                    path.map { (option, $0) }
                })
            if let results, let page = plan.pages.first {
                try OutputRefusal.checkReplaced(results, "it holds no results of this notebook") {
                    JSONReport.isReport($0, of: page.session.analysis.document.name)
                }
            }
            return (plan, sweep)
        } catch let error as SweepError {
            Terminal.say("error: \(error)")
        } catch let error as OutputRefusal {
            Terminal.say("\(error)")
        }
        throw Ending.failed
    }

    /// A session for each notebook, or for each point of its sweep.
    private func sessions(_ sweep: Sweep?) throws -> [(path: String, session: Session)] {
        if sweep != nil, running.storeOptions.isOff {
            throw ValidationError("the points of a sweep share results through the store, which --no-store turns off")
        }
        var sessions: [(path: String, session: Session)] = []
        var problems: [Diagnostic] = []
        for found in files.paths() {
            do throws(Diagnostics) {
                switch found {
                case .failure(let problem): throw Diagnostics([problem])
                case .success(let path):
                    let points: [Sweep.Point?] = sweep?.points ?? [nil]
                    for point in points {
                        sessions.append(
                            (path, try files.options.session(path, checksFiles: !running.isFrozen, point: point)))
                    }
                }
            } catch {
                problems += error.all
            }
        }
        if let sweep {
            for (_, session) in sessions { try SweepOptions.check(sweep, against: session.analysis.parameters) }
            // A value that the notebook cannot take would leave a hole among the points.
            for (_, session) in sessions where problems.isEmpty {
                do throws(Diagnostics) { _ = try session.analysis.sound() } catch { problems = error.all }
            }
        }
        if !problems.isEmpty {
            for problem in problems { Terminal.say(problem.text) }
            throw Ending.failed
        }
        return sessions
    }
}
