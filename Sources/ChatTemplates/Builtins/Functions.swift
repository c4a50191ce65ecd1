/// The functions that transformers gives to every template.
extension Evaluator {
    private static let functions: Set<String> = [
        "range", "dict", "namespace", "raise_exception", "strftime_now", "lipsum", "cycler", "joiner",
    ]

    /// The function of a name that no variable has.
    static func function(_ name: String) -> Value? {
        functions.contains(name) ? .callable(Callable(name, .function)) : nil
    }

    func function(_ name: String, _ arguments: Arguments) throws(TemplateError.Problem) -> Value {
        switch name {
        case "range": return .range(try range(arguments.positional))
        case "dict": return .dictionary(try dictionary(arguments))
        case "namespace":
            let members = try dictionary(arguments)
            for case .text(let name) in members.keys where name.hasPrefix("_") {
                throw .invalid("a namespace has no member '\(name.string)'")
            }
            return .namespace(Value.Namespace(members))
        case "raise_exception":
            guard let message = try arguments.bound(to: "message", for: name)[0] else {
                throw .invalid("'raise_exception' takes a message")
            }
            throw .raised(try message.written().string)
        case "strftime_now":
            guard case .text(let format)? = try arguments.bound(to: "format", for: name)[0] else {
                throw .invalid("'strftime_now' takes a format")
            }
            return .text(try date.formatted(format))
        default: throw .unsupported("the function '\(name)'")
        }
    }

    /// Jinja's sandbox allows 100,000 numbers.
    private func range(_ arguments: [Value]) throws(TemplateError.Problem) -> Value.Range {
        let numbers = arguments.compactMap(\.integer)
        guard numbers.count == arguments.count, (1...3).contains(numbers.count) else {
            throw .invalid("'range' takes one to three integers")
        }
        let limit = 1 << 62
        guard numbers.allSatisfy({ abs($0 / 2) < limit / 2 }) else { throw .unsupported("a range of such numbers") }
        let step = numbers.count == 3 ? numbers[2] : 1
        if step == 0 { throw .invalid("the step of a range cannot be 0") }
        let range = Value.Range(
            start: numbers.count == 1 ? 0 : numbers[0], stop: numbers.count == 1 ? numbers[0] : numbers[1], step: step)
        if range.count > 100_000 { throw .invalid("a range has 100000 numbers at most, found \(range.count)") }
        return range
    }

    private func dictionary(_ arguments: Arguments) throws(TemplateError.Problem) -> Value.Dictionary {
        var dictionary = Value.Dictionary()
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let first): dictionary = first
        case .some(let pairs):
            for pair in try pairs.elements() {
                let parts = try pair.elements()
                guard parts.count == 2 else { throw .invalid("'dict' takes pairs") }
                try dictionary.set(parts[0], parts[1])
            }
        }
        for (name, value) in arguments.named { dictionary.set(Text(name), value) }
        return dictionary
    }
}
