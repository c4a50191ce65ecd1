/// A part of a template's body.
indirect enum Statement: Sendable {
    case text(Text, Place)
    case output(Expression)
    case set(Target, Expression)
    /// `{% set name %}…{% endset %}`, with the filters of the tag.
    case setBlock(Target, [FilterCall], [Statement])
    case conditional([(test: Expression, body: [Statement])], otherwise: [Statement])
    case loop(ForLoop)
    case macro(Macro)
    /// `{% call(arguments) macro(…) %}…{% endcall %}`.
    case callBlock(call: Expression, caller: Macro)
    case filterBlock([FilterCall], [Statement], Place)
    case with([(target: Target, value: Expression)], [Statement])
    /// `{% generation %}`: the assistant's part, a scope of its own.
    case generation([Statement])
    case breakLoop
    case continueLoop
}

/// What an assignment writes to.
struct Target: Sendable {
    enum Form: Sendable {
        case name(Name)
        case tuple([Target])
        /// A member of a namespace.
        case member(Name, Text)
    }

    let place: Place
    let form: Form
}

/// A filter of a tag: `{% filter upper %}`.
struct FilterCall: Sendable {
    let place: Place
    let name: String
    let arguments: CallArguments
}

/// `{% for target in iterable if test %}body{% else %}otherwise{% endfor %}`.
struct ForLoop: Sendable {
    let target: Target
    let iterable: Expression
    let test: Expression?
    let body: [Statement]
    let otherwise: [Statement]
}

/// A macro, or the body of a `call` block.
struct Macro: Sendable {
    let name: Name
    let parameters: [(name: Name, fallback: Expression?)]
    let body: [Statement]
    /// The special names that the body reads: each is bound only then.
    let varargs: Name?
    let kwargs: Name?
    let caller: Name?

    /// A member such as `macro.arguments`; `nil` where there is none of the name.
    func member(_ name: Text) -> Value? {
        switch name.string {
        case "name": .text(Text(self.name.text))
        case "arguments": .tuple(parameters.map { .text(Text($0.name.text)) })
        case "catch_kwargs": .bool(kwargs != nil)
        case "catch_varargs": .bool(varargs != nil)
        case "caller": .bool(caller != nil)
        default: nil
        }
    }
}
