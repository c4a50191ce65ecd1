extension Evaluator {
    /// How a body ended.
    enum Flow { case next, breakLoop, continueLoop }

    func run(_ body: [Statement], _ scope: Scope) throws(TemplateError) -> Flow {
        for statement in body {
            let flow = try run(statement, scope)
            if flow != .next { return flow }
        }
        return .next
    }

    private func run(_ statement: Statement, _ scope: Scope) throws(TemplateError) -> Flow {
        switch statement {
        case .text(let text, let place): try write(text, at: place)
        case .output(let expression):
            let value = try evaluate(expression, scope)
            try write(
                try at(expression.place) { () throws(TemplateError.Problem) in try value.written() },
                at: expression.place)
        case .set(let target, let expression): try assign(try evaluate(expression, scope), to: target, scope)
        case .setBlock(let target, let filters, let body):
            try assign(try filtered(body, filters, scope), to: target, scope)
        case .filterBlock(let filters, let body, let place):
            let value = try filtered(body, filters, scope)
            try write(try at(place) { () throws(TemplateError.Problem) in try value.written() }, at: place)
        case .conditional(let branches, let otherwise):
            for branch in branches where try evaluate(branch.test, scope).isTrue {
                return try deeper(branch.test.place, branch.body, scope)
            }
            return try run(otherwise, scope)
        case .loop(let loop): return try run(loop, scope)
        case .macro(let macro): scope.set(macro.name, .callable(Callable(macro.name.text, .macro(macro, scope))))
        case .callBlock(let call, let caller): try run(call, caller, scope)
        case .with(let targets, let body):
            let inner = Scope(inside: scope)
            for (target, value) in targets { try assign(try evaluate(value, scope), to: target, inner) }
            return try run(body, inner)
        case .generation(let body): return try run(body, Scope(inside: scope))
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .next
    }

    private func deeper(_ place: Place, _ body: [Statement], _ scope: Scope) throws(TemplateError) -> Flow {
        try nested(place) { () throws(TemplateError) in try run(body, scope) }
    }

    // MARK: Loops

    private func run(_ loop: ForLoop, _ scope: Scope) throws(TemplateError) -> Flow {
        let place = loop.iterable.place
        let iterable = try evaluate(loop.iterable, scope)
        var items = try at(place) { () throws(TemplateError.Problem) in
            try charge(iterable.count ?? 0)
            return try iterable.elements()
        }
        if let test = loop.test {
            var kept: [Value] = []
            for item in items {
                let turn = Scope(inside: scope)
                try assign(item, to: loop.target, turn)
                if try evaluate(test, turn).isTrue { kept.append(item) }
            }
            items = kept
        }
        // Jinja2 runs `else` where no turn reached its end, as none does where each of them is left early.
        var hasFinished = false
        let state = Loop(items)
        for (index, item) in items.enumerated() {
            state.index = index
            let turn = Scope(inside: scope)
            turn.set(.loop, .loop(state))
            try assign(item, to: loop.target, turn)
            let flow = try deeper(place, loop.body, turn)
            if flow == .breakLoop { break }
            if flow == .next { hasFinished = true }
        }
        return hasFinished ? .next : try run(loop.otherwise, Scope(inside: scope))
    }

    // MARK: Assignment

    func assign(_ value: Value, to target: Target, _ scope: Scope) throws(TemplateError) {
        switch target.form {
        case .name(let name): scope.set(name, value)
        case .member(let name, let member):
            guard case .namespace(let namespace)? = scope[name] else {
                throw TemplateError(
                    target.place, .invalid("only a namespace has members to set, and '\(name.text)' is none"))
            }
            if member.hasPrefix("_") {
                throw TemplateError(target.place, .invalid("a namespace has no member '\(member.string)'"))
            }
            namespace.set(member, value)
            if value.depth >= Self.depthLimit { throw TemplateError(target.place, .tooDeep(limit: Self.depthLimit)) }
        case .tuple(let targets):
            let parts = try at(target.place) { () throws(TemplateError.Problem) in try value.elements() }
            guard parts.count == targets.count else {
                throw TemplateError(
                    target.place, .invalid("\(parts.count) values cannot be assigned to \(targets.count) names"))
            }
            for (target, part) in zip(targets, parts) { try assign(part, to: target, scope) }
        }
    }

    // MARK: Blocks that give a text

    private func filtered(_ body: [Statement], _ filters: [FilterCall], _ scope: Scope) throws(TemplateError) -> Value {
        var value = Value.text(
            try captured { () throws(TemplateError) in _ = try run(body, Scope(inside: scope)) })
        for filter in filters {
            let arguments = try evaluate(filter.arguments, at: filter.place, scope)
            value = try apply(filter: filter.name, to: value, arguments, at: filter.place)
        }
        return value
    }

    private func run(_ call: Expression, _ caller: Macro, _ scope: Scope) throws(TemplateError) {
        guard case .call(let callee, let arguments) = call.form else { return }
        var evaluated = try evaluate(arguments, at: call.place, scope)
        evaluated.named.append(("caller", .callable(Callable("caller", .macro(caller, scope)))))
        let result = try self.call(try evaluate(callee, scope), evaluated, at: call.place)
        try write(try at(call.place) { () throws(TemplateError.Problem) in try result.written() }, at: call.place)
    }
}

extension Name {
    /// The variable that every loop sets; the parser interns it first.
    static let loop = Name(number: 0, text: "loop")
}
