/// Which methods Python's types have, so that `value.name` finds them before a key of that name.
enum Methods {
    /// Whether a value has a method of the name, known here or not.
    static func has(_ name: String, for value: Value) -> Bool {
        switch value {
        case .text: text.contains(name)
        case .list: list.contains(name)
        case .tuple: tuple.contains(name)
        case .dictionary: dictionary.contains(name)
        default: false
        }
    }

    /// What would change a value in place, which the sandbox of transformers refuses.
    static let changing: Set<String> = [
        "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update",
    ]

    private static let text: Set<String> = [
        "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "format_map",
        "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
        "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans", "partition",
        "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip",
        "split",
        "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
    ]
    private static let list: Set<String> = [
        "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort",
    ]
    private static let tuple: Set<String> = ["count", "index"]
    private static let dictionary: Set<String> = [
        "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
    ]
}

extension Evaluator {
    /// `receiver.name(arguments)`.
    func method(_ name: String, of receiver: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Value {
        switch receiver {
        case .text(let text): return try textMethod(name, of: text, arguments)
        case .list, .tuple, .dictionary:
            if Methods.changing.contains(name) {
                throw .invalid("a template cannot change a '\(receiver.typeName)' in place")
            }
            return try containerMethod(name, of: receiver, arguments)
        default: throw .unsupported("the method '\(name)'")
        }
    }

    private func containerMethod(_ name: String, of receiver: Value, _ arguments: Arguments) throws(TemplateError
        .Problem)
        -> Value
    {
        switch (name, receiver) {
        case ("copy", _): return receiver
        case ("get", .dictionary(let dictionary)):
            let bound = try arguments.bound(to: "key", "default", for: name)
            guard let key = bound[0] else { throw .invalid("'get' takes a key") }
            return dictionary[key] ?? bound[1] ?? .none
        case ("items", .dictionary(let dictionary)): return .view(Value.List(dictionary.items), kind: "dict_items")
        case ("keys", .dictionary(let dictionary)): return .view(Value.List(dictionary.keys), kind: "dict_keys")
        case ("values", .dictionary(let dictionary)): return .view(Value.List(dictionary.values), kind: "dict_values")
        case ("count", .list(let list)), ("count", .tuple(let list)):
            guard let value = try arguments.bound(to: "value", for: name)[0] else {
                throw .invalid("'count' takes a value")
            }
            var count = 0
            for element in list.elements { if try areEqual(element, value) { count += 1 } }
            return .int(count)
        case ("index", .list(let list)), ("index", .tuple(let list)):
            guard let value = try arguments.bound(to: "value", for: name)[0] else {
                throw .invalid("'index' takes a value")
            }
            for (index, element) in list.elements.enumerated() {
                if try areEqual(element, value) { return .int(index) }
            }
            throw .invalid("'index' finds no such value")
        default: throw .unsupported("the method '\(name)' of '\(receiver.typeName)'")
        }
    }
}
