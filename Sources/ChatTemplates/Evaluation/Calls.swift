/// The values that a call hands over.
struct Arguments {
    var positional: [Value] = []
    var named: [(name: String, value: Value)] = []

    /// The values by parameter, `nil` where one is not given.
    /// - Throws: `invalid`, where there are more, or one of another name.
    func bound(to parameters: String..., for callee: String) throws(TemplateError.Problem) -> [Value?] {
        guard positional.count <= parameters.count else {
            throw .invalid("'\(callee)' takes \(parameters.count) arguments at most, found \(positional.count)")
        }
        var values: [Value?] = parameters.indices.map { $0 < positional.count ? positional[$0] : nil }
        for (name, value) in named {
            guard let place = parameters.firstIndex(of: name), values[place] == nil else {
                throw .invalid("'\(callee)' cannot take the argument '\(name)'")
            }
            values[place] = value
        }
        return values
    }
}

extension Evaluator {
    /// Calls a macro, a method or a function.
    func call(_ callee: Value, _ arguments: Arguments, at place: Place) throws(TemplateError) -> Value {
        guard case .callable(let callable) = callee else {
            if case .undefined(let reason) = callee { throw TemplateError(place, .undefined(reason)) }
            throw TemplateError(place, .invalid("'\(callee.typeName)' object cannot be called"))
        }
        switch callable.kind {
        case .macro(let macro, let scope): return try call(macro, scope, arguments, at: place)
        case .method(let receiver):
            return try at(place) { () throws(TemplateError.Problem) in
                try charge(receiver.count ?? 0)
                return try method(callable.name, of: receiver, arguments)
            }
        case .loopMethod(let loop):
            return try at(place) { () throws(TemplateError.Problem) in
                callable.name == "cycle"
                    ? try cycle(loop, arguments.positional) : .bool(try hasChanged(loop, arguments.positional))
            }
        case .function:
            return try at(place) { () throws(TemplateError.Problem) in try function(callable.name, arguments) }
        }
    }

    private func cycle(_ loop: Loop, _ values: [Value]) throws(TemplateError.Problem) -> Value {
        if values.isEmpty { throw .invalid("'cycle' takes one value at least") }
        return values[loop.index % values.count]
    }

    private func hasChanged(_ loop: Loop, _ values: [Value]) throws(TemplateError.Problem) -> Bool {
        let now = Value.tuple(values)
        if let before = loop.lastSeen, try areEqual(before, now) { return false }
        loop.lastSeen = now
        return true
    }

    /// What a macro writes.
    private func call(_ macro: Macro, _ outer: Scope, _ arguments: Arguments, at place: Place) throws(TemplateError)
        -> Value
    {
        let scope = Scope(inside: outer)
        var named = arguments.named
        func take(_ name: String) -> Value? {
            guard let place = named.firstIndex(where: { $0.name == name }) else { return nil }
            return named.remove(at: place).value
        }
        if let caller = macro.caller { scope.set(caller, take("caller") ?? .undefined("no caller is given")) }
        for (index, parameter) in macro.parameters.enumerated() {
            let name = parameter.name
            let given = take(name.text)
            if index < arguments.positional.count {
                guard given == nil else { throw refusal(macro, "two values for '\(name.text)'", at: place) }
                scope.set(name, arguments.positional[index])
            } else if let given {
                scope.set(name, given)
            } else if let fallback = parameter.fallback {
                scope.set(name, try evaluate(fallback, scope))
            } else {
                scope.set(name, .undefined("the argument '\(name.text)' was not given"))
            }
        }
        let rest = Array(arguments.positional.dropFirst(macro.parameters.count))
        if let varargs = macro.varargs {
            scope.set(varargs, .tuple(rest))
        } else if !rest.isEmpty {
            throw refusal(macro, "\(arguments.positional.count) arguments", at: place)
        }
        if let kwargs = macro.kwargs {
            var dictionary = Value.Dictionary()
            for (name, value) in named { dictionary.set(Text(name), value) }
            scope.set(kwargs, .dictionary(dictionary))
        } else if let extra = named.first {
            throw refusal(macro, "the argument '\(extra.name)'", at: place)
        }
        return .text(
            try captured { () throws(TemplateError) in
                try nested(place) { () throws(TemplateError) in _ = try run(macro.body, scope) }
            })
    }

    private func refusal(_ macro: Macro, _ what: String, at place: Place) -> TemplateError {
        TemplateError(place, .invalid("the macro '\(macro.name.text)' cannot take \(what)"))
    }
}
