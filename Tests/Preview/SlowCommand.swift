import Foundation
import Notebooks
import Synchronization
import Values

/// `{slow}`: work of some units, each of which waits until the test lets it go on.
struct SlowCommand: Command {
    static let name = "slow"
    static let summary = "Works for a while."
    static let units = Option<Int>.int("units", in: 1...100, default: 4, help: "how many units")
    static let size = Option<Int>.int("size", in: 0..., default: 0, help: "operations of a unit")
    static let fails = Option<Bool>.bool("fails", default: false, help: "whether it fails at its first unit")
    static var options: [OptionDeclaration] {
        units
        size
        fails
    }

    let units: Int
    let size: Int
    let fails: Bool

    init(_ arguments: Arguments) throws(ArgumentError) {
        units = try arguments.value(Self.units)
        size = try arguments.value(Self.size)
        fails = try arguments.value(Self.fails)
    }

    var outputs: Outputs { Outputs(values: ["done"]) }

    struct Failure: Error, CustomStringConvertible {
        let description = "it was asked to fail"
    }

    struct Left: UnitsMissing {
        let postponed: Postponed
    }

    let worksInUnits = true

    func run(_ bindings: Bindings) throws -> Outcome {
        let left = try (0..<units).filter { try bindings.unit("unit \($0)", read: { $0 }) == nil }
        if bindings.shard != nil, !left.isEmpty {
            throw Left(
                postponed: Postponed(
                    units: left.count, noun: "units", items: left.count, kept: units - left.count,
                    operations: left.map { _ in size }, bytes: nil))
        }
        for number in left {
            if fails { throw Failure() }
            Self.gate.pass()
            bindings.progress(Progress(unit: "units", done: number + 1, total: units))
            try bindings.keep("unit \(number)", [1])
        }
        var outcome = Outcome()
        outcome.set("done", .int(units))
        return outcome
    }

    /// Lets units go on, and counts those that have run.
    static let gate = Gate()

    final class Gate: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        let passed = Atomic(0)

        func open(_ count: Int) { for _ in 0..<count { semaphore.signal() } }

        func pass() {
            semaphore.wait()
            passed.add(1, ordering: .relaxed)
        }
    }
}
