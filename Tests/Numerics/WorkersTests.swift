import Synchronization
import Numerics
import Testing

@Suite struct WorkersTests {
    @Test(arguments: 1...8, [0, 1, 2, 7, 1000])
    func `each task runs exactly once, and no two at a time for one worker`(_ count: Int, _ tasks: Int) {
        let record = Mutex(Record(tasks: tasks, workers: count))
        Workers(count: count).run(tasks: tasks) { task, worker in
            record.withLock {
                $0.runs[task] += 1
                $0.atOnce[worker] += 1
                $0.most = max($0.most, $0.atOnce[worker])
            }
            record.withLock { $0.atOnce[worker] -= 1 }
        }
        record.withLock {
            #expect($0.runs == Array(repeating: 1, count: tasks))
            #expect($0.most <= 1)
        }
    }

    @Test(arguments: 1...8)
    func `results come in the order of their tasks`(_ count: Int) {
        #expect(Workers(count: count).map(500) { $0 * $0 } == (0..<500).map { $0 * $0 })
    }

    private struct Record: Sendable {
        var runs: [Int]
        var atOnce: [Int]
        var most = 0

        init(tasks: Int, workers: Int) {
            runs = Array(repeating: 0, count: tasks)
            atOnce = Array(repeating: 0, count: workers)
        }
    }
}
