import Foundation
import Notebooks
import Synchronization

/// A line a block on standard error: what is done, how fast, and how long it may still take.
final class ProgressLines: Sendable {
    private struct State {
        var title = ""
        var started = ContinuousClock.now
        var latest: Notebooks.Progress?
        var lastShown = ContinuousClock.now
    }

    private let isQuiet: Bool
    private let state = Mutex(State())

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ event: Evaluator.Event) {
        guard !isQuiet else { return }
        state.withLock { state in
            switch event {
            case .blockStarted(let id, let command, let index, let count):
                state = State(title: "[\(index + 1)/\(count)] \(command) \(id)")
                if Terminal.isInteractive { Terminal.write("\r\u{1B}[K\(state.title) …") }
            case .progress(_, let progress):
                state.latest = progress
                let now = ContinuousClock.now
                let isDue = now - state.lastShown > .seconds(Terminal.isInteractive ? 0.1 : 5)
                guard isDue, progress.done < progress.total else { return }
                state.lastShown = now
                let line = "\(state.title): \(Self.words(progress, after: now - state.started))"
                Terminal.write(Terminal.isInteractive ? "\r\u{1B}[K\(line)" : line + "\n")
            case .blockFinished(_, let failedClaims):
                let seconds = Self.seconds(ContinuousClock.now - state.started)
                var line = "\(state.title): \(Self.rounded(seconds)) s"
                if let progress = state.latest { line += ", \(progress.done) \(progress.unit)" }
                if failedClaims > 0 { line += ", \(failedClaims) claims failed" }
                Terminal.write((Terminal.isInteractive ? "\r\u{1B}[K" : "") + line + "\n")
            }
        }
    }

    /// `12 of 48 pairs, 3.1 a second, 12 s left`; a rate below one a second is told by the minute.
    private static func words(_ progress: Notebooks.Progress, after duration: Duration) -> String {
        let rate = Double(progress.done) / max(seconds(duration), 1e-3)
        var text = "\(progress.done) of \(progress.total) \(progress.unit)"
        if progress.done > 0 {
            text +=
                (rate < 1 ? ", \(rounded(rate * 60)) a minute" : ", \(rounded(rate)) a second")
                + ", \(Int((Double(progress.total - progress.done) / rate).rounded(.up))) s left"
        }
        return text
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private static func rounded(_ value: Double) -> String {
        (value * 10).rounded() / 10 == value.rounded()
            ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
    }
}
