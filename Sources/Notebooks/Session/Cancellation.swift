import Synchronization

/// A run that is to stop: whoever starts it keeps this, and cancels it from any thread.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Nothing is cancelled yet.
    public init() {}

    /// Asks the run to stop at the next layer or part; the parts that it finished stay kept.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether the run is to stop.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// - Throws: ``Cancelled`` when the run is to stop.
    public func check() throws(Cancelled) { if isCancelled { throw Cancelled() } }
}

/// A run that was asked to stop.
public struct Cancelled: Error, Sendable, CustomStringConvertible {
    /// The error as a sentence.
    public var description: String { "the run was stopped" }
}
