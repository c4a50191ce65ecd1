/// What is wrong with a formula, and where.
public struct MathProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// What can be wrong.
    public enum Kind: Sendable, Equatable {
        case unknownCommand(String)
        case unknownEnvironment(String)
        /// A command of LaTeX that no formula here can have, with what to do instead.
        case refused(String, String)
        /// A command without what it needs after it.
        case missingArgument(of: String)
        /// A command such as `\left` without a delimiter after it.
        case missingDelimiter(after: String)
        /// What was opened and never closed: `{`, `\left`, `\begin{cases}`.
        case unclosed(String)
        /// What closes or divides nothing: `}`, `&`.
        case unexpected(String)
        case doubleScript(String)
        case wrongEnd(begun: String, ended: String)
        /// A length such as `3 apples`.
        case badLength(String)
        /// A command such as `\kern` without a length after it.
        case missingLength(after: String)
        case badColumns(String)
        /// A tag inside running text, or inside braces.
        case misplacedTag
        case secondTag
        /// `\limits` after what is no operator.
        case noOperator(String)
        case badCharacter(String)
        case tooDeep
        case tooLong(Int)
        case empty
    }

    /// What is wrong.
    public let kind: Kind
    /// The bytes of the formula that are wrong.
    public let range: Range<Int>

    init(_ kind: Kind, _ range: Range<Int>) {
        self.kind = kind
        self.range = range
    }

    /// The problem as a sentence, without what may help.
    public var description: String {
        switch kind {
        case .unknownCommand(let name): "there is no maths command '\(name)'"
        case .refused(let name, let reason): "'\(name)' is not drawn: \(reason)"
        case .unknownEnvironment(let name): "there is no maths environment '\(name)'"
        case .missingArgument(let command): "'\(command)' has nothing after it to apply to"
        case .missingDelimiter(let command): "'\(command)' takes a delimiter such as '(' or '\\|'"
        case .unclosed(let opening): "'\(opening)' is opened here and never closed"
        case .unexpected(let sign): "'\(sign)' does not belong here"
        case .doubleScript(let sign): "a second '\(sign)' for the same base"
        case .wrongEnd(let begun, let ended): "'\\begin{\(begun)}' ends with '\\end{\(ended)}'"
        case .missingLength(let command): "'\(command)' takes a length without braces, such as 1em"
        case .badLength(let text): "'\(text)' is not a length"
        case .badColumns(let text): "'\(text)' does not describe columns"
        case .misplacedTag: "a tag belongs into a formula that stands alone, outside any braces"
        case .secondTag: "the formula has two tags"
        case .noOperator(let command): "'\(command)' follows an operator such as '\\sum'"
        case .badCharacter(let text): "'\(text)' has no meaning in a formula"
        case .tooDeep: "the formula is nested more than \(MathParser.deepest) deep"
        case .tooLong(let bytes): "the formula holds \(bytes) bytes, more than \(MathFormula.longest)"
        case .empty: "the formula is empty"
        }
    }

    /// What may help; nil where the sentence says it all.
    public var help: String? {
        switch kind {
        case .unknownCommand: "a function's name is written \\operatorname{name}, and words \\text{words}"
        case .unexpected("&"), .unexpected("\\\\"):
            "cells and lines belong into an environment such as \\begin{aligned}"
        case .unexpected("}"), .unclosed("{"): "a brace of the text itself is written \\{ or \\}"
        case .badLength: "a length is a number with em, ex, pt or mu: 1.5em"
        case .badColumns: "columns are l, c and r, with | for a line: \\begin{array}{l|cr}"
        case .badCharacter("$"): "a formula ends where its code span or its block does; the sign itself is written \\$"
        case .badCharacter("#"): "the sign itself is written \\#"
        case .doubleScript: "put braces around what has the first one"
        default: nil
        }
    }

    /// Names much like which the unknown one may be meant: commands with their backslash, or environments.
    public var known: [String] {
        switch kind {
        case .unknownCommand: MathSymbols.commands
        case .unknownEnvironment: MathEnvironment.names
        default: []
        }
    }
}
