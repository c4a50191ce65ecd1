import Foundation

/// What a run may use of the machine; no result depends on it.
public struct Resources: Sendable, Equatable {
    /// How many threads work side by side, at least 1.
    public let threads: Int
    /// How much memory a run may take, in bytes; nil for what it needs.
    public let memory: Int?

    /// Threads, by default one per core, and bytes.
    public init(threads: Int? = nil, memory: Int? = nil) {
        self.threads = max(threads ?? ProcessInfo.processInfo.activeProcessorCount, 1)
        self.memory = memory
    }
}
