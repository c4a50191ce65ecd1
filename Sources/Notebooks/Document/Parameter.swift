import Markdown
import Values

/// A notebook's parameter as its front matter declares it.
public struct Parameter: Sendable {
    /// What values it takes.
    public enum Kind: String, Sendable, CaseIterable {
        case int, float, string, bool, path, choice, list
        /// Another name of `float`.
        case number

        /// The names, as messages list them.
        static let named = allCases.filter { $0 != .number }.map(\.rawValue)
    }

    /// What `-P` calls the notebook's seed, where no parameter has that name.
    static let seed = "seed"

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
    /// What each value of a list is; nil for a parameter that is not a list.
    public let element: Kind?
    /// Nil when `-P` must give the value.
    public let fallback: ParameterContent?
    /// One line of help; empty when none is given.
    public let help: String
    /// Where the name stands.
    public let location: SourceLocation

    /// The type and range in words: `a whole number, at least 8`.
    public var type: String {
        if let element { return "a list of values, each \(type(element))" }
        return type(kind)
    }

    private func type(_ kind: Kind) -> String {
        if !choices.isEmpty { return ListOptions.oneOf(choices.map(\.plainText)) }
        switch kind {
        case .int: return limits.type("a whole number")
        case .float, .number: return limits.type("a number")
        case .string, .choice: return "a text"
        case .bool: return "'true' or 'false'"
        case .path: return "a path"
        case .list: return "a list"
        }
    }

    private var limits: NumberLimits<Double> { NumberLimits(least: least, greatest: greatest) }

    /// What is wrong with a value, as a predicate, or ``unfit``; nil when the parameter can take it.
    func problem(with value: ParameterContent) -> String? {
        switch value {
        case .one(let scalar): element == nil ? problem(with: scalar) : Self.unfit
        case .list(let scalars): element == nil ? Self.unfit : scalars.compactMap { problem(with: $0) }.first
        }
    }

    /// What is wrong with one value, or with one of a list.
    func problem(with value: Scalar) -> String? {
        let fits =
            switch (element ?? kind, value) {
            case (.int, .int), (.float, .int), (.float, .number), (.number, .int), (.number, .number), (.bool, .bool),
                (.string, .string), (.choice, .string):
                true
            case (.path, .string(let text)): !text.isEmpty
            default: false
            }
        guard fits, choices.isEmpty || choices.contains(value) else { return Self.unfit }
        return value.number.flatMap(limits.verdict(on:))
    }

    /// The problem of a value that is not of the parameter's type.
    static let unfit = ""

    /// `a whole number, at least 2, found 'many'`, `a whole number, at least 2, but 1 is too small`
    func expectation(_ found: String, _ problem: String) -> String {
        problem == Self.unfit ? "\(type), found \(found)" : "\(type), but \(found) \(problem)"
    }

    /// The value that a text of the command line stands for, a list's values apart by commas; nil when its kind cannot read it.
    func value(ofText text: String) -> ParameterContent? {
        guard let element else { return Self.value(ofText: text, kind).map(ParameterContent.one) }
        guard !text.isEmpty else { return .list([]) }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            Self.value(ofText: part.trimmingPrefix { $0 == " " }.description, element)
        }
        let read = values.compactMap(\.self)
        return read.count == values.count ? .list(read) : nil
    }

    private static func value(ofText text: String, _ kind: Kind) -> Scalar? {
        switch kind {
        case .string, .path, .choice: return .string(text)
        case .bool: return text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .int:
            if case .int(let number)? = YAMLValue.number(text) { return .int(number) }
            return nil
        case .float, .number: return YAMLValue.number(text)
        case .list: return nil
        }
    }
}
