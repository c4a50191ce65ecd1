import Foundation
import Store
import Synchronization

/// Ctrl-C and SIGTERM: waits for the transaction under way, says that what is done is kept, and ends the process. A second signal
/// ends it at once.
final class Interruption: Sendable {
    private let stores = Mutex<[Store]>([])
    private let message: @Sendable () -> Void

    /// Takes both signals over from here on; to be called before any other thread starts.
    /// - Parameter message: says so to the user.
    init(_ message: @escaping @Sendable () -> Void) {
        self.message = message
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        Thread.detachNewThread { [self] in
            var awaited = awaited
            var number: Int32 = 0
            sigwait(&awaited, &number)
            pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
            end(with: 128 + number)
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
