import Foundation
import JSON
import Notebooks
import Synchronization

/// What a run says on standard error while it works: on a terminal one line per block, else JSON Lines; and the same to a log.
final class ProgressLines: Sendable {
    private struct State {
        var title = ""
        var started = ContinuousClock.now
        var latest: Notebooks.Progress?
        var lastShown = ContinuousClock.now
        var kept = 0
        var blocks = 0
    }

    private let isQuiet: Bool
    private let log: EventLog?
    /// The point of a sweep; empty outside one.
    private let point: String
    private let state = Mutex(State())

    init(isQuiet: Bool, log: EventLog? = nil, point: String = "") {
        self.isQuiet = isQuiet
        self.log = log
        self.point = point
    }

    /// When a page was made, and what of it was kept.
    var stamp: [(name: String, value: String)] {
        let tally = tally
        return [
            ("Rendered", EventLog.time()), ("From the store", "\(tally.kept) of \(tally.blocks) blocks"),
        ]
    }

    /// How many blocks there were, and how many of them came from the store.
    var tally: (blocks: Int, kept: Int) { state.withLock { ($0.blocks, $0.kept) } }

    func show(_ event: Session.Event) {
        state.withLock { state in
            switch event {
            case .blockStarted(let id, let command, let index, let count):
                let (kept, blocks) = (state.kept, state.blocks)
                let place = "[\(index + 1)/\(count)] \(command) \(id)"
                state = State(title: point.isEmpty ? place : "\(point) \(place)")
                (state.kept, state.blocks) = (kept, blocks)
                say(
                    [
                        .init("event", .string("started")), .init("block", .string(id)),
                        .init("command", .string(command)), .init("index", .int(index)), .init("count", .int(count)),
                    ])
                if Terminal.isInteractive { write("\r\u{1B}[K\(state.title) …") }
            case .unit(let id, let name, let isKept):
                log?.add(
                    placed([
                        .init("event", .string("unit")), .init("block", .string(id)), .init("unit", .string(name)),
                        .init("from", .string(isKept ? "store" : "run")),
                    ]))
            case .progress(let id, let progress): advance(id, progress, &state)
            case .blockFinished(let id, let isKept, let failedClaims):
                finish(id, isKept: isKept, failedClaims: failedClaims, &state)
            case .blockFailed(let id, let failure): fail(id, failure, &state)
            }
        }
    }

    /// The last line of a notebook: where its report is.
    func finished(_ notebook: String, report: String) {
        let tally = tally
        say([
            .init("event", .string("report")), .init("notebook", .string(notebook)), .init("report", .string(report)),
            .init("blocks", .int(tally.blocks)), .init("kept", .int(tally.kept)),
        ])
    }

    /// What Ctrl-C leaves behind.
    func interrupted() {
        say([.init("event", .string("stopped"))])
        if Terminal.isInteractive { Terminal.write("\r\u{1B}[K") }
        if Terminal.isInteractive || isQuiet {
            Terminal.say("patchbook: stopped; what is done is kept, and the next render continues from there")
        }
    }

    private func advance(_ id: String, _ progress: Notebooks.Progress, _ state: inout State) {
        state.latest = progress
        let now = ContinuousClock.now
        let isDue = now - state.lastShown > .seconds(Terminal.isInteractive ? 0.1 : 5)
        guard isDue, progress.done < progress.total else { return }
        state.lastShown = now
        let pace = Pace(progress, after: now - state.started)
        say(
            [
                .init("event", .string("progress")), .init("block", .string(id)),
                .init("unit", .string(progress.unit)), .init("done", .int(progress.done)),
                .init("total", .int(progress.total)), .init("kept", .int(progress.kept)),
                .init("rate", pace.rate.map { .number($0) } ?? .null),
                .init("left", pace.secondsLeft.map { .int($0) } ?? .null),
            ])
        if Terminal.isInteractive { write("\r\u{1B}[K\(state.title): \(pace.words)") }
    }

    private func finish(_ id: String, isKept: Bool, failedClaims: Int, _ state: inout State) {
        state.blocks += 1
        state.kept += isKept ? 1 : 0
        let seconds = (ContinuousClock.now - state.started) / .seconds(1)
        say(
            [
                .init("event", .string("finished")), .init("block", .string(id)),
                .init("from", .string(isKept ? "store" : "run")),
                .init("seconds", .number((seconds * 1000).rounded() / 1000)),
                .init("failed_claims", .int(failedClaims)),
            ])
        guard Terminal.isInteractive else { return }
        var line = "\(state.title): " + (isKept ? "kept" : "\(Pace.rounded(seconds)) s")
        if let progress = state.latest {
            line += ", \(progress.done) \(progress.unit)"
            if progress.kept > 0 { line += " (\(progress.kept) of them kept)" }
        }
        if failedClaims > 0 { line += ", \(failedClaims) claims failed" }
        write("\r\u{1B}[K\(line)\n")
    }

    private func fail(_ id: String, _ failure: BlockFailure, _ state: inout State) {
        state.blocks += 1
        say([
            .init("event", .string("failed")), .init("block", .string(id)),
            .init("problems", .array(failure.problems.map { .string($0.message) })),
        ])
        if Terminal.isInteractive { write("\r\u{1B}[K\(state.title): no result\n") }
    }

    /// One line of JSON, to the log and to standard error where that is not a terminal.
    private func say(_ members: [JSON.Member]) {
        let members = placed(members)
        log?.add(members)
        if !Terminal.isInteractive { write(JSON.object(members).text() + "\n") }
    }

    /// An event with the point of the sweep that it belongs to.
    private func placed(_ members: [JSON.Member]) -> [JSON.Member] {
        point.isEmpty ? members : members + [.init("point", .string(point))]
    }

    private func write(_ text: String) {
        if !isQuiet { Terminal.write(text) }
    }
}
