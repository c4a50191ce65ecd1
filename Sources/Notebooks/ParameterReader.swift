/// Reads the front matter's `params`: a name with its default, or with type, range, default, choices and help.
enum ParameterReader {
    static let keys = ["type", "default", "min", "max", "choices", "help"]

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
                    "'\(YAMLValue.shortened(entry.key))' cannot name a parameter; a name is letters, digits, '_' and '-', and starts with a letter"
                )
                return nil
            }
            return parameter(entry, log: &log)
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
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
            guard let scalar = entry.value.scalar, let kind = kind(of: scalar) else {
                log.add(
                    .badParameter, at: entry.value.location,
                    "parameter '\(entry.key)' takes a default or a mapping with its type, not \(entry.value.inWords)")
                return nil
            }
            return Parameter(
                name: entry.key, kind: kind, least: nil, greatest: nil, choices: [], fallback: scalar, help: "",
                location: entry.keyLocation)
        }
        var isWell = true
        for field in fields where !keys.contains(field.key) {
            log.add(
                .unknownKey, at: field.keyLocation, "a parameter has no key '\(YAMLValue.shortened(field.key))'",
                help: Suggestion.question(Suggestion.closest(to: field.key, among: keys))
                    ?? Surroundings.list("its keys are", keys))
            isWell = false
        }
        guard let kind = kind(entry, log: &log) else { return nil }
        var limits: [Double?] = []
        for key in ["min", "max"] {
            let limit = entry.value[key]
            limits.append(limit?.scalar?.number)
            if let limit, limit.scalar?.number == nil || (kind != .int && kind != .number) {
                log.add(
                    .badParameter, at: limit.location,
                    "'\(key)' takes a number, and only for a parameter of type int or number")
                isWell = false
            }
        }
        if let least = limits[0], let greatest = limits[1], least > greatest {
            log.add(.badParameter, at: entry.value["max"]?.location, "'max' is below 'min'")
            return nil
        }
        let open = Parameter(
            name: entry.key, kind: kind, least: limits[0], greatest: limits[1], choices: [], fallback: nil, help: "",
            location: entry.keyLocation)
        var choices: [Scalar] = []
        for choice in entry.value["choices"]?.sequence ?? [] {
            isWell = check(choice, by: open, as: "a choice of parameter", log: &log) && isWell
            choices.append(choice.scalar ?? .null)
        }
        if let value = entry.value["choices"], value.sequence?.isEmpty ?? true {
            log.add(.badParameter, at: value.location, "'choices' takes a list of values, not \(value.inWords)")
            isWell = false
        }
        let parameter = Parameter(
            name: entry.key, kind: kind, least: limits[0], greatest: limits[1], choices: choices,
            fallback: entry.value["default"]?.scalar, help: entry.value["help"]?.text ?? "", location: entry.keyLocation
        )
        if let fallback = entry.value["default"] {
            isWell = check(fallback, by: parameter, as: "the default of parameter", log: &log) && isWell
        }
        return isWell ? parameter : nil
    }

    private static func check(_ value: YAMLValue, by parameter: Parameter, as role: String, log: inout ProblemLog)
        -> Bool
    {
        let problem = value.scalar.map(parameter.problem(with:)) ?? Parameter.unfit
        guard let problem else { return true }
        log.add(
            .badParameter, at: value.location,
            "\(role) '\(parameter.name)' must be \(parameter.type), but \(value.inWords) \(problem)")
        return false
    }

    private static func kind(of scalar: Scalar) -> Parameter.Kind? {
        switch scalar {
        case .null: nil
        case .bool: .bool
        case .int: .int
        case .number: .number
        case .string: .string
        }
    }

    private static func kind(_ entry: YAMLValue.Entry, log: inout ProblemLog) -> Parameter.Kind? {
        let names = Parameter.Kind.allCases.map(\.rawValue)
        guard let written = entry.value["type"] else {
            if let kind = entry.value["default"]?.scalar.flatMap(kind(of:)) { return kind }
            log.add(.badParameter, at: entry.keyLocation, "parameter '\(entry.key)' needs a type or a default")
            return nil
        }
        if let kind = written.text.flatMap(Parameter.Kind.init(rawValue:)) { return kind }
        log.add(
            .badParameter, at: written.location,
            "the type of parameter '\(entry.key)' is \(ListOptions.oneOf(names)), not \(written.inWords)",
            help: Suggestion.question(Suggestion.closest(to: written.text ?? "", among: names)))
        return nil
    }
}
