extension Evaluator {
    /// `value | name(arguments)`.
    func apply(filter name: String, to value: Value, _ arguments: Arguments, at place: Place) throws(TemplateError)
        -> Value
    {
        switch name {
        case "map", "select", "reject", "selectattr", "rejectattr":
            let items = try at(place) { () throws(TemplateError.Problem) in
                try charge(4 * (value.count ?? 0))
                return value.isTrue ? try value.elements() : []
            }
            return .generator(
                name == "map"
                    ? try map(items, arguments, at: place)
                    : try at(place) { () throws(TemplateError.Problem) in try selected(name, items, arguments) })
        default:
            return try at(place) { () throws(TemplateError.Problem) in
                try charge(value.count ?? 0)
                if let result = try textFilter(name, value, arguments) { return result }
                if let result = try listFilter(name, value, arguments) { return result }
                return try valueFilter(name, value, arguments)
            }
        }
    }

    /// `map('upper')` and `map(attribute='role')`.
    private func map(_ items: [Value], _ arguments: Arguments, at place: Place) throws(TemplateError) -> [Value] {
        var result: [Value] = []
        if arguments.positional.isEmpty {
            let bound = try at(place) { () throws(TemplateError.Problem) in
                try arguments.bound(to: "attribute", "default", for: "map")
            }
            guard let path = bound[0] else {
                throw TemplateError(place, .invalid("'map' takes a filter or an attribute"))
            }
            for item in items {
                result.append(
                    try at(place) { () throws(TemplateError.Problem) in
                        try self.member(path, of: item, default: bound[1])
                    })
            }
            return result
        }
        guard case .text(let name) = arguments.positional[0] else {
            throw TemplateError(place, .invalid("'map' takes the name of a filter"))
        }
        var rest = arguments
        rest.positional.removeFirst()
        for item in items { result.append(try apply(filter: name.string, to: item, rest, at: place)) }
        return result
    }

    private func selected(_ name: String, _ items: [Value], _ arguments: Arguments) throws(TemplateError.Problem)
        -> [Value]
    {
        var rest = arguments
        var path: Value?
        if name.hasSuffix("attr") {
            path = try required(arguments, 0, of: name)
            rest.positional.removeFirst()
        }
        var testName: String?
        if let first = rest.positional.first {
            testName = try requiredText(first, of: name).string
            rest.positional.removeFirst()
        }
        var kept: [Value] = []
        for item in items {
            let tested = if let path { try member(path, of: item, default: nil) } else { item }
            let holds = if let testName { try test(testName, tested, rest) } else { tested.isTrue }
            if holds == name.hasPrefix("select") { kept.append(item) }
        }
        return kept
    }

    /// The member that a path such as `function.name` or `0` leads to.
    func member(_ path: Value, of value: Value, default fallback: Value?) throws(TemplateError.Problem) -> Value {
        var result = value
        if case .text(let text) = path {
            for part in text.split(at: ".", limit: -1) {
                result = try item(Int(part.string).map(Value.int) ?? .text(part), of: result)
                if case .undefined = result, let fallback { result = fallback }
            }
            return result
        }
        result = try item(path, of: result)
        if case .undefined = result, let fallback { return fallback }
        return result
    }

    /// The filters that take any value.
    private func valueFilter(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError.Problem)
        -> Value
    {
        switch name {
        case "default", "d":
            let bound = try arguments.bound(to: "default_value", "boolean", for: name)
            let fallback = bound[0] ?? .text("")
            if case .undefined = value { return fallback }
            return bound[1]?.isTrue == true && !value.isTrue ? fallback : value
        case "tojson": return .text(try json(value, arguments))
        case "int": return .int(try integer(value, arguments))
        case "float": return .float(try float(value, arguments))
        case "abs":
            if let integer = value.integer { return integer < 0 ? try Operators.negative(value) : .int(integer) }
            guard let number = value.number else { throw .invalid("'abs' takes a number, found '\(value.typeName)'") }
            return .float(number.magnitude)
        case "round":
            guard arguments.positional.isEmpty, arguments.named.isEmpty else {
                throw .unsupported("'round' with digits")
            }
            guard let number = value.number else { throw .invalid("'round' takes a number, found '\(value.typeName)'") }
            return value.integer.map(Value.int) ?? .float(number.rounded(.toNearestOrEven))
        case "attr":
            guard case .text(let attribute) = try required(arguments, 0, of: name) else {
                throw .invalid("'attr' takes a name")
            }
            if case .dictionary = value, !Methods.has(attribute.string, for: value) {
                return .undefined("'dict' object has no attribute '\(attribute.string)'")
            }
            return try self.attribute(attribute, of: value)
        default: throw .unsupported("the filter '\(name)'")
        }
    }

    private func json(_ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Text {
        let bound = try arguments.bound(to: "ensure_ascii", "indent", "separators", "sort_keys", for: "tojson")
        var indent: Text?
        switch bound[1] {
        case nil, .some(.none): break
        case .text(let text): indent = text
        case .some(let width):
            guard let width = width.integer else { throw .invalid("'tojson' takes a number of spaces as indent") }
            try charge(length: width)
            indent = Text(Array(repeating: " ", count: max(0, width)))
        }
        var separators: (item: Text, key: Text)?
        if let given = bound[2], given.isTrue {
            let parts = try given.elements()
            guard parts.count == 2 else { throw .invalid("'tojson' takes two separators") }
            separators = (try requiredText(parts[0], of: "tojson"), try requiredText(parts[1], of: "tojson"))
        }
        var writer = JSONWriter(
            escapesNonASCII: bound[0]?.isTrue ?? false, indent: indent, separators: separators,
            sortsKeys: bound[3]?.isTrue ?? false)
        let text = try writer.text(of: value)
        try charge(length: text.scalars.count)
        return text
    }

    private func integer(_ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Int {
        let bound = try arguments.bound(to: "default", "base", for: "int")
        let fallback = bound[0]?.integer ?? 0
        if let integer = value.integer { return integer }
        if case .text(let text) = value {
            let digits = text.stripped(nil).string.filter { $0 != "_" }
            if let base = bound[1]?.integer, base != 10 { throw .unsupported("'int' with a base") }
            return Int(digits) ?? Double(digits).flatMap { Int(exactly: $0.rounded(.towardZero)) } ?? fallback
        }
        if case .undefined(let reason) = value { throw .undefined(reason) }
        return value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) } ?? fallback
    }

    private func float(_ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Double {
        let fallback = try arguments.bound(to: "default", for: "float")[0]?.number ?? 0
        if case .undefined(let reason) = value { throw .undefined(reason) }
        if case .text(let text) = value { return Double(text.stripped(nil).string.filter { $0 != "_" }) ?? fallback }
        return value.number ?? fallback
    }
}
