/// What is left to compute of a block, known before it starts.
public struct Forecast: Sendable, Equatable {
    /// Floating-point operations; those of units that are kept are left out.
    public let operations: Double
    /// False where more work follows that nothing is known about before this is done.
    public let isWhole: Bool
    /// What is counted while it runs, with what is kept already.
    public let start: Progress

    /// A forecast out of its parts.
    public init(operations: Double, isWhole: Bool, start: Progress) {
        self.operations = operations
        self.isWhole = isWhole
        self.start = start
    }
}

extension Session {
    /// A block about to be computed. A run asks before it starts, and once more with a forecast, where one can be made.
    public struct Request: Sendable, Equatable {
        /// The block's id.
        public let id: String
        /// SHA-256 over everything that its result depends on.
        public let key: String
        /// What is left of the block; nil before it starts.
        public let forecast: Forecast?
    }

    /// Which stale blocks a run may compute.
    public struct Permission: Sendable {
        /// Nil where every block may be computed, and nothing needs to be forecast.
        let allows: (@Sendable (Request) -> Bool)?

        /// Every block.
        public static let everything = Permission(allows: nil)

        private init(allows: (@Sendable (Request) -> Bool)?) { self.allows = allows }

        /// The blocks to which the answer is yes.
        public init(_ allows: @escaping @Sendable (Request) -> Bool) { self.allows = allows }
    }
}

/// A block that a run was not allowed to compute.
struct Refused: Error {
    let forecast: Forecast?
}
