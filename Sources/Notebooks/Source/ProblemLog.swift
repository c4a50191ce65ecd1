/// Gathers the problems of one source text, so that all are reported and not only the first.
struct ProblemLog: Sendable {
    let source: SourceText
    private(set) var all: [Diagnostic] = []

    /// Whether so many problems are known that no more need be looked for.
    var isFull: Bool { all.count >= Self.most }
    static let most = 5_000

    init(_ source: SourceText, _ known: [Diagnostic] = []) {
        self.source = source
        all = known
    }

    mutating func add(_ code: DiagnosticCode, at location: SourceLocation?, _ message: String, help: String? = nil) {
        all.append(Diagnostic(code, at: location, of: source, message, help: help))
    }

    /// Adds a problem of a text that is not this log's own.
    mutating func add(_ code: DiagnosticCode, at location: SourceLocation, of text: SourceText, _ message: String) {
        all.append(Diagnostic(code, at: location, of: text, message))
    }

    mutating func add(_ problem: Diagnostic) { all.append(problem) }

    /// Adds every problem of a command's argument error, each at its own place or else at its option.
    mutating func add(_ error: ArgumentError, in block: (String) -> SourceLocation) {
        for error in error.flattened {
            add(error.code, at: error.location ?? block(error.option), error.description, help: error.help)
        }
    }
}
