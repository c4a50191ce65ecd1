import Notebooks
import Synchronization

/// Events in the order they came.
final class EventBox: Sendable {
    private let events = Mutex<[Session.Event]>([])

    var all: [Session.Event] { events.withLock { $0 } }

    func add(_ event: Session.Event) { events.withLock { $0.append(event) } }
}
