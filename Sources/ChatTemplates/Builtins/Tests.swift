extension Evaluator {
    /// `value is name(arguments)`.
    func test(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Bool {
        if let comparison = Self.comparisons[name] {
            guard let other = try arguments.bound(to: "other", for: name)[0] else {
                throw .invalid("the test '\(name)' takes a value")
            }
            return try compare(comparison, value, other)
        }
        if name == "divisibleby" {
            guard let other = try arguments.bound(to: "num", for: name)[0] else {
                throw .invalid("the test 'divisibleby' takes a number")
            }
            return try areEqual(try arithmetic(.remainder, value, other), .int(0))
        }
        guard arguments.positional.isEmpty, arguments.named.isEmpty else {
            throw .invalid("the test '\(name)' takes no value")
        }
        switch name {
        case "defined": if case .undefined = value { return false } else { return true }
        case "undefined": if case .undefined = value { return true } else { return false }
        case "none": if case .none = value { return true } else { return false }
        case "boolean": if case .bool = value { return true } else { return false }
        case "true": if case .bool(true) = value { return true } else { return false }
        case "false": if case .bool(false) = value { return true } else { return false }
        case "integer": if case .int = value { return true } else { return false }
        case "float": if case .float = value { return true } else { return false }
        case "number": return value.number != nil
        case "string": if case .text = value { return true } else { return false }
        case "mapping": if case .dictionary = value { return true } else { return false }
        case "callable": if case .callable = value { return true } else { return false }
        case "iterable": return isIterable(value)
        case "sequence": return isSequence(value)
        case "odd": return try areEqual(try arithmetic(.remainder, value, .int(2)), .int(1))
        case "even": return try areEqual(try arithmetic(.remainder, value, .int(2)), .int(0))
        case "lower": return try value.written().isLower
        case "upper": return try value.written().isUpper
        case "escaped": if case .text(let text) = value { return text.isMarkup } else { return false }
        default: throw .unsupported("the test '\(name)'")
        }
    }

    private static let comparisons: [String: Expression.Comparison] = [
        "eq": .equal, "equalto": .equal, "==": .equal, "ne": .unequal, "!=": .unequal, "lt": .less, "lessthan": .less,
        "<": .less, "le": .lessOrEqual, "<=": .lessOrEqual, "gt": .greater, "greaterthan": .greater, ">": .greater,
        "ge": .greaterOrEqual, ">=": .greaterOrEqual, "in": .isIn,
    ]

    private func isIterable(_ value: Value) -> Bool {
        switch value {
        case .none, .bool, .int, .float, .namespace, .callable: false
        default: true
        }
    }

    /// What has a length and can be indexed; Jinja counts an undefined value too.
    private func isSequence(_ value: Value) -> Bool {
        switch value {
        case .undefined, .text, .list, .tuple, .dictionary, .range: true
        default: false
        }
    }
}
