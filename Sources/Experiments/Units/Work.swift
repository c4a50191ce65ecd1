/// A long computation in units.
///
/// A unit depends on nothing but the experiment's inputs, so units can be computed in any order, by any process. Their parts are
/// folded in the order of the units, and so the result is the same bits whoever computed them.
///
///     let work = Work(name: "group", noun: "pairs", counts: groups.map(\.count), read: Part.init, write: \.bytes) { unit, _ in
///         try walk.run(group: unit)
///     }
///     let parts = try context.fold(work, into: []) { $0.append($1) }
public struct Work<Part> {
    /// Tells this work from others of the same experiment, and stays the same from run to run.
    public let name: String
    /// What is counted while it runs: `pairs`.
    public let noun: String
    /// How many of them each unit holds.
    public let counts: [Int]
    /// What a unit costs, for forecasts; nil where that is not known.
    private let cost: ((_ unit: Int) -> WorkCost)?
    private let read: (_ unit: Int, _ bytes: [UInt8]) -> Part?
    private let write: (Part) -> [UInt8]
    private let run: (_ unit: Int, _ progress: (Int) -> Void) throws -> Part

    /// - Parameters:
    ///   - cost: what a unit costs, where that is known.
    ///   - read: makes a unit's part of what was kept; nil when it cannot be, and then the unit is computed.
    ///   - write: the part's bytes, from which `read` makes the very same part.
    ///   - run: computes a unit; it may tell how much of it is done.
    public init(
        name: String, noun: String, counts: [Int], cost: ((_ unit: Int) -> WorkCost)? = nil,
        read: @escaping (_ unit: Int, _ bytes: [UInt8]) -> Part?, write: @escaping (Part) -> [UInt8],
        run: @escaping (_ unit: Int, _ progress: (Int) -> Void) throws -> Part
    ) {
        self.name = name
        self.noun = noun
        self.counts = counts
        self.cost = cost
        self.read = read
        self.write = write
        self.run = run
    }

    /// Larger parts are not kept: SQLite takes no value of 10⁹ bytes.
    private static var mostBytes: Int { 1 << 29 }

    /// Computes the units that no earlier run of the same experiment finished, keeps each, and folds all in order.
    fileprivate func fold<Total>(
        in context: some RunContext, into start: Total, _ add: (inout Total, Part) throws -> Void
    ) throws -> Total {
        var total = start
        var left = WorkLeft(noun: noun)
        var (done, kept) = (0, 0)
        let all = counts.reduce(0, +)
        func report(_ more: Int) { context.report(noun, done: done + more, total: all, kept: kept) }
        for (unit, count) in counts.enumerated() {
            let name = "\(name) \(unit)"
            if let part = try context.unit(name, read: { read(unit, $0) }) {
                kept += count
                left.keep(count)
                if left.units == 0 { try add(&total, part) }
            } else if let share = context.share {
                if try share.takes(name) { try keep(try run(unit, report), name, context) }
                left.add(count, share.forecasts ? cost?(unit) : nil)
            } else {
                let part = try run(unit, report)
                try keep(part, name, context)
                try add(&total, part)
            }
            done += count
            report(0)
        }
        if left.units > 0 { throw left }
        return total
    }

    private func keep(_ part: Part, _ name: String, _ context: some RunContext) throws {
        let bytes = write(part)
        if bytes.count <= Self.mostBytes { try context.keep(name, bytes, step: nil) }
    }
}

/// What work costs.
public struct WorkCost: Sendable, Equatable {
    /// Floating-point operations, a multiplication and an addition counting as two.
    public var operations: Int
    /// Bytes that it holds at once, beside the weights.
    public var bytes: Int
}

/// In one of several tasks: units that are not kept, so that their work cannot be folded yet.
public struct WorkLeft: Error, Sendable, Equatable {
    /// What the units hold: `pairs`; nil for several works, which may hold different things.
    public private(set) var noun: String?
    /// How many units are left, and how many are kept.
    public private(set) var (units, keptUnits) = (0, 0)
    /// How many of what they hold is left, and how many are kept.
    public private(set) var (items, keptItems) = (0, 0)
    /// What each unit that is left costs; nil where that is not known.
    public private(set) var costs: [WorkCost]? = []
    /// How many rounds of work follow that need this work's result.
    public internal(set) var roundsAfter = 0
    /// False where more work follows that nothing is known about before this is done.
    public internal(set) var isWhole = true

    init(noun: String) { self.noun = noun }

    mutating func add(_ items: Int, _ cost: WorkCost?) {
        units += 1
        self.items += items
        if let cost { costs?.append(cost) } else { costs = nil }
    }

    mutating func keep(_ items: Int) {
        keptUnits += 1
        keptItems += items
    }

    /// This and more work of the same experiment.
    func and(_ other: WorkLeft) -> WorkLeft {
        var all = self
        all.noun = nil
        all.units += other.units
        all.keptUnits += other.keptUnits
        all.costs = costs.flatMap { own in other.costs.map { own + $0 } }
        all.roundsAfter = max(roundsAfter, other.roundsAfter)
        all.isWhole = isWhole && other.isWhole
        return all
    }
}

extension RunContext {
    /// Computes the units that no earlier run of the same experiment finished, keeps each, and folds all in order.
    ///
    /// In one of several tasks it computes this task's units only.
    /// - Throws: what a unit, `add`, ``unit(_:read:)`` or ``keep(_:_:step:)`` throws, and ``WorkLeft``.
    public func fold<Part, Total>(
        _ work: Work<Part>, into start: Total, _ add: (inout Total, Part) throws -> Void
    ) throws -> Total {
        try work.fold(in: self, into: start, add)
    }

    /// Results that do not need each other, so that several tasks can compute the units of all at once.
    func each<Item, Found>(_ items: [Item], _ run: (Item) throws -> Found) throws -> [Found] {
        var found: [Found] = []
        var left: WorkLeft?
        for item in items {
            do {
                found.append(try run(item))
            } catch let more as WorkLeft {
                left = left?.and(more) ?? more
            }
        }
        if let left { throw left }
        return found
    }

    /// Two results that do not need each other, so that several tasks can compute the units of both at once.
    func both<First, Second>(
        _ first: () throws -> First, _ second: () throws -> Second
    ) throws -> (First, Second) {
        let found = Result(catching: first)
        if case .failure(let error) = found, !(error is WorkLeft) { throw error }
        let other = Result(catching: second)
        if case .failure(let left as WorkLeft) = found, case .failure(let more as WorkLeft) = other {
            throw left.and(more)
        }
        return (try found.get(), try other.get())
    }

    /// A result that needs another of the same experiment in full, which several tasks compute in the round before.
    /// - Parameter standIn: takes the other's place where only a forecast is wanted, so that what needs it is counted too.
    func after<First, Second>(
        _ first: () throws -> First, standIn: () -> First, _ second: (First) throws -> Second
    ) throws -> Second {
        let found: First
        do { found = try first() } catch var left as WorkLeft {
            left.roundsAfter += 1
            guard share?.forecasts == true else { throw left }
            do { _ = try second(standIn()) } catch let more as WorkLeft {
                let rounds = left.roundsAfter + more.roundsAfter
                left = left.and(more)
                left.roundsAfter = rounds
            }
            throw left
        }
        return try second(found)
    }
}
