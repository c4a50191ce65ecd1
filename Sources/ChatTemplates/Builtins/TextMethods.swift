extension Evaluator {
    /// A string's method, as Python has it.
    func textMethod(_ name: String, of text: Text, _ arguments: Arguments) throws(TemplateError.Problem) -> Value {
        switch name {
        case "strip", "lstrip", "rstrip":
            let set = try optionalText(try arguments.bound(to: "chars", for: name)[0], of: name)
            return .text(text.stripped(set, left: name != "rstrip", right: name != "lstrip"))
        case "split", "rsplit": return try split(text, arguments, name)
        case "splitlines":
            let keeps = try arguments.bound(to: "keepends", for: name)[0]?.isTrue ?? false
            return .list(text.lines(keepingEnds: keeps).map(Value.text))
        case "partition", "rpartition": return try partition(text, arguments, name)
        case "join": return .text(try join(try required(arguments, 0, of: name).elements(), with: text, isStrict: true))
        case "replace":
            let bound = try arguments.bound(to: "old", "new", "count", for: name)
            return .text(
                try replace(
                    text, try requiredText(bound[0], of: name), try requiredText(bound[1], of: name),
                    limit: bound[2]?.integer ?? -1))
        case "startswith", "endswith":
            let affixes = try affixes(try required(arguments, 0, of: name), of: name)
            if arguments.positional.count > 1 { throw .unsupported("'\(name)' with a start") }
            return .bool(affixes.contains { name == "startswith" ? text.hasPrefix($0) : text.hasSuffix($0) })
        case "removeprefix", "removesuffix":
            let affix = try requiredText(try required(arguments, 0, of: name), of: name)
            if name == "removeprefix" {
                return .text(text.hasPrefix(affix) ? text.with(text.scalars.dropFirst(affix.scalars.count)) : text)
            }
            return .text(text.hasSuffix(affix) ? text.with(text.scalars.dropLast(affix.scalars.count)) : text)
        case "find", "index", "rfind", "rindex", "count": return .int(try search(text, arguments, name))
        case "center", "ljust", "rjust", "zfill": return .text(try padded(text, arguments, name))
        case "format": return .text(try format(text, arguments))
        default:
            guard arguments.positional.isEmpty, arguments.named.isEmpty else {
                throw .unsupported("the method '\(name)' with arguments")
            }
            return try plainMethod(name, of: text)
        }
    }

    /// The methods that take nothing.
    private func plainMethod(_ name: String, of text: Text) throws(TemplateError.Problem) -> Value {
        func all(_ holds: (Unicode.Scalar) -> Bool) -> Value {
            .bool(!text.scalars.isEmpty && text.scalars.allSatisfy(holds))
        }
        switch name {
        case "lower": return .text(text.lowercased)
        case "upper": return .text(text.uppercased)
        case "title": return .text(text.titlecased)
        case "capitalize": return .text(text.capitalized)
        case "isspace": return all(\.isPythonSpace)
        case "isdigit": return all { $0.properties.numericType == .decimal || $0.properties.numericType == .digit }
        case "isdecimal": return all { $0.properties.numericType == .decimal }
        case "isnumeric": return all { $0.properties.numericType != nil }
        case "isalpha": return all(\.isPythonLetter)
        case "isalnum": return all { $0.isPythonLetter || $0.properties.numericType != nil }
        case "isascii": return .bool(text.scalars.allSatisfy(\.isASCII))
        case "islower": return .bool(text.isLower)
        case "isupper": return .bool(text.isUpper)
        default: throw .unsupported("the method '\(name)' of 'str'")
        }
    }

    // MARK: Parts of a text

    private func split(_ text: Text, _ arguments: Arguments, _ name: String) throws(TemplateError.Problem) -> Value {
        let bound = try arguments.bound(to: "sep", "maxsplit", for: name)
        let limit = bound[1]?.integer ?? -1
        guard let separator = try optionalText(bound[0], of: name) else {
            if name == "rsplit", limit >= 0 { throw .unsupported("'rsplit' at white space with a limit") }
            return .list(text.splitAtSpace(limit: limit).map(Value.text))
        }
        if separator.scalars.isEmpty { throw .invalid("'\(name)' takes a separator that is not empty") }
        let parts =
            name == "split"
            ? text.split(at: separator, limit: limit) : text.splitFromRight(at: separator, limit: limit)
        try charge(4 * parts.count)
        return .list(parts.map(Value.text))
    }

    private func partition(_ text: Text, _ arguments: Arguments, _ name: String) throws(TemplateError.Problem) -> Value
    {
        let separator = try requiredText(try required(arguments, 0, of: name), of: name)
        if separator.scalars.isEmpty { throw .invalid("'\(name)' takes a separator that is not empty") }
        let isFirst = name == "partition"
        let parts =
            isFirst ? text.split(at: separator, limit: 1) : text.splitFromRight(at: separator, limit: 1)
        if parts.count == 2 { return .tuple([.text(parts[0]), .text(separator), .text(parts[1])]) }
        return .tuple(isFirst ? [.text(text), .text(""), .text("")] : [.text(""), .text(""), .text(text)])
    }

    private func search(_ text: Text, _ arguments: Arguments, _ name: String) throws(TemplateError.Problem) -> Int {
        let part = try requiredText(try required(arguments, 0, of: name), of: name)
        if arguments.positional.count > 1 { throw .unsupported("'\(name)' with a start") }
        if name == "count" { return text.count(of: part) }
        let place =
            name.hasPrefix("r") ? text.lastIndex(of: part, endingBefore: text.scalars.count) : text.firstIndex(of: part)
        guard let place else {
            if name.hasSuffix("index") { throw .invalid("'\(name)' does not find the text") }
            return -1
        }
        return place
    }

    private func affixes(_ value: Value, of name: String) throws(TemplateError.Problem) -> [Text] {
        guard case .tuple(let list) = value else { return [try requiredText(value, of: name)] }
        var texts: [Text] = []
        for element in list.elements { texts.append(try requiredText(element, of: name)) }
        return texts
    }

    private func padded(_ text: Text, _ arguments: Arguments, _ name: String) throws(TemplateError.Problem) -> Text {
        guard let width = try required(arguments, 0, of: name).integer else {
            throw .invalid("'\(name)' takes a width")
        }
        let missing = max(0, width - text.scalars.count)
        try charge(length: width)
        let fill: Unicode.Scalar
        if name == "zfill" {
            fill = "0"
        } else {
            let given = arguments.positional.count > 1 ? try requiredText(arguments.positional[1], of: name) : " "
            guard given.scalars.count == 1 else { throw .invalid("'\(name)' takes one character to fill with") }
            fill = given.scalars[0]
        }
        // Python puts the odd one on the left where the width is odd.
        let left = name == "ljust" ? 0 : name == "center" ? missing / 2 + (missing & width & 1) : missing
        let isSigned = name == "zfill" && (text.scalars.first == "+" || text.scalars.first == "-")
        let head = isSigned ? 1 : 0
        return text.with(
            Array(text.scalars.prefix(head)) + Array(repeating: fill, count: left) + text.scalars.dropFirst(head)
                + Array(repeating: fill, count: missing - left))
    }

    /// `format` with plain fields: `{}`, `{0}` and `{name}`.
    private func format(_ text: Text, _ arguments: Arguments) throws(TemplateError.Problem) -> Text {
        var result: [Unicode.Scalar] = []
        var rest = text.scalars[...]
        var automatic = 0
        while let scalar = rest.popFirst() {
            guard scalar == "{" || scalar == "}" else {
                result.append(scalar)
                continue
            }
            if rest.first == scalar {
                result.append(scalar)
                rest = rest.dropFirst()
                continue
            }
            guard scalar == "{", let end = rest.firstIndex(of: "}") else {
                throw .invalid("'format' finds a single brace")
            }
            let field = Text(rest[..<end]).string
            rest = rest[(end + 1)...]
            let value: Value?
            if field.isEmpty {
                value = automatic < arguments.positional.count ? arguments.positional[automatic] : nil
                automatic += 1
            } else if let index = Int(field) {
                value = arguments.positional.indices.contains(index) ? arguments.positional[index] : nil
            } else if field.unicodeScalars.allSatisfy({ $0 == "_" || $0.properties.isXIDContinue }) {
                value = arguments.named.first { $0.name == field }?.value
            } else {
                throw .unsupported("the format field '{\(field)}'")
            }
            guard let value else { throw .invalid("'format' has no value for '{\(field)}'") }
            result += try value.written().scalars
            try charge(length: result.count)
        }
        return text.with(result)
    }

    // MARK: Texts out of texts

    /// The values as texts with `separator` between them.
    func join(_ values: [Value], with separator: Text, isStrict: Bool = false) throws(TemplateError.Problem) -> Text {
        var result: [Unicode.Scalar] = []
        for (index, value) in values.enumerated() {
            if isStrict { _ = try requiredText(value, of: "join") }
            if index > 0 { result += separator.scalars }
            result += try value.written().scalars
            if result.count > Self.lengthLimit { throw .tooLong(limit: Self.lengthLimit) }
        }
        try charge(length: result.count)
        return Text(result)
    }

    func replace(_ text: Text, _ old: Text, _ new: Text, limit: Int) throws(TemplateError.Problem) -> Text {
        let times = limit < 0 ? text.count(of: old) : min(limit, text.count(of: old))
        let (added, overflows) = times.multipliedReportingOverflow(by: new.scalars.count)
        try charge(length: overflows ? .max : max(0, text.scalars.count + added - times * old.scalars.count))
        return text.replacing(old, by: new, limit: limit)
    }

    // MARK: Arguments

    func required(_ arguments: Arguments, _ index: Int, of name: String) throws(TemplateError.Problem) -> Value {
        guard arguments.named.isEmpty, index < arguments.positional.count else {
            throw .invalid("'\(name)' takes \(index + 1) argument\(index == 0 ? "" : "s") at least")
        }
        return arguments.positional[index]
    }

    func requiredText(_ value: Value?, of name: String) throws(TemplateError.Problem) -> Text {
        guard case .text(let text)? = value else {
            throw .invalid("'\(name)' takes a string, found \(value.map { "'\($0.typeName)'" } ?? "nothing")")
        }
        return text
    }

    private func optionalText(_ value: Value?, of name: String) throws(TemplateError.Problem) -> Text? {
        if case .none? = value { return nil }
        guard let value else { return nil }
        return try requiredText(value, of: name)
    }
}

extension Unicode.Scalar {
    /// Whether Python's `str.isalpha` holds.
    fileprivate var isPythonLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
