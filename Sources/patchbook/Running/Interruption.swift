import Foundation
import Store
import Synchronization

/// Ctrl-C and SIGTERM: waits for the transaction under way, says that what is done is kept, and ends the process. A second signal
/// ends it at once.
///
/// A handler is for all threads of a process, also for those that a library started before `main`, which a mask would not reach.
final class Interruption: Sendable {
    private let stores = Mutex<[Store]>([])
    private let message: @Sendable () -> Void

    /// Where the handler writes the signal's number: a handler may do little else.
    private static let descriptor = Atomic<Int32>(-1)

    /// Takes both signals over from here on.
    /// - Parameter message: says so to the user.
    init(_ message: @escaping @Sendable () -> Void) {
        self.message = message
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        let reading = ends[0]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.descriptor.store(ends[1], ordering: .releasing)
        // Whoever started the program may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.descriptor.load(ordering: .acquiring), &byte, 1)
                signal(number, SIG_DFL)
            }
        }
        Thread.detachNewThread { [self] in
            var number: UInt8 = 0
            while read(reading, &number, 1) < 0, errno == EINTR {}
            for signal in [SIGINT, SIGTERM] { Foundation.signal(signal, SIG_DFL) }
            end(with: 128 + Int32(number))
        }
    }

    /// Waits for this store too before the process ends.
    func watch(_ store: Store) { stores.withLock { $0.append(store) } }

    private func end(with code: Int32) {
        var end: () -> Void = { [message] in
            message()
            _exit(code)
        }
        for store in stores.withLock({ $0 }) {
            let inner = end
            end = { store.stop(inner) }
        }
        end()
    }
}
