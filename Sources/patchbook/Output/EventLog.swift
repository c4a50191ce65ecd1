import Foundation
import JSON
import Synchronization

/// What happens on the way as JSON Lines, one object a line, in a file that `--log` names.
final class EventLog: Sendable {
    private let descriptor: Int32
    private let path: String
    /// Whether it was reported that the log cannot be written: on a full disk every line would report it again.
    private let isBroken = Atomic(false)

    /// Opens the file, and goes on at its end when it is there.
    /// - Throws: ``OutputError``.
    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// Adds one line, with the time in front: `{"time": "2026-01-31T12:00:00Z", "event": …}`.
    func add(_ members: [JSON.Member]) {
        let line = JSON.object([JSON.Member("time", .string(Self.time()))] + members).text() + "\n"
        guard !Descriptor.write(line, to: descriptor) else { return }
        let reason = String(cString: strerror(errno))
        guard !isBroken.exchange(true, ordering: .relaxed) else { return }
        Terminal.say("patchbook: the log '\(path)' cannot be written: \(reason); the render goes on without it")
    }

    /// The time now, in UTC, to the second.
    static func time() -> String { Date().formatted(.iso8601) }
}
