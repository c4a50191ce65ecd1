import Markdown
import Notebooks

/// What runs and readers have said of blocks that have no result yet. It counts for one version of a block, so that an edit that is undone
/// finds what was said before.
struct RunHistory: Sendable {
    private struct Entry: Sendable {
        var forecast: Forecast?
        var problems: [Diagnostic]?
        /// Whether it waits until someone starts it.
        var isHeld = false
        /// Whether someone started it.
        var isAsked = false
    }

    /// By id and key.
    private var entries: [String: [String: Entry]] = [:]

    /// Forgets all blocks but these.
    mutating func keep(_ ids: Set<String>) { entries = entries.filter { ids.contains($0.key) } }

    /// Whether a run may start the block without being asked.
    func mayStart(_ id: String, key: String) -> Bool { entry(id, key)?.isHeld != true }

    /// Whether someone started it.
    func isAsked(_ id: String, key: String) -> Bool { entry(id, key)?.isAsked == true }

    /// What it takes, as far as a run has reported.
    func forecast(_ id: String, key: String) -> Forecast? { entry(id, key)?.forecast }

    /// Why it failed; nil when it has not.
    func problems(_ id: String, key: String) -> [Diagnostic]? { entry(id, key)?.problems }

    /// An event of a run about a block.
    mutating func note(_ failure: BlockFailure, of id: String, key: String) {
        var changed = entry(id, key) ?? Entry()
        switch failure.reason {
        case .waits(let forecast?): changed.forecast = forecast
        case .failed: changed.problems = failure.problems
        case .broken, .needs, .stopped, .postponed, .left, .waits(nil): return
        }
        changed.isHeld = true
        entries[id, default: [:]][key] = changed
    }

    /// Lets the block run, however long it takes.
    mutating func start(_ id: String, key: String) {
        entries[id, default: [:]][key] = Entry(isAsked: true)
    }

    /// Keeps the block from running until it is started.
    mutating func stop(_ id: String, key: String) {
        entries[id, default: [:]][key] = Entry(isHeld: true)
    }

    private func entry(_ id: String, _ key: String) -> Entry? { entries[id]?[key] }
}
