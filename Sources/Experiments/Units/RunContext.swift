/// What an experiment runs with: a seed, a share of the machine, and a place where finished parts are kept.
public protocol RunContext: Sendable {
    /// What every random draw follows from.
    var seed: UInt64 { get }
    /// How many threads work side by side.
    var threads: Int { get }
    /// How much memory a run may take, in bytes; nil for what it needs.
    var memory: Int? { get }
    /// Whether the run is to stop: a unit under way may then be given up.
    var isStopped: Bool { get }

    /// How units are shared out among tasks; nil where one process computes all.
    var share: UnitShare? { get }

    /// A part that an earlier run of the same experiment finished; nil when there is none, or `read` makes nothing of it.
    /// - Throws: what keeps parts from being read, and what stops the run.
    func unit<Part>(_ name: String, read: ([UInt8]) -> Part?) throws -> Part?
    /// Keeps a finished part, in place of what was kept under its name.
    /// - Parameter step: what is reported instead of the name, for a part that is kept again and again while it grows.
    /// - Throws: what keeps parts from being written, and what stops the run.
    func keep(_ name: String, _ bytes: [UInt8], step: String?) throws
    /// Says how far the experiment is.
    /// - Parameters:
    ///   - noun: what is counted: `pairs`.
    ///   - kept: how many of those done were kept by an earlier run.
    func report(_ noun: String, done: Int, total: Int, kept: Int)
}

extension RunContext {
    /// One process computes all.
    public var share: UnitShare? { nil }
}

/// One task's share of the units that are not kept.
public struct UnitShare {
    /// Whether the next unit, by its name, is this task's to compute.
    public let takes: (_ name: String) throws -> Bool
    /// Whether nothing is computed, and what all units cost is wanted.
    public let forecasts: Bool

    /// A share.
    public init(forecasts: Bool, takes: @escaping (_ name: String) throws -> Bool) {
        self.forecasts = forecasts
        self.takes = takes
    }
}
