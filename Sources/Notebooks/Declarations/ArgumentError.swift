import Markdown

/// What is wrong with a block's options: one problem, and others of the same block that were found with it.
public struct ArgumentError: Error, Sendable, CustomStringConvertible {
    /// The option's name, as declared.
    public let option: String
    /// A whole sentence without a full stop.
    public let description: String
    /// Where, when it is narrower than the option's value.
    public let location: SourceLocation?
    /// The stable name of the kind of problem.
    public let code: DiagnosticCode
    /// Texts that may stand in the place of what is wrong, the likeliest first.
    public let replacements: [String]
    /// What may help where there are none.
    public let help: String?
    /// Further problems of the same block.
    var also: [ArgumentError] = []

    /// - Parameter sentence: what is wrong, with the option's name in it.
    public init(
        option: String, _ sentence: String, at location: SourceLocation? = nil, code: DiagnosticCode = .badOption,
        replacements: [String] = [], help: String? = nil
    ) {
        self.option = option
        self.description = sentence
        self.location = location
        self.code = code
        self.replacements = replacements
        self.help = help
    }

    /// The error of a path that leads to nothing, or to what was not expected there.
    public init(option: String, _ missing: MissingFile, at location: SourceLocation? = nil) {
        self.init(
            option: option, missing.sentence, at: location, code: .missingFile, replacements: missing.replacements)
    }

    /// The error of a value that its option cannot take.
    init(_ declaration: OptionDeclaration, _ mismatch: OptionMismatch) {
        let sentence =
            mismatch.isWholeSentence
            ? mismatch.problem : "option '\(declaration.name)' takes \(declaration.type), but \(mismatch.problem)"
        self.init(
            option: declaration.name, sentence, at: mismatch.location, code: mismatch.code,
            replacements: mismatch.suggestions, help: mismatch.help)
    }

    /// This problem and all that came with it.
    var flattened: [ArgumentError] { [self] + also.flatMap(\.flattened) }
}

extension ProblemLog {
    /// Adds every problem of a command's argument error, each at its own place or else at its option.
    mutating func add(_ error: ArgumentError, of project: Project, in block: (String) -> SourceLocation) {
        for error in error.flattened {
            add(
                error.code, at: error.location ?? block(error.option), project.naming(error.description),
                replacements: error.replacements, help: error.help)
        }
    }
}
