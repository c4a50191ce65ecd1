/// Gathers the problems of one source text, so that all are reported and not only the first.
struct ProblemLog: Sendable {
    let source: SourceText
    private(set) var all: [Diagnostic] = []

    init(_ source: SourceText, _ known: [Diagnostic] = []) {
        self.source = source
        all = known
    }

    mutating func add(_ code: DiagnosticCode, at location: SourceLocation?, _ message: String, help: String? = nil) {
        all.append(Diagnostic(code, at: location, of: source, message, help: help))
    }

    /// Adds every problem of a command's argument error, each at its own place or else at its option.
    mutating func add(_ error: ArgumentError, in block: (String) -> SourceLocation) {
        for error in error.flattened {
            add(error.code, at: error.location ?? block(error.option), error.description, help: error.help)
        }
    }
}
