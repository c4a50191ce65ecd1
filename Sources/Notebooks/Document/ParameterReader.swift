import Markdown
import Values

/// Reads the front matter's `params`: a name with its default, or with type, range, default, choices and help.
package enum ParameterReader {
    static let keys = ["type", "default", "min", "max", "choices", "of", "help"]

    static func parameters(_ value: YAMLValue, log: inout ProblemLog) -> [Parameter] {
        guard let entries = value.mapping else {
            if value.scalar == .null { return [] }
            log.add(.badFrontMatter, at: value.location, "'params' takes a mapping of names, not \(value.inWords)")
            return []
        }
        return entries.compactMap { entry in
            guard isName(entry.key) else {
                log.add(
                    .badParameter, at: entry.keyLocation,
                    "'\(entry.key.shortened)' cannot name a parameter; a name is letters from a to z, digits, '_' and '-', and starts with a letter"
                )
                return nil
            }
            return parameter(entry, log: &log)
        }
    }

    package static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "_-".utf8.contains($0)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func parameter(_ entry: YAMLValue.Entry, log: inout ProblemLog) -> Parameter? {
        guard let fields = entry.value.mapping else {
            guard let content = content(entry.value), let kind = kind(of: content) else {
                log.add(
                    .badParameter, at: entry.value.location,
                    "parameter '\(entry.key)' takes a default or a mapping with its type, not \(entry.value.inWords)")
                return nil
            }
            guard kind != .list else { return list(entry, content, log: &log) }
            return Parameter(
                name: entry.key, kind: kind, least: nil, greatest: nil, choices: [], element: nil, fallback: content,
                help: "", location: entry.keyLocation)
        }
        var isWell = true
        for field in fields where !keys.contains(field.key) {
            log.add(
                .unknownKey, at: field.keyLocation, "a parameter has no key '\(field.key.shortened)'",
                replacements: Suggestion.closest(to: field.key, among: keys),
                help: Surroundings.list("its keys are", keys))
            isWell = false
        }
        guard let kind = kind(entry, log: &log) else { return nil }
        guard let (element, isElementWell) = element(entry, kind, log: &log) else { return nil }
        isWell = isElementWell && isWell
        let bounded = element ?? kind
        var limits: [Double?] = []
        for key in ["min", "max"] {
            let limit = entry.value[key]
            limits.append(limit?.scalar?.number)
            if let limit, limit.scalar?.number == nil || ![.int, .float, .number].contains(bounded) {
                log.add(
                    .badParameter, at: limit.location,
                    "'\(key)' takes a number, and only for a parameter of type int or float")
                isWell = false
            }
        }
        if let least = limits[0], let greatest = limits[1], least > greatest {
            log.add(.badParameter, at: entry.value["max"]?.location, "'max' is below 'min'")
            return nil
        }
        let open = Parameter(
            name: entry.key, kind: bounded, least: limits[0], greatest: limits[1], choices: [], element: nil,
            fallback: nil, help: "", location: entry.keyLocation)
        var choices: [Scalar] = []
        for choice in entry.value["choices"]?.sequence ?? [] {
            isWell = check(choice, by: open, as: "a choice of parameter", log: &log) && isWell
            choices.append(choice.scalar ?? .null)
        }
        if let value = entry.value["choices"], value.sequence?.isEmpty ?? true {
            log.add(
                .badParameter, at: value.location,
                value.sequence == nil
                    ? "'choices' takes a list of values, not \(value.inWords)" : "'choices' lists no value")
            isWell = false
        }
        if kind == .choice, entry.value["choices"] == nil {
            log.add(.badParameter, at: entry.keyLocation, "parameter '\(entry.key)' of type choice needs 'choices'")
            isWell = false
        }
        let parameter = Parameter(
            name: entry.key, kind: kind, least: limits[0], greatest: limits[1], choices: choices, element: element,
            fallback: entry.value["default"].flatMap(content), help: entry.value["help"]?.text ?? "",
            location: entry.keyLocation)
        if let fallback = entry.value["default"] {
            isWell = check(fallback, by: parameter, as: "the default of parameter", log: &log) && isWell
        }
        return isWell ? parameter : nil
    }

    /// A list given as its default alone: its values say what each is.
    private static func list(
        _ entry: YAMLValue.Entry, _ content: ParameterContent, log: inout ProblemLog
    ) -> Parameter? {
        let kinds = content.scalars.compactMap { kind(of: .one($0)) }
        var element = kinds.first ?? .string
        if Set(kinds) == [.int, .float] { element = .float }
        let parameter = Parameter(
            name: entry.key, kind: .list, least: nil, greatest: nil, choices: [], element: element, fallback: content,
            help: "", location: entry.keyLocation)
        return check(entry.value, by: parameter, as: "the default of parameter", log: &log) ? parameter : nil
    }

    private static func check(_ value: YAMLValue, by parameter: Parameter, as role: String, log: inout ProblemLog)
        -> Bool
    {
        let problem = content(value).map { parameter.problem(with: $0) } ?? Parameter.unfit
        guard let problem else { return true }
        // The one value of a list that does not fit says more than the list.
        let value =
            (parameter.element == nil ? nil : value.sequence)?.first {
                $0.scalar.map(parameter.problem(with:)) ?? Parameter.unfit != nil
            } ?? value
        log.add(
            .badParameter, at: value.location,
            "\(role) '\(parameter.name)' must be \(parameter.expectation(value.inWords, problem))")
        return false
    }

    /// A value as a parameter may have it; nil for a mapping, or a list of anything but plain values.
    private static func content(_ value: YAMLValue) -> ParameterContent? {
        if let scalar = value.scalar { return .one(scalar) }
        guard let values = value.sequence else { return nil }
        let scalars = values.compactMap(\.scalar)
        return scalars.count == values.count ? .list(scalars) : nil
    }

    private static func kind(of content: ParameterContent) -> Parameter.Kind? {
        switch content {
        case .list: .list
        case .one(.null): nil
        case .one(.bool): .bool
        case .one(.int): .int
        case .one(.number): .float
        case .one(.string): .string
        }
    }

    /// What each value of a list is; nil in it for a parameter that is not a list, and nil after adding a problem to the log.
    private static func element(
        _ entry: YAMLValue.Entry, _ kind: Parameter.Kind, log: inout ProblemLog
    ) -> (Parameter.Kind?, Bool)? {
        let names = Parameter.Kind.named.filter { $0 != "list" && $0 != "choice" }
        guard kind == .list else {
            guard let value = entry.value["of"] else { return (nil, true) }
            log.add(.badParameter, at: value.location, "'of' is only for a parameter of type list")
            return (nil, false)
        }
        guard let written = entry.value["of"] else {
            let first = entry.value["default"].flatMap(content)?.scalars.first
            return (first.flatMap { Self.kind(of: .one($0)) } ?? .string, true)
        }
        if let text = written.text, names.contains(text) || text == "number", let kind = Parameter.Kind(rawValue: text)
        {
            return (kind, true)
        }
        log.add(
            .badParameter, at: written.location,
            "the values of parameter '\(entry.key)' are \(ListOptions.oneOf(names)), not \(written.inWords)",
            replacements: Suggestion.closest(to: written.text ?? "", among: names))
        return nil
    }

    private static func kind(_ entry: YAMLValue.Entry, log: inout ProblemLog) -> Parameter.Kind? {
        let names = Parameter.Kind.named
        guard let written = entry.value["type"] else {
            if let kind = entry.value["default"].flatMap(content).flatMap(kind(of:)) { return kind }
            log.add(.badParameter, at: entry.keyLocation, "parameter '\(entry.key)' needs a type or a default")
            return nil
        }
        if let kind = written.text.flatMap(Parameter.Kind.init(rawValue:)) { return kind }
        log.add(
            .badParameter, at: written.location,
            "the type of parameter '\(entry.key)' is \(ListOptions.oneOf(names)), not \(written.inWords)",
            replacements: Suggestion.closest(to: written.text ?? "", among: names))
        return nil
    }
}
