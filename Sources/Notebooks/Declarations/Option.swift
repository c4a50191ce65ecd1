import Markdown

/// One option of a command as data: from it come the checks, the messages and the help.
public struct OptionDeclaration: Sendable {
    /// Whether the option's value can change a result.
    public enum Effect: Sendable, Equatable {
        /// Enters the result's key.
        case computational
        /// Changes only how a result is shown.
        case presentational
    }

    /// What an option's value refers to, when it names another block.
    public enum Reference: Sendable, Equatable {
        /// The id of an earlier block of one of these commands.
        case block(of: [String])
        /// `id.table` of an earlier block.
        case table
    }

    /// What the words of an option's value name, for editors.
    public enum Naming: Sendable, Equatable {
        /// Values by their full paths: the option's value itself, or, where it is a mapping, that of the first of these keys.
        case values(keys: [String])
        /// Columns of the table that the block names; in a mapping they are its keys.
        case columns
    }

    /// The option's name, as a notebook writes it.
    public let name: String
    /// The type and range in words, as messages and help say them: `a whole number, at least 1`.
    public let type: String
    /// What its value looks like, for editors.
    public let shape: OptionShape
    /// The values allowed, where they can be listed.
    public let choices: [String]
    /// The default as it would be written in a notebook; `nil` when the option must be given.
    public let defaultText: String?
    /// One line of help.
    public let help: String
    /// Whether its value can change a result.
    public let effect: Effect
    /// What its value refers to, when it names another block.
    public let reference: Reference?
    /// What must be there, when its value is a path.
    public let target: PathTarget?
    /// What the words of its value name, where that is no block.
    public fileprivate(set) var naming: Naming?
    /// The checks: what was written, or nil, to the value's normal form.
    let normalise: @Sendable (YAMLValue?, Surroundings) throws(OptionMismatch) -> OptionValue
    /// What is missing of the files that a value names, found without loading any; nil for an option that names none.
    fileprivate(set) var missing: (@Sendable (YAMLValue, Surroundings) -> [ArgumentError])?

    /// Whether it must be given.
    public var isRequired: Bool { defaultText == nil }
}

/// A typed option: the declaration, and how its value is read.
///
///     static let limit = Option.int("limit", in: 1..., help: "keep at most this many pairs").optional
///
/// A command keeps its options as static constants, lists their declarations, and reads each with ``Arguments/value(_:)``.
public struct Option<Value: Sendable>: Sendable {
    /// The option as data.
    public let declaration: OptionDeclaration
    /// What was written, or nil when nothing was, to the option's value.
    let resolve: @Sendable (YAMLValue?, Surroundings) throws(OptionMismatch) -> Value

    /// An option of any type that needs nothing but its own value.
    /// - Parameters:
    ///   - defaultText: the default as help shows it, with its value in `fallback`; both `nil` for a required option.
    ///   - read: turns a YAML value into the option's value, or throws what was wrong.
    ///   - normal: the value's one normal form, which enters the key; without it, what the YAML says, in the author's words.
    public init(
        _ name: String, type: String, shape: OptionShape = .any, choices: [String] = [], help: String,
        defaultText: String? = nil, fallback: Value? = nil, effect: OptionDeclaration.Effect = .computational,
        normal: (@Sendable (Value) -> OptionValue)? = nil,
        read: @escaping @Sendable (YAMLValue) throws(OptionMismatch) -> Value
    ) {
        precondition(
            (defaultText == nil) == (fallback == nil), "option '\(name)' needs both a default and its text, or neither")
        self.init(
            name, type: type, shape: shape, choices: choices, help: help, defaultText: defaultText, effect: effect,
            reference: nil,
            normal: { value, written in
                if let normal { return normal(value) }
                return written.map(OptionValue.init) ?? .scalar(.string(defaultText ?? ""))
            },
            resolve: { (written, _) throws(OptionMismatch) -> Value in
                if let written { return try read(written) }
                guard let fallback else { throw OptionMismatch("it is not given") }
                return fallback
            })
    }

    /// The same option where it need not be given: it is nil then.
    public var optional: Option<Value?> {
        let (required, resolve) = (declaration, resolve)
        return Option<Value?>(
            declaration: OptionDeclaration(
                name: required.name, type: required.type, shape: required.shape, choices: required.choices,
                defaultText: "none", help: required.help, effect: required.effect, reference: required.reference,
                target: required.target, naming: required.naming,
                normalise: { (written, surroundings) throws(OptionMismatch) -> OptionValue in
                    written == nil ? .scalar(.null) : try required.normalise(written, surroundings)
                }, missing: required.missing),
            resolve: { (written, surroundings) throws(OptionMismatch) -> Value? in
                written == nil ? nil : try resolve(written, surroundings)
            })
    }

    /// The same option with a look at the files that its value names; nothing is loaded for it.
    /// - Parameter missing: tells what is missing, given the value and the YAML that says it.
    public func looking(
        for missing: @escaping @Sendable (Value, YAMLValue, Project) -> [ArgumentError]
    ) -> Option {
        var copy = declaration
        copy.missing = { [resolve] written, surroundings in
            // A value that the option cannot take is a problem that is told elsewhere.
            guard let value = try? resolve(written, surroundings) else { return [] }
            return missing(value, written, surroundings.project)
        }
        return Option(declaration: copy, resolve: resolve)
    }

    /// The same option, which says what the words of its value name.
    public func naming(_ naming: OptionDeclaration.Naming) -> Option {
        var copy = declaration
        copy.naming = naming
        return Option(declaration: copy, resolve: resolve)
    }

    private init(
        declaration: OptionDeclaration,
        resolve: @escaping @Sendable (YAMLValue?, Surroundings) throws(OptionMismatch) -> Value
    ) {
        self.declaration = declaration
        self.resolve = resolve
    }

    /// An option that may look at the blocks above it.
    init(
        _ name: String, type: String, shape: OptionShape, choices: [String] = [], help: String, defaultText: String?,
        effect: OptionDeclaration.Effect, reference: OptionDeclaration.Reference?, target: PathTarget? = nil,
        normal: @escaping @Sendable (Value, YAMLValue?) -> OptionValue,
        resolve: @escaping @Sendable (YAMLValue?, Surroundings) throws(OptionMismatch) -> Value
    ) {
        self.resolve = resolve
        declaration = OptionDeclaration(
            name: name, type: type, shape: shape, choices: choices, defaultText: defaultText, help: help,
            effect: effect,
            reference: reference, target: target,
            normalise: { (written, surroundings) throws(OptionMismatch) -> OptionValue in
                normal(try resolve(written, surroundings), written)
            })
    }
}

/// A value that an option cannot take.
public struct OptionMismatch: Error, Sendable, Equatable {
    /// A clause that says what is wrong with the value: `'many' is not a whole number`.
    public let problem: String
    /// Where, when it is narrower than the option's value.
    public let location: SourceLocation?
    /// Names that the user may have meant.
    public let suggestions: [String]
    /// The kind of problem, where it has one of its own.
    let code: DiagnosticCode
    /// True when the problem is a whole sentence that needs no word about the option's type.
    let isWholeSentence: Bool
    /// What may help, when it is not a name.
    let help: String?

    /// A mismatch; `problem` is a clause that can follow "but".
    public init(_ problem: String, at location: SourceLocation? = nil, suggestions: [String] = []) {
        self.init(problem, at: location, suggestions: suggestions, code: .badOption, isWholeSentence: false)
    }

    init(
        _ problem: String, at location: SourceLocation? = nil, suggestions: [String] = [], code: DiagnosticCode,
        isWholeSentence: Bool, help: String? = nil
    ) {
        self.problem = problem
        self.location = location
        self.suggestions = suggestions
        self.code = code
        self.isWholeSentence = isWholeSentence
        self.help = help
    }
}
