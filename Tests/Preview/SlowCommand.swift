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

    func run(_ bindings: Bindings) throws -> Outcome {
        let all = (0..<units).map { (name: "unit \($0)", count: 1) }
        try bindings.ask("units", units: all) { _ in Double(size) }
        for (number, unit) in all.enumerated() where try bindings.unit(unit.name, read: { $0 }) == nil {
            if fails { throw Failure() }
            Self.gate.pass()
            bindings.progress(Progress(unit: "units", done: number + 1, total: units))
            try bindings.keep(unit.name, [1])
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
