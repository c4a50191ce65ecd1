import Markdown
import Notebooks

/// What runs and readers have said of blocks that have no result yet. It counts for a block only while its key stays the same.
struct RunHistory: Sendable {
    private struct Entry: Sendable {
        let key: String
        var forecast: Forecast?
        var problems: [Diagnostic]?
        /// Whether it waits until someone starts it.
        var isHeld = false
        /// Whether someone started it.
        var isAsked = false
    }

    private var entries: [String: Entry] = [:]

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
        var entry = entry(id, key) ?? Entry(key: key)
        switch failure.reason {
        case .waits(let forecast?): entry.forecast = forecast
        case .failed: entry.problems = failure.problems
        case .broken, .needs, .stopped, .postponed, .left, .waits(nil): return
        }
        entry.isHeld = true
        entries[id] = entry
    }

    /// Lets the block run, however long it takes.
    mutating func start(_ id: String, key: String) {
        var entry = entry(id, key) ?? Entry(key: key)
        (entry.isHeld, entry.isAsked, entry.problems) = (false, true, nil)
        entries[id] = entry
    }

    /// Keeps the block from running until it is started.
    mutating func stop(_ id: String, key: String) {
        var entry = entry(id, key) ?? Entry(key: key)
        (entry.isHeld, entry.isAsked) = (true, false)
        entries[id] = entry
    }

    private func entry(_ id: String, _ key: String) -> Entry? { entries[id].flatMap { $0.key == key ? $0 : nil } }
}
