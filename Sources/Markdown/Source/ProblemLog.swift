/// Gathers the problems of one source text, so that all are reported and not only the first.
package struct ProblemLog: Sendable {
    package let source: SourceText
    package private(set) var all: [Diagnostic] = []

    /// Whether enough problems are known that no more need be looked for.
    package var isFull: Bool { all.count >= Self.most }
    static let most = 5_000

    package init(_ source: SourceText, _ known: [Diagnostic] = []) {
        self.source = source
        all = known
    }

    /// - Parameter replacements: texts that may stand in the place of what is wrong; help is told where there are none.
    package mutating func add(
        _ code: DiagnosticCode, severity: Diagnostic.Severity = .error, at location: SourceLocation?,
        _ message: String, replacements: [String] = [], help: String? = nil
    ) {
        all.append(
            Diagnostic(
                code, severity: severity, at: location, of: source, message, replacements: replacements, help: help))
    }

    /// Adds a problem of a text that is not this log's own.
    package mutating func add(
        _ code: DiagnosticCode, at location: SourceLocation, of text: SourceText, _ message: String
    ) {
        all.append(Diagnostic(code, at: location, of: text, message))
    }

    package mutating func add(_ problem: Diagnostic) { all.append(problem) }
}
