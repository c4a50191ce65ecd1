import Dispatch
import Foundation
import Synchronization

/// Runs an actor on a thread of its own, with a stack for deeply nested documents: reading, drawing and computing take long, and the
/// threads that serve requests must stay free.
final class ThreadExecutor: SerialExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let arrived = DispatchSemaphore(value: 0)

    init(_ name: String) {
        let thread = Thread { [self] in work() }
        thread.name = name
        thread.stackSize = 16 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        arrived.signal()
    }

    private func work() {
        while true {
            arrived.wait()
            let job = jobs.withLock { $0.removeFirst() }
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }
}
