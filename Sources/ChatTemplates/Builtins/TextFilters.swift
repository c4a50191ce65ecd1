extension Evaluator {
    /// The filters that take a text, or a value's text; `nil` where the name is not one of them.
    func textFilter(_ name: String, _ value: Value, _ arguments: Arguments) throws(TemplateError.Problem) -> Value? {
        switch name {
        case "trim":
            let characters = try arguments.bound(to: "chars", for: name)[0]
            let set: Text? = if case .text(let text)? = characters { text } else { nil }
            return .text(try soft(value).stripped(set))
        case "lower": return .text(try soft(value).lowercased)
        case "upper": return .text(try soft(value).uppercased)
        case "capitalize": return .text(try soft(value).capitalized)
        case "title": return .text(title(try soft(value)))
        case "string": return .text(try soft(value))
        case "safe": return .text(Text(try soft(value).scalars, isMarkup: true))
        case "escape", "e": return .text(try soft(value).escaped)
        case "replace":
            let bound = try arguments.bound(to: "old", "new", "count", for: name)
            guard let old = bound[0], let new = bound[1] else { throw .invalid("'replace' takes two strings") }
            return .text(
                try replace(
                    try value.written(), try old.written(), try new.written(), limit: bound[2]?.integer ?? -1))
        case "indent": return .text(try indented(try soft(value), arguments))
        case "join":
            let bound = try arguments.bound(to: "d", "attribute", for: name)
            var items = try value.elements()
            if let path = bound[1], path.isTrue {
                for index in items.indices { items[index] = try member(path, of: items[index], default: nil) }
            }
            return .text(try join(items, with: try bound[0]?.written() ?? ""))
        case "reverse":
            if case .text(let text) = value { return .text(text.with(text.scalars.reversed())) }
            return .generator(try value.elements().reversed())
        default: return nil
        }
    }

    /// The value's text, marked if the value is.
    private func soft(_ value: Value) throws(TemplateError.Problem) -> Text {
        if case .text(let text) = value { return text }
        return try value.written()
    }

    /// Jinja's `title`: each word between white space, hyphens or opening brackets, its first letter in upper case.
    private func title(_ text: Text) -> Text {
        var result: [Unicode.Scalar] = []
        var word: [Unicode.Scalar] = []
        func finish() {
            result += Text(word.prefix(1)).uppercased.scalars + Text(word.dropFirst()).lowercased.scalars
            word = []
        }
        for scalar in text.scalars {
            if scalar.isPythonSpace || ["-", "(", "{", "[", "<"].contains(scalar) {
                finish()
                result.append(scalar)
            } else {
                word.append(scalar)
            }
        }
        finish()
        return text.with(result)
    }

    private func indented(_ text: Text, _ arguments: Arguments) throws(TemplateError.Problem) -> Text {
        let bound = try arguments.bound(to: "width", "first", "blank", for: "indent")
        let indent: [Unicode.Scalar]
        switch bound[0] {
        case nil: indent = Array(repeating: " ", count: 4)
        case .text(let given): indent = given.scalars
        case .some(let width):
            guard let width = width.integer else { throw .invalid("'indent' takes a number of spaces") }
            try charge(length: width)
            indent = Array(repeating: " ", count: max(0, width))
        }
        let indentsBlank = bound[2]?.isTrue ?? false
        let lines = text.with(text.scalars + ["\n"]).lines()
        let (added, overflows) = lines.count.multipliedReportingOverflow(by: indent.count)
        try charge(length: overflows ? .max : text.scalars.count + added)
        var result: [Unicode.Scalar] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { result.append("\n") }
            let isIndented = index == 0 ? bound[1]?.isTrue ?? false : indentsBlank || !line.scalars.isEmpty
            result += (isIndented ? indent : []) + line.scalars
        }
        return text.with(result)
    }
}
