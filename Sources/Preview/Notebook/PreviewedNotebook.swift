import Foundation
import Markdown
import Notebooks
import Reports
import Synchronization

/// One notebook of a preview: what its page shows, what is wrong with it, and what has yet to run.
///
/// What is broken or has not run keeps its last good result on the page.
package struct PreviewedNotebook: Sendable {
    /// A page as `render` would write it.
    package struct Page: Sendable, Equatable {
        /// Counts from 1 and rises with each change of the page.
        package var version = 0
        package var html = ""
    }

    /// Why a block has no result of its own yet.
    enum Standing: Sendable, Equatable {
        /// It is about to run.
        case stale
        /// It, or a block that it needs, cannot run or has to wait: what is shown is its last result.
        case outdated
        /// It runs when someone starts it; nil where someone stopped it.
        case waits(Forecast?)
        /// It failed, and runs again when someone starts it.
        case failed
    }

    /// The notebook as the user named it.
    let path: String
    private let site: ReportSite
    /// Where its page lies among the others, without an ending: `study/x`.
    private let place: String
    private(set) var session: Session?
    private(set) var page = Page()
    private(set) var problems: [Diagnostic] = []
    /// The blocks whose results are not those of the notebook as it is, by id.
    private(set) var standings: [String: Standing] = [:]
    /// The keys of the blocks that may run next, by id.
    private(set) var keys: [String: String] = [:]
    /// For the list of reports.
    private(set) var entry: IndexRenderer.Entry
    /// The blocks that had a result, as they last had one.
    private var last: [String: EvaluatedBlock] = [:]
    private var history = RunHistory()

    /// - Parameter site: where the pages of the notebook's project lie.
    init(path: String, site: ReportSite) {
        self.path = path
        self.site = site
        place = site.place(ofNotebook: path)
        entry = IndexRenderer.Entry(title: place, file: HTMLReport.mainFile(place))
    }

    /// The files that its page depends on.
    var inputs: Set<String> {
        var paths: Set = [URL(fileURLWithPath: path).standardizedFileURL.path]
        if let analysis = session?.analysis {
            paths.formUnion(analysis.namedPaths)
            paths.insert(analysis.project.root + "/templates")
        }
        return paths
    }

    /// Reads the notebook again.
    mutating func read(_ sources: PreviewSources) {
        do {
            session = try sources.open(path)
        } catch {
            session = nil
            problems = error.all
        }
    }

    /// Draws the page again from what is kept; nothing runs.
    mutating func draw(_ sources: PreviewSources) {
        keys = [:]
        guard let session else { return standings = last.mapValues { _ in .outdated } }
        let analysis = session.analysis
        problems = analysis.problems.all
        do {
            let asked = Mutex<[String: String]>([:])
            let evaluation = session.run(
                keeping: try sources.store(analysis.project), resources: sources.resources,
                allowing: Session.Permission { request in
                    asked.withLock { $0[request.id] = request.key }
                    return false
                })
            keys = asked.withLock { $0 }
            history.keep(Set(evaluation.blocks.map(\.head.id)))
            standings = [:]
            let shown = merged(evaluation)
            problems += evaluation.problems.all.filter { $0.code != .notRun }
            try draw(shown, of: analysis, try sources.templates(analysis.project))
            problems += analysis.danglingMentions(in: shown)
        } catch {
            let text = SourceText(name: analysis.source.name, text: "")
            problems.append(
                Diagnostic(.runFailed, at: nil, of: text, "\(error)", help: (error as? StoreError)?.help))
        }
        problems = Diagnostics(problems).all
    }

    /// The blocks that a run may start without being asked, with their keys.
    var ready: [String: String] { keys.filter { mayStart($0.key, key: $0.value) } }

    /// Whether a run may start a block without being asked.
    func mayStart(_ id: String, key: String) -> Bool { history.mayStart(id, key: key) }

    /// Whether someone asked for this block to run, however long it takes.
    func isAsked(_ id: String, key: String) -> Bool { history.isAsked(id, key: key) }

    /// The blocks that wait until someone starts them, in document order.
    var waiting: [(id: String, forecast: Forecast)] {
        (session?.analysis.blocks ?? []).compactMap { block in
            if case .waits(let forecast?)? = standings[block.id] { (block.id, forecast) } else { nil }
        }
    }

    /// Lets a block run that waits or failed.
    /// - Returns: whether there is such a block.
    mutating func start(_ id: String) -> Bool {
        guard let key = keys[id] else { return false }
        history.start(id, key: key)
        return true
    }

    /// Keeps a block from running until it is started.
    mutating func stop(_ id: String, key: String) { history.stop(id, key: key) }

    /// An event of a run about a block.
    mutating func note(_ failure: BlockFailure, of id: String, key: String) { history.note(failure, of: id, key: key) }

    /// The evaluation with the last good results in the place of those that there are not.
    private mutating func merged(_ evaluation: Evaluation) -> Evaluation {
        var known: [String: EvaluatedBlock] = [:]
        let shown = evaluation.map { block in
            let id = block.head.id
            guard let failure = block.failure else {
                known[id] = block
                return block
            }
            standings[id] = standing(id, failure)
            guard let old = last[id] else { return block }
            known[id] = old
            // A broken block is shown as it was; of another only the result is old.
            return failure.reason == .broken ? old : EvaluatedBlock(head: block.head, run: old.run)
        }
        last = known
        return shown
    }

    private mutating func standing(_ id: String, _ failure: BlockFailure) -> Standing {
        guard case .waits = failure.reason, let key = keys[id] else { return .outdated }
        if let found = history.problems(id, key: key) {
            problems += found
            return .failed
        }
        return history.mayStart(id, key: key) ? .stale : .waits(history.forecast(id, key: key))
    }

    private mutating func draw(
        _ shown: Evaluation, of analysis: Analysis, _ templates: PageTemplates
    ) throws {
        let report = HTMLReport(
            ReportSurroundings(
                source: analysis.source, project: analysis.project, site: site, place: place,
                templates: templates))
        var files: [OutputFile] = []
        do {
            files = try report.files(shown)
            if let found = files.first.flatMap({ ReportFolder.entry(HTMLReport.mainFile(place), Data($0.bytes)) }) {
                entry = found
            }
        } catch  where !analysis.problems.all.isEmpty {
            // The problems say what keeps the text from being shown. An earlier page stays; else an empty one carries them.
            guard page.version == 0 else { return }
            var empty = shown
            (empty.title, empty.subtitle, empty.parts) = ([.text(empty.name)], [], [])
            files = try report.files(empty)
        }
        guard let file = files.first, case let html = String(decoding: file.bytes, as: UTF8.self), html != page.html
        else {
            return
        }
        page = Page(version: page.version + 1, html: html)
    }
}
