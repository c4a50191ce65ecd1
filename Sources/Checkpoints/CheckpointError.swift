/// A checkpoint that cannot be used: which file, where in it, and what was expected.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, folder or Hub name at fault, as it was asked for.
    public let file: String
    /// The tensor, key or byte range, where the fault has one.
    public let place: String?
    /// What was found, and what was expected.
    public let problem: String

    /// An error about `file`, at `place` in it.
    public init(file: String, place: String? = nil, problem: String) {
        self.file = file
        self.place = place
        self.problem = problem
    }

    /// The sentence for the reader: file, place, problem.
    public var description: String {
        // A problem that is the sentence's verb follows its subject directly.
        let isVerb = ["is ", "holds "].contains(where: problem.hasPrefix)
        return (place.map { "\(file): \($0)" } ?? file) + (isVerb ? " " : ": ") + problem
    }
}
