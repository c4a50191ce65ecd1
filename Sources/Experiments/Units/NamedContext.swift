/// A part of an experiment that runs as others of it do: its units have names of their own.
struct NamedContext<Whole: RunContext>: RunContext {
    let whole: Whole
    /// Stands before the names of all units.
    let name: String

    var seed: UInt64 { whole.seed }
    var threads: Int { whole.threads }
    var memory: Int? { whole.memory }
    var isStopped: Bool { whole.isStopped }
    var share: UnitShare? {
        whole.share.map { share in
            UnitShare(forecasts: share.forecasts) { try share.takes("\(name) \($0)") }
        }
    }

    func unit<Part>(_ unit: String, read: ([UInt8]) -> Part?) throws -> Part? {
        try whole.unit("\(name) \(unit)", read: read)
    }

    func keep(_ unit: String, _ bytes: [UInt8], step: String?) throws {
        try whole.keep("\(name) \(unit)", bytes, step: step.map { "\(name) \($0)" })
    }

    func report(_ noun: String, done: Int, total: Int, kept: Int) {
        whole.report(noun, done: done, total: total, kept: kept)
    }
}
