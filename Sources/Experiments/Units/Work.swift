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
    private let read: (_ unit: Int, _ bytes: [UInt8]) -> Part?
    private let write: (Part) -> [UInt8]
    private let run: (_ unit: Int, _ progress: (Int) -> Void) throws -> Part

    /// - Parameters:
    ///   - read: makes a unit's part of what was kept; nil when it cannot be, and then the unit is computed.
    ///   - write: the part's bytes, from which `read` makes the very same part.
    ///   - run: computes a unit; it may tell how much of it is done.
    public init(
        name: String, noun: String, counts: [Int], read: @escaping (_ unit: Int, _ bytes: [UInt8]) -> Part?,
        write: @escaping (Part) -> [UInt8], run: @escaping (_ unit: Int, _ progress: (Int) -> Void) throws -> Part
    ) {
        self.name = name
        self.noun = noun
        self.counts = counts
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
        var (done, kept) = (0, 0)
        let all = counts.reduce(0, +)
        func report(_ more: Int) { context.report(noun, done: done + more, total: all, kept: kept) }
        for (unit, count) in counts.enumerated() {
            let name = "\(name) \(unit)"
            if let part = try context.unit(name, read: { read(unit, $0) }) {
                kept += count
                try add(&total, part)
            } else {
                let part = try run(unit, report)
                let bytes = write(part)
                if bytes.count <= Self.mostBytes { try context.keep(name, bytes, step: nil) }
                try add(&total, part)
            }
            done += count
            report(0)
        }
        return total
    }
}

extension RunContext {
    /// Computes the units that no earlier run of the same experiment finished, keeps each, and folds all in order.
    /// - Throws: what a unit, `add`, ``unit(_:read:)`` or ``keep(_:_:step:)`` throws.
    public func fold<Part, Total>(
        _ work: Work<Part>, into start: Total, _ add: (inout Total, Part) throws -> Void
    ) throws -> Total {
        try work.fold(in: self, into: start, add)
    }
}
