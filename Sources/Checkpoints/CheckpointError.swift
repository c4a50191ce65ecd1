/// A checkpoint that cannot be used: which file, where in it, and what was expected.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// The tensor, key or byte range, where the fault has one.
    public let place: String?
    public let problem: String

    public init(file: String, place: String? = nil, problem: String) {
        self.file = file
        self.place = place
        self.problem = problem
    }

    public var description: String {
        if let place { "\(file): \(place): \(problem)" } else { "\(file): \(problem)" }
    }
}
