/// An expression of the template language, with its place.
struct Expression: Sendable {
    let place: Place
    let form: Form
    /// How deep it is: 1 for a leaf. The parser bounds it.
    let depth: Int

    indirect enum Form: Sendable {
        case literal(Literal)
        case name(Name)
        case list([Expression])
        case tuple([Expression])
        case dictionary([(key: Expression, value: Expression)])
        case attribute(Expression, Text)
        case item(Expression, Expression)
        case slice(Expression, from: Expression?, to: Expression?, by: Expression?)
        case call(Expression, CallArguments)
        case filter(Expression, String, CallArguments)
        case test(Expression, String, CallArguments)
        case not(Expression)
        case negative(Expression)
        case positive(Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case comparison(Expression, [(Comparison, Expression)])
        case arithmetic(Arithmetic, Expression, Expression)
        case concatenation([Expression])
        case conditional(test: Expression, then: Expression, otherwise: Expression?)
    }

    enum Literal: Sendable {
        case none
        case bool(Bool)
        case int(Int)
        case float(Double)
        case text(Text)
    }

    enum Comparison: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIn = "in"
        case isNotIn = "not in"
    }

    enum Arithmetic: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case remainder = "%"
        case power = "**"
    }
}

/// What stands in the parentheses of a call.
struct CallArguments: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    /// `*values` and `**members`.
    var spread: Expression?
    var namedSpread: Expression?

    var depth: Int {
        (positional + named.map(\.value) + [spread, namedSpread].compactMap(\.self)).map(\.depth).max() ?? 0
    }
}

/// A variable's name and its number in the template.
struct Name: Sendable, Equatable {
    let number: Int
    let text: String
}
