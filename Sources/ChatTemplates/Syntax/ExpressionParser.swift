/// Expressions, by Jinja's precedence: `if`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, signs, then
/// members, calls, filters and tests.
extension Parser {
    /// One expression, or several with commas between as a tuple.
    mutating func tuple(isConditional: Bool = true, mayBeEmpty: Bool = false) throws(TemplateError) -> Expression {
        let start = token.place
        var parts: [Expression] = []
        var isTuple = false
        while !isTupleEnd {
            parts.append(isConditional ? try expression() : try disjunction())
            guard take(mark: ",") else { break }
            isTuple = true
        }
        if !isTuple, let only = parts.first { return only }
        if parts.isEmpty, !mayBeEmpty { throw error(.syntax("expected an expression, found \(token.inWords)")) }
        return try node(.tuple(parts), at: start, over: parts)
    }

    private var isTupleEnd: Bool { [.outputEnd, .blockEnd, .mark(")")].contains(token.kind) }

    /// One expression, `a if b else c` among them.
    mutating func expression() throws(TemplateError) -> Expression {
        try nested { (parser) throws(TemplateError) in try parser.conditionalExpression() }
    }

    private mutating func conditionalExpression() throws(TemplateError) -> Expression {
        let start = token.place
        var result = try disjunction()
        while take(word: "if") {
            let test = try disjunction()
            let otherwise = take(word: "else") ? try expression() : nil
            result = try node(
                .conditional(test: test, then: result, otherwise: otherwise), at: start,
                over: [test, result] + (otherwise.map { [$0] } ?? []))
        }
        return result
    }

    private mutating func disjunction() throws(TemplateError) -> Expression {
        var left = try conjunction()
        while take(word: "or") {
            let right = try conjunction()
            left = try node(.or(left, right), at: left.place, over: [left, right])
        }
        return left
    }

    private mutating func conjunction() throws(TemplateError) -> Expression {
        var left = try negation()
        while take(word: "and") {
            let right = try negation()
            left = try node(.and(left, right), at: left.place, over: [left, right])
        }
        return left
    }

    private mutating func negation() throws(TemplateError) -> Expression {
        let start = token.place
        guard take(word: "not") else { return try comparison() }
        let operand = try nested { (parser) throws(TemplateError) in try parser.negation() }
        return try node(.not(operand), at: start, over: [operand])
    }

    private mutating func comparison() throws(TemplateError) -> Expression {
        let first = try sum()
        var rest: [(Expression.Comparison, Expression)] = []
        while let comparison = takeComparison() { rest.append((comparison, try sum())) }
        if rest.isEmpty { return first }
        return try node(.comparison(first, rest), at: first.place, over: [first] + rest.map(\.1))
    }

    private mutating func takeComparison() -> Expression.Comparison? {
        switch token.kind {
        case .mark(let mark):
            guard let comparison = Expression.Comparison(rawValue: mark) else { return nil }
            advance()
            return comparison
        case .name("in"):
            advance()
            return .isIn
        case .name("not") where following == .name("in"):
            advance(by: 2)
            return .isNotIn
        default: return nil
        }
    }

    private mutating func takeArithmetic(_ marks: String...) -> Expression.Arithmetic? {
        guard case .mark(let mark) = token.kind, marks.contains(mark) else { return nil }
        advance()
        return Expression.Arithmetic(rawValue: mark)
    }

    private mutating func sum() throws(TemplateError) -> Expression {
        var left = try concatenation()
        while let operation = takeArithmetic("+", "-") {
            let right = try concatenation()
            left = try node(.arithmetic(operation, left, right), at: left.place, over: [left, right])
        }
        return left
    }

    private mutating func concatenation() throws(TemplateError) -> Expression {
        var parts = [try product()]
        while take(mark: "~") { parts.append(try product()) }
        return parts.count == 1 ? parts[0] : try node(.concatenation(parts), at: parts[0].place, over: parts)
    }

    private mutating func product() throws(TemplateError) -> Expression {
        var left = try power()
        while let operation = takeArithmetic("*", "/", "//", "%") {
            let right = try power()
            left = try node(.arithmetic(operation, left, right), at: left.place, over: [left, right])
        }
        return left
    }

    private mutating func power() throws(TemplateError) -> Expression {
        var left = try unary(withFilters: true)
        while take(mark: "**") {
            let right = try unary(withFilters: true)
            left = try node(.arithmetic(.power, left, right), at: left.place, over: [left, right])
        }
        return left
    }

    private mutating func unary(withFilters: Bool) throws(TemplateError) -> Expression {
        let start = token.place
        var result: Expression
        if let sign = takeArithmetic("-", "+") {
            let operand = try nested { (parser) throws(TemplateError) in try parser.unary(withFilters: false) }
            result = try node(sign == .add ? .positive(operand) : .negative(operand), at: start, over: [operand])
        } else {
            result = try primary()
        }
        result = try postfix(result)
        return withFilters ? try filtered(result) : result
    }

    // MARK: Names, literals and what follows them

    private mutating func primary() throws(TemplateError) -> Expression {
        let start = token.place
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return leaf(.literal(.bool(true)), at: start)
            case "false", "False": return leaf(.literal(.bool(false)), at: start)
            case "none", "None": return leaf(.literal(.none), at: start)
            default: return leaf(.name(intern(name)), at: start)
            }
        case .text(var text):
            advance()
            while case .text(let more) = token.kind {
                text.scalars += more.scalars
                advance()
            }
            return leaf(.literal(.text(text)), at: start)
        case .int(let value):
            advance()
            return leaf(.literal(.int(value)), at: start)
        case .float(let value):
            advance()
            return leaf(.literal(.float(value)), at: start)
        case .mark("("):
            advance()
            let inside = try nested { (parser) throws(TemplateError) in try parser.tuple(mayBeEmpty: true) }
            try expect(.mark(")"))
            return inside
        case .mark("["):
            advance()
            let elements = try list(until: "]") { (parser) throws(TemplateError) in try parser.expression() }
            return try node(.list(elements), at: start, over: elements)
        case .mark("{"):
            advance()
            let pairs = try list(until: "}") { (parser) throws(TemplateError) in
                let key = try parser.expression()
                try parser.expect(.mark(":"))
                return (key: key, value: try parser.expression())
            }
            return try node(.dictionary(pairs), at: start, over: pairs.flatMap { [$0.key, $0.value] })
        default: throw unexpected()
        }
    }

    /// Parts with commas between, the last of which may be followed by one, and the mark that ends them.
    private mutating func list<Part>(
        until end: String, _ part: (inout Parser) throws(TemplateError) -> Part
    ) throws(TemplateError) -> [Part] {
        var parts: [Part] = []
        while !take(mark: end) {
            if !parts.isEmpty {
                try expect(.mark(","))
                if take(mark: end) { break }
            }
            parts.append(try part(&self))
        }
        return parts
    }

    private mutating func postfix(_ start: Expression) throws(TemplateError) -> Expression {
        var result = start
        while true {
            let place = token.place
            switch token.kind {
            case .mark("."):
                advance()
                if case .int(let index) = token.kind {
                    advance()
                    result = try node(.item(result, leaf(.literal(.int(index)), at: place)), at: place, over: [result])
                } else {
                    result = try node(.attribute(result, Text(try expectName())), at: place, over: [result])
                }
            case .mark("["): result = try subscripted(result)
            case .mark("("): result = try called(result)
            default: return result
            }
        }
    }

    private mutating func called(_ callee: Expression) throws(TemplateError) -> Expression {
        let place = token.place
        let arguments = try arguments()
        return try node(.call(callee, arguments), at: place, over: [callee], depth: arguments.depth)
    }

    private mutating func filtered(_ start: Expression) throws(TemplateError) -> Expression {
        var result = start
        while true {
            if take(mark: "|") {
                let place = token.place
                let name = try dottedName()
                let arguments = token.kind == .mark("(") ? try arguments() : CallArguments()
                result = try node(.filter(result, name, arguments), at: place, over: [result], depth: arguments.depth)
            } else if take(word: "is") {
                result = try tested(result)
            } else if token.kind == .mark("(") {
                result = try called(result)
            } else {
                return result
            }
        }
    }

    private mutating func dottedName() throws(TemplateError) -> String {
        var name = try expectName()
        while take(mark: ".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func tested(_ value: Expression) throws(TemplateError) -> Expression {
        let isNegated = take(word: "not")
        let place = token.place
        let name = try dottedName()
        var arguments = CallArguments()
        switch token.kind {
        case .mark("("): arguments = try self.arguments()
        case .name("else"), .name("or"), .name("and"): break
        case .name("is"): throw error(.syntax("a test cannot follow a test without 'and'"))
        case .name, .text, .int, .float, .mark("["), .mark("{"): arguments.positional = [try postfix(try primary())]
        default: break
        }
        let test = try node(.test(value, name, arguments), at: place, over: [value], depth: arguments.depth)
        return isNegated ? try node(.not(test), at: place, over: [test]) : test
    }

    private mutating func subscripted(_ value: Expression) throws(TemplateError) -> Expression {
        let place = token.place
        advance()
        func isEnd(_ parser: Parser) -> Bool { [.mark("]"), .mark(","), .mark(":")].contains(parser.token.kind) }
        let first = isEnd(self) ? nil : try expression()
        if take(mark: ":") {
            let end = isEnd(self) ? nil : try expression()
            let step = take(mark: ":") && !isEnd(self) ? try expression() : nil
            if token.kind == .mark(",") { throw error(.unsupported("an index of several slices")) }
            try expect(.mark("]"))
            return try node(
                .slice(value, from: first, to: end, by: step), at: place,
                over: [value] + [first, end, step].compactMap(\.self))
        }
        guard let first else { throw unexpected() }
        var parts = [first]
        while take(mark: ",") { parts.append(try expression()) }
        try expect(.mark("]"))
        let index = parts.count == 1 ? first : try node(.tuple(parts), at: place, over: parts)
        return try node(.item(value, index), at: place, over: [value, index])
    }

    /// The arguments of a call, parentheses included.
    mutating func arguments() throws(TemplateError) -> CallArguments {
        var arguments = CallArguments()
        try expect(.mark("("))
        var isFirst = true
        while !take(mark: ")") {
            if !isFirst {
                try expect(.mark(","))
                if take(mark: ")") { break }
            }
            isFirst = false
            if take(mark: "*") {
                arguments.spread = try expression()
            } else if take(mark: "**") {
                arguments.namedSpread = try expression()
            } else if case .name(let name) = token.kind, following == .mark("=") {
                advance(by: 2)
                arguments.named.append((name, try expression()))
            } else {
                guard arguments.named.isEmpty, arguments.spread == nil, arguments.namedSpread == nil else {
                    throw error(.syntax("an argument without a name follows one that has a name"))
                }
                arguments.positional.append(try expression())
            }
        }
        return arguments
    }

    // MARK: Nodes

    private func leaf(_ form: Expression.Form, at place: Place) -> Expression {
        Expression(place: place, form: form, depth: 1)
    }

    /// An expression over others.
    /// - Throws: `tooDeep`, so that no walk over a template can exhaust the stack.
    private func node(_ form: Expression.Form, at place: Place, over parts: [Expression], depth: Int = 0)
        throws(TemplateError) -> Expression
    {
        let depth = 1 + max(depth, parts.map(\.depth).max() ?? 0)
        if depth > Self.depthLimit { throw TemplateError(place, .tooDeep(limit: Self.depthLimit)) }
        return Expression(place: place, form: form, depth: depth)
    }
}
