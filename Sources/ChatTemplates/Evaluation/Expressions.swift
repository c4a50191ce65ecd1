extension Evaluator {
    /// The value of an expression.
    func evaluate(_ expression: Expression, _ scope: Scope) throws(TemplateError) -> Value {
        let value = try nested(expression.place) { () throws(TemplateError) in try self.value(of: expression, scope) }
        if value.depth > Self.depthLimit { throw TemplateError(expression.place, .tooDeep(limit: Self.depthLimit)) }
        return value
    }

    private func value(of expression: Expression, _ scope: Scope) throws(TemplateError) -> Value {
        let place = expression.place
        switch expression.form {
        case .literal(let literal): return Value(literal)
        case .name(let name):
            return scope[name] ?? Self.function(name.text) ?? .undefined("'\(name.text)' is undefined")
        case .list(let parts): return .list(try evaluate(parts, scope))
        case .tuple(let parts): return .tuple(try evaluate(parts, scope))
        case .dictionary(let pairs): return try dictionary(pairs, scope)
        case .attribute(let base, let name):
            let base = try evaluate(base, scope)
            return try at(place) { () throws(TemplateError.Problem) in try attribute(name, of: base) }
        case .item(let base, let index):
            let base = try evaluate(base, scope)
            let index = try evaluate(index, scope)
            return try at(place) { () throws(TemplateError.Problem) in try item(index, of: base) }
        case .slice(let base, let from, let to, let step): return try slice(base, from, to, step, at: place, scope)
        case .call(let callee, let arguments):
            let callee = try evaluate(callee, scope)
            return try call(callee, try evaluate(arguments, at: place, scope), at: place)
        case .filter(let base, let name, let arguments):
            let base = try evaluate(base, scope)
            return try apply(filter: name, to: base, try evaluate(arguments, at: place, scope), at: place)
        case .test(let base, let name, let arguments):
            let base = try evaluate(base, scope)
            let arguments = try evaluate(arguments, at: place, scope)
            return .bool(try at(place) { () throws(TemplateError.Problem) in try test(name, base, arguments) })
        case .not(let operand): return .bool(!(try evaluate(operand, scope).isTrue))
        case .negative(let operand):
            let value = try evaluate(operand, scope)
            return try at(place) { () throws(TemplateError.Problem) in try Operators.negative(value) }
        case .positive(let operand):
            let value = try evaluate(operand, scope)
            return try at(place) { () throws(TemplateError.Problem) in try Operators.positive(value) }
        case .and(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? try evaluate(right, scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, scope)
            return value.isTrue ? value : try evaluate(right, scope)
        case .comparison(let first, let rest): return try comparison(first, rest, scope)
        case .arithmetic(let operation, let left, let right):
            let left = try evaluate(left, scope)
            let right = try evaluate(right, scope)
            return try at(place) { () throws(TemplateError.Problem) in try arithmetic(operation, left, right) }
        case .concatenation(let parts):
            var result: [Unicode.Scalar] = []
            for part in try evaluate(parts, scope) {
                result += try at(place) { () throws(TemplateError.Problem) in
                    let text = try part.written()
                    try charge(length: result.count + text.scalars.count)
                    return text.scalars
                }
            }
            return .text(Text(result))
        case .conditional(let test, let then, let otherwise):
            if try evaluate(test, scope).isTrue { return try evaluate(then, scope) }
            guard let otherwise else { return .undefined("the condition is false, and there is no 'else'") }
            return try evaluate(otherwise, scope)
        }
    }

    private func evaluate(_ parts: [Expression], _ scope: Scope) throws(TemplateError) -> [Value] {
        var values: [Value] = []
        for part in parts { values.append(try evaluate(part, scope)) }
        return values
    }

    /// The values of a call's arguments.
    func evaluate(_ arguments: CallArguments, at place: Place, _ scope: Scope) throws(TemplateError) -> Arguments {
        var result = Arguments(positional: try evaluate(arguments.positional, scope))
        for (name, value) in arguments.named { result.named.append((name, try evaluate(value, scope))) }
        if let spread = arguments.spread {
            let value = try evaluate(spread, scope)
            result.positional += try at(place) { () throws(TemplateError.Problem) in try value.elements() }
        }
        if let spread = arguments.namedSpread {
            guard case .dictionary(let dictionary) = try evaluate(spread, scope) else {
                throw TemplateError(place, .invalid("'**' takes a dictionary"))
            }
            for (key, value) in zip(dictionary.keys, dictionary.values) {
                guard case .text(let name) = key else {
                    throw TemplateError(place, .invalid("'**' takes names as keys"))
                }
                result.named.append((name.string, value))
            }
        }
        return result
    }

    private func dictionary(_ pairs: [(key: Expression, value: Expression)], _ scope: Scope) throws(TemplateError)
        -> Value
    {
        var dictionary = Value.Dictionary()
        for (key, value) in pairs {
            let pair = (try evaluate(key, scope), try evaluate(value, scope))
            try at(key.place) { () throws(TemplateError.Problem) in try dictionary.set(pair.0, pair.1) }
        }
        return .dictionary(dictionary)
    }

    /// `a < b in c`: each side is evaluated once, up to the first comparison that fails.
    private func comparison(
        _ first: Expression, _ rest: [(Expression.Comparison, Expression)], _ scope: Scope
    ) throws(TemplateError) -> Value {
        var left = try evaluate(first, scope)
        for (comparison, operand) in rest {
            let right = try evaluate(operand, scope)
            let holds = try at(first.place) { () throws(TemplateError.Problem) in try compare(comparison, left, right) }
            if !holds { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    // MARK: Members

    /// `base.name`: a method or other attribute of the value, else the key of that name.
    func attribute(_ name: Text, of base: Value) throws(TemplateError.Problem) -> Value {
        if case .undefined(let reason) = base { throw .undefined(reason) }
        let method = Methods.has(name.string, for: base)
        if method { return .callable(Callable(name.string, .method(of: base))) }
        return member(name, of: base) ?? .undefined("'\(base.typeName)' object has no member '\(name.string)'")
    }

    /// `base[index]`: a key or place, else the attribute of that name.
    func item(_ index: Value, of base: Value) throws(TemplateError.Problem) -> Value {
        if case .undefined(let reason) = base { throw .undefined(reason) }
        if case .dictionary(let dictionary) = base, let value = dictionary[index] { return value }
        if case .text(let name) = index { return try attribute(name, of: base) }
        if let place = index.integer, let count = base.count {
            let index = place < 0 ? place + count : place
            if (0..<count).contains(index) {
                switch base {
                case .text(let text): return .text(text.with([text.scalars[index]]))
                case .list(let list), .tuple(let list): return list.elements[index]
                case .range(let range): return .int(range.start + index * range.step)
                default: break
                }
            }
        }
        return .undefined("'\(base.typeName)' object has no such item")
    }

    private func member(_ name: Text, of base: Value) -> Value? {
        switch base {
        case .dictionary(let dictionary): dictionary[name]
        case .namespace(let namespace): namespace.members[name]
        case .loop(let loop): loop.member(name)
        case .callable(let callable):
            if case .macro(let macro, _) = callable.kind { macro.member(name) } else { nil }
        default: nil
        }
    }

    private func slice(
        _ base: Expression, _ from: Expression?, _ to: Expression?, _ step: Expression?, at place: Place, _ scope: Scope
    ) throws(TemplateError) -> Value {
        let base = try evaluate(base, scope)
        var bounds: [Int?] = []
        for bound in [from, to, step] {
            guard let bound else {
                bounds.append(nil)
                continue
            }
            let value = try evaluate(bound, scope)
            if case .none = value {
                bounds.append(nil)
            } else if let integer = value.integer {
                bounds.append(integer)
            } else {
                throw TemplateError(bound.place, .invalid("a slice takes integers, found '\(value.typeName)'"))
            }
        }
        return try at(place) { () throws(TemplateError.Problem) in
            if case .undefined(let reason) = base { throw .undefined(reason) }
            guard let count = base.count else { throw .invalid("'\(base.typeName)' object has no slices") }
            let places = try Slice(from: bounds[0], to: bounds[1], step: bounds[2]).places(in: count)
            try charge(places.count)
            switch base {
            case .text(let text): return .text(text.with(places.map { text.scalars[$0] }))
            case .list(let list): return .list(places.map { list.elements[$0] })
            case .tuple(let list): return .tuple(places.map { list.elements[$0] })
            case .range(let range): return .list(places.map { .int(range.start + $0 * range.step) })
            default: throw .invalid("'\(base.typeName)' object has no slices")
            }
        }
    }
}

/// Python's `[from:to:step]`.
private struct Slice {
    let from: Int?
    let to: Int?
    let step: Int?

    /// The places that the slice takes of `count`.
    func places(in count: Int) throws(TemplateError.Problem) -> [Int] {
        let step = step ?? 1
        if step == 0 { throw .invalid("the step of a slice cannot be 0") }
        func bound(_ value: Int, _ lowest: Int, _ highest: Int) -> Int {
            max(lowest, min(highest, value < 0 ? max(value, -count - 1) + count : value))
        }
        if step > 0 {
            let start = bound(from ?? 0, 0, count)
            let end = bound(to ?? count, 0, count)
            return start < end ? Array(stride(from: start, to: end, by: min(step, count))) : []
        }
        let start = from.map { bound($0, -1, count - 1) } ?? count - 1
        let end = to.map { bound($0, -1, count - 1) } ?? -1
        return start > end ? Array(stride(from: start, to: end, by: max(step, -count))) : []
    }
}

extension Value {
    init(_ literal: Expression.Literal) {
        switch literal {
        case .none: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .float(let value): self = .float(value)
        case .text(let text): self = .text(text)
        }
    }
}
