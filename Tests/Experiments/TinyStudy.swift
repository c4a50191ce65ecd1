import Checkpoints
import Experiments
import Interventions
import JSON
import Synchronization
import TestSupport
import Testing
import Transformers

/// The tiny pair of models with four preference pairs, without any notebook.
enum TinyStudy {
    static func models() throws -> ModelPair {
        let folder = Fixtures.path("llamas/pair/")
        return try ModelPair(
            base: Decoder(Checkpoint(path: folder + "base")), tuned: Decoder(Checkpoint(path: folder + "tuned")))
    }

    static func pairs() throws -> [PackedPair] {
        let document = try JSON.parse(Fixtures.bytes(Fixtures.path("llamas/pair/expected.json")))
        return try #require(document["pairs"]?.array).enumerated().map { index, pair in
            func ids(_ key: String) -> [Int] { pair[key]?.array?.compactMap(\.int) ?? [] }
            return PackedPair(
                id: index, cluster: index, prompt: ids("prompt"), chosen: ids("chosen"), rejected: ids("rejected"))
        }
    }
}

/// Keeps finished parts in memory.
final class MemoryContext: RunContext {
    let seed: UInt64 = 7
    let threads = 2
    let memory: Int? = nil
    let isStopped = false
    private let units = Mutex<[String: [UInt8]]>([:])

    /// The names of all parts kept.
    var kept: [String] { units.withLock { $0.keys.sorted() } }

    func unit<Part>(_ name: String, read: ([UInt8]) -> Part?) -> Part? {
        units.withLock { $0[name] }.flatMap(read)
    }

    func keep(_ name: String, _ bytes: [UInt8], step: String?) { units.withLock { $0[name] = bytes } }
    func report(_ noun: String, done: Int, total: Int, kept: Int) {}
}
