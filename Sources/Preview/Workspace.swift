import Foundation
import Notebooks
import Reports

/// The notebooks of a preview: it follows their files, draws their pages, and lets blocks run.
///
/// It works on a thread of its own. Blocks run on another, so that pages follow their texts meanwhile.
package actor Workspace {
    /// Where the list of reports lies.
    package static let index = "/"
    /// How often a page is drawn while blocks run.
    private static let interval = Duration.milliseconds(300)

    private let executor = ThreadExecutor("pages")
    private let runner = BlockRunner()
    private let sources: PreviewSources
    private var watcher: FileWatcher?
    /// The paths of all notebooks by the address of their page, and the addresses in the order of the index.
    private var paths: [String: String] = [:]
    private var addresses: [String] = []
    private var skipped: [ReportFolder.Skipped] = []
    /// Those that someone has asked for; one whose file has gone keeps its last page, and says so, until the file is back.
    private var notebooks: [String: PreviewedNotebook] = [:]
    private var runs: [String: PreviewRun] = [:]
    private var drawn: [String: ContinuousClock.Instant] = [:]
    private var indexPage = PreviewedNotebook.Page()
    private var listeners: [String: [UUID: AsyncStream<String>.Continuation]] = [:]
    private var said: [String: String] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ sources: PreviewSources) { self.sources = sources }

    /// Lists the notebooks, and follows their files from here on.
    package func open() {
        watcher = FileWatcher { [weak self] paths in await self?.changed(paths) }
        list()
        if let only { load(only) }
        watch(since: .now)
    }

    /// The address of the only notebook; nil where there are several.
    package var only: String? { addresses.count == 1 ? addresses[0] : nil }

    /// The page at an address; nil where there is none.
    package func page(_ address: String) -> PreviewedNotebook.Page? {
        if address == Self.index {
            drawIndex()
            return indexPage
        }
        load(address)
        return notebooks[address]?.page
    }

    /// The states of a page from now on, as JSON; nil where there is none.
    package func states(_ address: String) -> AsyncStream<String>? {
        // The list is followed only while someone looks at it, and may have changed since its page was sent.
        if address == Self.index { drawIndex() } else { load(address) }
        guard address == Self.index || notebooks[address] != nil else { return nil }
        let id = UUID()
        // Each state holds all of it, so only the latest counts.
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in
            Task { [weak self] in await self?.leave(address, id) }
        }
        listeners[address, default: [:]][id] = continuation
        runWhatIsReady(address)
        continuation.yield(state(address))
        return stream
    }

    /// Lets a block run that waits.
    /// - Returns: whether there is such a block.
    package func start(_ address: String, block: String) -> Bool {
        guard notebooks[address]?.start(block) == true else { return false }
        show(address)
        return true
    }

    /// Lets every block run that waits.
    package func startAll() {
        for (address, notebook) in notebooks where !notebook.waiting.isEmpty {
            for (id, _) in notebook.waiting { _ = notebooks[address]?.start(id) }
            show(address)
        }
    }

    /// Stops a block that runs.
    /// - Returns: whether it runs.
    package func stop(_ address: String, block: String) -> Bool {
        guard let run = runs[address], let current = run.current, current.id == block else { return false }
        notebooks[address]?.stop(block, key: current.key)
        run.cancel()
        tell(address)
        return true
    }

    /// Tells every page its state again, so that those that are gone are noticed.
    func repeatStates() { for address in listeners.keys { tell(address) } }

    // MARK: Files

    private func changed(_ paths: Set<String>) {
        let start = Date.now
        if !sources.folders.isDisjoint(with: paths) { list() }
        for (address, notebook) in notebooks where !notebook.inputs.isDisjoint(with: paths) {
            notebooks[address]?.read(sources)
            show(address)
            if let notebook = notebooks[address] { supersede(runs[address], by: notebook) }
        }
        if listeners[Self.index]?.isEmpty == false {
            drawIndex()
            tell(Self.index)
        }
        watch(since: start)
    }

    private func watch(since start: Date) {
        watcher?.watch(sources.folders.union(notebooks.values.flatMap(\.inputs)), since: start)
    }

    private func list() {
        (addresses, skipped, paths) = ([], [], [:])
        for found in sources.list() {
            switch found {
            case .success(let path):
                let address = "/" + site(path).page(ofNotebook: path)
                addresses.append(address)
                paths[address] = path
            case .failure(let problem): skipped.append(.init(file: problem.file, problem: problem.message))
            }
        }
    }

    /// Where the pages of a notebook's project lie.
    private func site(_ path: String) -> ReportSite {
        let folder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
        let root = Project(notebookFolder: folder).root
        return ReportSite(root: root, output: root + "/output", notebooks: Array(paths.values))
    }

    // MARK: Pages

    /// Reads a notebook that was not asked for yet.
    private func load(_ address: String) {
        guard notebooks[address] == nil, let path = paths[address] else { return }
        let start = Date.now
        notebooks[address] = PreviewedNotebook(path: path, site: site(path))
        notebooks[address]?.read(sources)
        show(address)
        watch(since: start)
    }

    /// Draws a page, tells those who look at it, and runs what may run.
    private func show(_ address: String) {
        draw(address)
        runWhatIsReady(address)
        notebooks[address].map(say)
    }

    private func draw(_ address: String) {
        notebooks[address]?.draw(sources)
        drawn[address] = .now
        tell(address)
    }

    private func drawIndex() {
        for address in addresses { load(address) }
        let project = notebooks.values.lazy.compactMap(\.session?.analysis.project).first
        // Templates that cannot be used are a problem of each report, and shown there.
        guard let templates = try? project.map(sources.templates) ?? PageTemplates() else { return }
        let html = IndexRenderer(templates: templates).html(
            addresses.compactMap { notebooks[$0]?.entry }, skipped: skipped)
        if html != indexPage.html { indexPage = .init(version: indexPage.version + 1, html: html) }
    }

    // MARK: Runs

    private func runWhatIsReady(_ address: String) {
        guard let notebook = notebooks[address], runs[address] == nil, !notebook.ready.isEmpty, isOpen(address) else {
            return
        }
        let run = PreviewRun()
        runs[address] = run
        Task {
            let failures = try? await runner.run(run, notebook, sources) { [weak self] isDone in
                Task { [weak self] in await self?.moved(address, isDone: isDone) }
            }
            runs[address] = nil
            for (block, failure) in failures ?? [] {
                notebooks[address]?.note(failure, of: block.id, key: block.key)
            }
            show(address)
        }
    }

    /// Whether a page is open. The only notebook counts as open.
    private func isOpen(_ address: String) -> Bool { address == only || listeners[address]?.isEmpty == false }

    private func moved(_ address: String, isDone: Bool) {
        if isDone, drawn[address].map({ ContinuousClock.now - $0 > Self.interval }) ?? true {
            draw(address)
        } else {
            tell(address)
        }
    }

    /// A run ends with its block, so that the next one is of the notebook as it is now. A block whose key has changed stops at once; one
    /// whose key nobody knows just now goes on.
    private func supersede(_ run: PreviewRun?, by notebook: PreviewedNotebook) {
        guard let run else { return }
        let blocks = notebook.session?.analysis.document.blocks
        if let current = run.current,
            notebook.keys[current.id].map({ $0 != current.key })
                ?? blocks.map({ !$0.contains { $0.head.id == current.id } }) ?? false
        {
            run.cancel()
        } else {
            run.finishBlock()
        }
    }

    // MARK: Telling

    private func leave(_ address: String, _ id: UUID) {
        listeners[address]?[id] = nil
        if listeners[address]?.isEmpty == true { listeners[address] = nil }
    }

    private func tell(_ address: String) {
        guard let all = listeners[address] else { return }
        let state = state(address)
        for continuation in all.values { continuation.yield(state) }
    }

    private func state(_ address: String) -> String {
        guard let notebook = notebooks[address] else { return PageState(version: indexPage.version).json.text() }
        return PageState(notebook, runs[address], speed: sources.speed).json.text()
    }

    /// What the terminal shows of a notebook, when that is something new.
    private func say(_ notebook: PreviewedNotebook) {
        var lines = notebook.problems.map(\.text)
        for (id, forecast) in notebook.waiting {
            let words = PageState.words(for: forecast, sources.speed())
            lines.append("\(notebook.path): block '\(id)' waits. \(words). Press Enter to run it.")
        }
        let text = lines.isEmpty ? "\(notebook.path): no problems" : lines.joined(separator: "\n")
        guard said[notebook.path] != text else { return }
        said[notebook.path] = text
        sources.say(text)
    }
}
