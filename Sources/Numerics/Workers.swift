import Dispatch
import Synchronization

/// Threads that share out numbered tasks; which thread takes a task never changes what the task computes.
public struct Workers: Sendable {
    /// How many threads work at once.
    public let count: Int

    /// - Parameter count: how many threads work at once, at least 1.
    public init(count: Int) {
        precondition(count >= 1, "\(count) workers")
        self.count = count
    }

    /// Runs `body(task, worker)` for every task in `0..<tasks`, with `worker` in `0..<count` naming the thread's own scratch,
    /// and returns when all are done.
    public func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
        guard count > 1, tasks > 1 else {
            for task in 0..<tasks { body(task, 0) }
            return
        }
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(count, tasks)) { worker in
            while true {
                let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < tasks else { return }
                body(task, worker)
            }
        }
    }
}

extension Workers {
    /// The results of `count` tasks in the order of their numbers, whichever thread took them.
    public func map<Result: Sendable>(_ count: Int, _ body: @Sendable (_ task: Int) -> Result) -> [Result] {
        let results = Mutex<[Int: Result]>([:])
        run(tasks: count) { task, _ in
            let result = body(task)
            results.withLock { $0[task] = result }
        }
        return results.withLock { found in (0..<count).compactMap { found[$0] } }
    }
}
