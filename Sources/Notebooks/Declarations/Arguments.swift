import Markdown
import Values

/// A block's options as its author wrote them, with what the block sees of its notebook; a command reads them when it is bound.
public struct Arguments: Sendable {
    /// The name of the block's command.
    public let command: String
    /// The opening fence of the block.
    public let location: SourceLocation
    let entries: [YAMLValue.Entry]
    let declarations: [OptionDeclaration]
    let surroundings: Surroundings

    /// How paths in this notebook are resolved.
    public var project: Project { surroundings.project }

    /// The blocks above this one, in document order.
    public var blocksAbove: [BlockAbove] { surroundings.above }

    /// The value of an option of this command, its default when it is not given.
    /// - Throws: what is wrong with what was written.
    public func value<Value>(_ option: Option<Value>) throws(ArgumentError) -> Value {
        let declaration = option.declaration
        precondition(
            declarations.contains { $0.name == declaration.name },
            "command '\(command)' reads the option '\(declaration.name)', which it does not declare")
        let written = written(declaration.name)
        if written == nil, declaration.isRequired { throw missing(declaration) }
        do {
            return try option.resolve(written, surroundings)
        } catch {
            throw ArgumentError(declaration, error)
        }
    }

    /// The bound command of an earlier block that one of this block's options names, for what a look at its files tells.
    public func command(_ id: String) -> (any Command)? { surroundings.block(id)?.bound }

    /// Whether the author wrote the option.
    public func isGiven(_ name: String) -> Bool { written(name) != nil }

    /// Where the option's value stands; the block's fence when it was not given.
    public func location(of name: String) -> SourceLocation { written(name)?.location ?? location }

    /// Where a key's value stands in an option that is a mapping; where the option's value stands when it is none.
    public func location(of name: String, key: String) -> SourceLocation {
        written(name)?[key]?.location ?? location(of: name)
    }

    /// Where an entry stands in an option that is a list; where the option's value stands when it is none.
    public func location(of name: String, entry: String) -> SourceLocation {
        written(name)?.sequence?.first { $0.text == entry }?.location ?? location(of: name)
    }

    /// The id of the block above that has this value, for a full path such as `sweep.peak.layer`; nil for a parameter.
    /// - Parameter value: what was written, in which the path stands.
    /// - Throws: an error at the path when the value does not exist, or it is not known yet.
    public func block(ofValue path: String, option: String, in value: YAMLValue) throws(ArgumentError) -> String? {
        let id = String(path.prefix { $0 != "." })
        do {
            // A block that is there, but not above.
            if id == surroundings.own || surroundings.below.contains(id) { _ = try surroundings.reference(id, of: []) }
            try ValuePaths(surroundings).check(path)
            return id == "params" ? nil : id
        } catch {
            let place = value.location(of: path)
            // Where the path's own place is not known, nothing can be put in its place.
            let isExact = place.length == path.utf8.count
            throw ArgumentError(
                option: option, error.problem,
                at: isExact && error.code == .unknownBlock ? place.prefix(id.utf8.count) : place, code: error.code,
                replacements: isExact ? error.suggestions : [],
                help: Suggestion.question(error.suggestions) ?? error.help)
        }
    }

    /// The kind of a value by its full path; nil where it is not known before its block runs.
    public func kind(ofValue path: String) -> Scalar.Kind? { ValuePaths(surroundings).kind(of: path) }

    func written(_ name: String) -> YAMLValue? { entries.first { $0.key == name }?.value }

    func missing(_ declaration: OptionDeclaration) -> ArgumentError {
        ArgumentError(
            option: declaration.name, "block {\(command)} needs the option '\(declaration.name)': \(declaration.type)",
            at: location, code: .missingOption, help: declaration.help)
    }
}
