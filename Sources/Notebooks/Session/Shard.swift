import Synchronization

/// One task's share of the units that a notebook's long blocks still need: every `count`-th of them.
///
/// All tasks count the same units: each counts those that the store does not hold, in the order of the notebook, and none
/// writes to the store. Finished units go to part files, and from there into the store when all tasks are done.
public final class Shard: Sendable {
    private let number: Int
    private let count: Int
    private let parts: (any PartKeeping)?
    private let turn = Mutex(0)
    /// The units that this task finished, by key.
    private let finished = Mutex<[String: [String]]>([:])

    /// Task `number`, from 1, of `count`.
    public init(_ number: Int, of count: Int, parts: any PartKeeping) {
        precondition(1...count ~= number)
        self.number = number
        self.count = count
        self.parts = parts
    }

    /// A share without any unit, to learn what there is to do.
    public init() {
        number = 0
        count = 1
        parts = nil
    }

    /// False for a share without any unit.
    public var computes: Bool { parts != nil }

    /// Whether the next unit is this task's, and not finished by an earlier run of the task.
    func takesNext(_ name: String, of key: String) throws -> Bool {
        let isMine = turn.withLock { turn in
            defer { turn += 1 }
            return turn % count == number - 1
        }
        guard isMine, let parts else { return false }
        return try !parts.has(name, of: key)
    }

    func keep(_ bytes: [UInt8], _ name: String, of key: String) throws {
        finished.withLock { $0[key, default: []].append(name) }
        try parts?.keep(bytes, name, of: key)
    }

    /// Deletes the units that this task finished.
    func forgetUnits(of key: String) throws {
        for name in finished.withLock({ $0.removeValue(forKey: key) ?? [] }) { try parts?.forget(name, of: key) }
    }
}

/// Where a task leaves the units that it finished.
public protocol PartKeeping: Sendable {
    /// Whether a sound part of this name is there.
    func has(_ name: String, of key: String) throws -> Bool
    /// Writes a part, whole or not at all.
    func keep(_ bytes: [UInt8], _ name: String, of key: String) throws
    /// Deletes a part.
    func forget(_ name: String, of key: String) throws
}

/// The error of a command whose result needs units that the store does not have.
public protocol UnitsMissing: Error {
    /// What is missing.
    var postponed: Postponed { get }
}

/// What is left of a block's work: units that the store does not have.
public struct Postponed: Sendable, Equatable {
    /// How many units.
    public let units: Int
    /// What is counted: what the units hold, such as `pairs`, or the units themselves where they hold different things.
    public let noun: String
    /// How many of that are left.
    public let items: Int
    /// How many of that are kept.
    public let kept: Int
    /// Floating-point operations of each; nil where they are not known.
    public let operations: [Int]?
    /// Bytes that they hold at once, beside the weights; nil where that is not known.
    public let bytes: Int?
    /// How many rounds of tasks the block takes after this one.
    public let roundsAfter: Int
    /// False where more work follows that nothing is known about before this is done.
    public let isWhole: Bool

    /// What is left, out of its parts.
    public init(
        units: Int, noun: String, items: Int, kept: Int = 0, operations: [Int]?, bytes: Int?, roundsAfter: Int = 0,
        isWhole: Bool = true
    ) {
        self.units = units
        self.noun = noun
        self.items = items
        self.kept = kept
        self.operations = operations
        self.bytes = bytes
        self.roundsAfter = roundsAfter
        self.isWhole = isWhole
    }

    /// The same as a forecast; nil where the operations are not known.
    var forecast: Forecast? {
        operations.map { operations in
            Forecast(
                operations: operations.reduce(0) { $0 + Double($1) }, isWhole: isWhole,
                start: Progress(unit: noun, done: kept, total: items + kept, kept: kept))
        }
    }
}
