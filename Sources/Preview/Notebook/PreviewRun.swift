import Notebooks
import Synchronization

/// A run of a notebook's stale blocks, which another thread watches and may end.
final class PreviewRun: Sendable {
    /// A block with its key.
    struct Block: Equatable {
        let id: String
        let key: String
    }

    private struct State {
        var current: Block?
        var progress: Progress?
        var started = ContinuousClock.now
        var told = ContinuousClock.now
        var isSuperseded = false
    }

    private let state = Mutex(State())
    private let cancellation = Cancellation()

    /// Forecasts up to this many seconds are not asked about.
    static let longest = 10.0
    private static let interval = Duration.milliseconds(250)

    /// The block that runs now.
    var current: Block? { state.withLock { $0.current } }

    /// How far the block is that runs now.
    var pace: Pace? {
        state.withLock { state in state.progress.map { Pace($0, after: .now - state.started) } }
    }

    /// Stops at the next layer or part of a block; the parts that it finished stay kept.
    func cancel() {
        state.withLock { $0.isSuperseded = true }
        cancellation.cancel()
    }

    /// Ends with the block that runs now.
    func finishBlock() { state.withLock { $0.isSuperseded = true } }

    /// Runs what is stale and allowed.
    /// - Parameters:
    ///   - notebook: what blocks may run, and which of them someone asked for.
    ///   - moved: called when a block starts, makes progress, or is done.
    /// - Returns: the blocks that gave no result, with their keys.
    func run(
        _ notebook: PreviewedNotebook, _ sources: PreviewSources, moved: @escaping @Sendable (_ isDone: Bool) -> Void
    ) throws -> [(block: Block, failure: BlockFailure)] {
        guard let session = notebook.session else { return [] }
        let asked = Mutex<[String: String]>([:])
        let evaluation = session.run(
            keeping: try sources.store(session.analysis.project), resources: sources.resources,
            cancellation: cancellation,
            allowing: Session.Permission { [self] request in
                asked.withLock { $0[request.id] = request.key }
                guard begin(request, notebook, sources) else { return false }
                moved(false)
                return true
            },
            on: { [self] event in
                if let isDone = note(event) { moved(isDone) }
            })
        let keys = asked.withLock { $0 }
        return evaluation.blocks.compactMap { block in
            guard let failure = block.failure, let key = keys[block.head.id] else { return nil }
            return (Block(id: block.head.id, key: key), failure)
        }
    }

    private func begin(_ request: Session.Request, _ notebook: PreviewedNotebook, _ sources: PreviewSources) -> Bool {
        let block = Block(id: request.id, key: request.key)
        guard let forecast = request.forecast else {
            guard notebook.mayStart(block.id, key: block.key) else { return false }
            return state.withLock { state in
                guard !state.isSuperseded else { return false }
                (state.current, state.progress, state.started) = (block, nil, .now)
                return true
            }
        }
        guard
            notebook.isAsked(block.id, key: block.key)
                || forecast.isWhole && forecast.operations / sources.speed() <= Self.longest
        else { return false }
        state.withLock { ($0.progress, $0.started) = (forecast.start, .now) }
        return true
    }

    /// Whether the event says that a block is done; nil for one that is not worth telling.
    private func note(_ event: Session.Event) -> Bool? {
        state.withLock { state in
            switch event {
            case .progress(let id, let progress) where state.current?.id == id:
                state.progress = progress
                guard ContinuousClock.now - state.told >= Self.interval else { return nil }
                state.told = .now
                return false
            case .blockFinished(let id, false, _) where state.current?.id == id: state.current = nil
            case .blockFailed(let id, _) where state.current?.id == id: state.current = nil
            default: return nil
            }
            return true
        }
    }
}

/// Runs blocks, one notebook at a time, away from the thread that draws pages.
actor BlockRunner {
    private let executor = ThreadExecutor("blocks")

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func run(
        _ run: PreviewRun, _ notebook: PreviewedNotebook, _ sources: PreviewSources,
        moved: @escaping @Sendable (_ isDone: Bool) -> Void
    ) throws -> [(block: PreviewRun.Block, failure: BlockFailure)] {
        try run.run(notebook, sources, moved: moved)
    }
}
