import TestSupport
import Testing

extension DamagedFiles {
    /// Expects one error, by its sentence.
    func expect(
        _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
    ) {
        #expect(problem(body) == sentence, sourceLocation: sourceLocation)
    }
}
