/// Gathers what is wrong with a block's options, so that all of it is reported and not only the first.
///
///     var problems = ArgumentProblems()
///     if rank == nil, arguments.isGiven("basis") { problems.add("basis", "option 'basis' needs a rank") }
///     try problems.throwIfAny()
public struct ArgumentProblems: Sendable {
    private var all: [ArgumentError] = []

    /// Nothing is wrong yet.
    public init() {}

    /// Notes a problem.
    public mutating func add(_ problem: ArgumentError) { all.append(problem) }

    /// Notes a problem of an option's value.
    public mutating func add(_ option: String, _ sentence: String, help: String? = nil) {
        add(ArgumentError(option: option, sentence, help: help))
    }

    /// - Throws: everything that was noted, as one error.
    public func throwIfAny() throws(ArgumentError) {
        guard var first = all.first else { return }
        first.also += all.dropFirst()
        throw first
    }
}
