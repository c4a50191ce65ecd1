import Notebooks
import Synchronization

/// Events in the order they came.
final class EventBox: Sendable {
    private let events = Mutex<[Evaluator.Event]>([])

    var all: [Evaluator.Event] { events.withLock { $0 } }

    func add(_ event: Evaluator.Event) { events.withLock { $0.append(event) } }
}
