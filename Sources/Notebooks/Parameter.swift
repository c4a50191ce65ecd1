/// A notebook's parameter as its front matter declares it.
public struct Parameter: Sendable {
    /// What values it takes.
    public enum Kind: String, Sendable, CaseIterable {
        case int, number, string, bool, path
    }

    /// The name, as `-P` and `$name` say it.
    public let name: String
    /// What values it takes.
    public let kind: Kind
    /// The least and the greatest value of a number.
    public let least: Double?
    /// The greatest value of a number; nil when any will do.
    public let greatest: Double?
    /// The values allowed; any when empty.
    public let choices: [Scalar]
    /// Nil when `-P` must give the value.
    public let fallback: Scalar?
    /// One line of help; empty when none is given.
    public let help: String
    /// Where the name stands.
    public let location: SourceLocation

    /// The type and range in words: `a whole number, at least 8`.
    public var type: String {
        if !choices.isEmpty { return ListOptions.oneOf(choices.map(\.plainText)) }
        switch kind {
        case .int: return limits.type("a whole number")
        case .number: return limits.type("a number")
        case .string: return "a text"
        case .bool: return "'true' or 'false'"
        case .path: return "a path"
        }
    }

    private var limits: NumberLimits<Double> { NumberLimits(least: least, greatest: greatest) }

    /// What is wrong with a value, as a predicate; nil when the parameter can take it.
    func problem(with value: Scalar) -> String? {
        let fits =
            switch (kind, value) {
            case (.int, .int), (.number, .int), (.number, .number), (.bool, .bool), (.string, .string): true
            case (.path, .string(let text)): !text.isEmpty
            default: false
            }
        guard fits, choices.isEmpty || choices.contains(value) else { return Self.unfit }
        return value.number.flatMap(limits.verdict(on:))
    }

    static let unfit = "is no such value"

    /// The value that a text of the command line stands for; nil when its kind cannot read it.
    func value(ofText text: String) -> Scalar? {
        switch kind {
        case .string, .path: return .string(text)
        case .bool: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .int:
            if case .int(let number)? = YAMLValue.number(text) { return .int(number) }
            return nil
        case .number: return YAMLValue.number(text)
        }
    }
}

/// A parameter with the value that this evaluation uses.
struct ParameterValue: Sendable {
    let name: String
    /// The value as it is shown and kept; a path of the command line by its last part.
    let shown: Scalar
    /// What stands for `$name`.
    let content: YAMLValue.Content
}

extension [Parameter] {
    /// Every parameter with its value: the command line's, or the default.
    /// - Parameters:
    ///   - overrides: names and texts of `-P`; a path among them is relative to `folder`.
    ///   - project: gains the paths of the command line, which may lie anywhere.
    func values(
        _ overrides: [(String, String)], folder: String, project: inout Project, log: inout ProblemLog
    ) -> [ParameterValue] {
        var given: [String: String] = [:]
        for (name, text) in overrides {
            if !contains(where: { $0.name == name }) {
                log.add(
                    .unknownParameter, at: nil, "-P \(name): the notebook has no parameter '\(name)'",
                    help: Suggestion.question(Suggestion.closest(to: name, among: map(\.name)))
                        ?? Surroundings.list("its parameters are", map(\.name)))
            } else if given.updateValue(text, forKey: name) != nil {
                log.add(.badParameter, at: nil, "-P \(name) is given twice")
            }
        }
        return compactMap { parameter in
            guard let text = given[parameter.name] else {
                if let fallback = parameter.fallback { return parameter.value(fallback) }
                log.add(
                    .badParameter, at: parameter.location,
                    "parameter '\(parameter.name)' has no default and needs -P \(parameter.name)=…: \(parameter.type)")
                return nil
            }
            let value = parameter.value(ofText: text)
            if let problem = value.map(parameter.problem(with:)) ?? Parameter.unfit {
                log.add(
                    .badParameter, at: parameter.location,
                    "parameter '\(parameter.name)' takes \(parameter.type), but -P \(parameter.name)=\(YAMLValue.shortened(text)) \(problem)"
                )
                return nil
            }
            guard parameter.kind == .path else { return value.map(parameter.value) }
            let path = Project.absolute(text, in: folder)
            project = project.allowing(path)
            return ParameterValue(
                name: parameter.name, shown: .string(OptionValue.portable(path)), content: .scalar(path, isPlain: false)
            )
        }
    }
}

extension Parameter {
    fileprivate func value(_ scalar: Scalar) -> ParameterValue {
        let isText = if case .string = scalar { true } else { false }
        return ParameterValue(name: name, shown: scalar, content: .scalar(scalar.plainText, isPlain: !isText))
    }
}
