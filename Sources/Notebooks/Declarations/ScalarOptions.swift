import Markdown
import Values

/// What plain values mean, and how options of them are declared.
enum ScalarReading {
    typealias Reader<Value> = @Sendable (YAMLValue) throws(OptionMismatch) -> Value

    static func int(in limits: NumberLimits<Int>) -> Reader<Int> {
        { (value) throws(OptionMismatch) -> Int in
            guard case .int(let number) = value.scalar else { throw kind(value, "a whole number") }
            if let verdict = limits.verdict(on: number) {
                throw OptionMismatch("\(Scalar.int(number).plainText) \(verdict)")
            }
            return number
        }
    }

    static func number(in limits: NumberLimits<Double>) -> Reader<Double> {
        { (value) throws(OptionMismatch) -> Double in
            guard let number = value.scalar?.number else { throw kind(value, "a number") }
            if let verdict = limits.verdict(on: number) {
                throw OptionMismatch("\(Scalar.number(number).plainText) \(verdict)")
            }
            return number
        }
    }

    @Sendable static func bool(_ value: YAMLValue) throws(OptionMismatch) -> Bool {
        guard case .bool(let flag) = value.scalar else { throw kind(value, nil) }
        return flag
    }

    @Sendable static func string(_ value: YAMLValue) throws(OptionMismatch) -> String {
        guard let text = value.text, value.scalar != .null else { throw kind(value, "a text") }
        return text
    }

    static func choice(_ choices: [String]) -> Reader<String> {
        { (value) throws(OptionMismatch) -> String in
            guard let text = value.text, value.scalar != .null else { throw kind(value, "a word") }
            guard choices.contains(text) else {
                throw OptionMismatch(
                    "\(value.inWords) is not one of them", at: value.location,
                    suggestions: Suggestion.closest(to: text, among: choices))
            }
            return text
        }
    }

    /// `'many' is not a whole number`; nothing, and a number in quotes, have words of their own.
    static func kind(_ value: YAMLValue, _ wanted: String?) -> OptionMismatch {
        if value.scalar == .null { return OptionMismatch("nothing is given", at: value.location) }
        if case .scalar(let text, isPlain: false) = value.content, wanted?.hasSuffix("number") == true,
            YAMLValue.number(text) != nil
        {
            return OptionMismatch("\(value.inWords) in quotes is a text", at: value.location)
        }
        return OptionMismatch("\(value.inWords) is \(wanted.map { "not \($0)" } ?? "neither")", at: value.location)
    }
}

extension Option {
    /// An option read by one reader; required when it has no default.
    init(
        _ name: String, _ type: String, _ shape: OptionShape, choices: [String] = [], help: String, fallback: Value?,
        effect: OptionDeclaration.Effect, scalar: @escaping @Sendable (Value) -> Scalar,
        read: @escaping ScalarReading.Reader<Value>
    ) {
        self.init(
            name, type: type, shape: shape, choices: choices, help: help,
            defaultText: fallback.map { scalar($0).plainText },
            fallback: fallback, effect: effect, normal: { .scalar(scalar($0)) }, read: read)
    }
}

extension Option where Value == Int {
    /// A whole number; required when it has no default.
    public static func int(
        _ name: String, in bounds: any OptionBounds<Int> = Int.min...Int.max, default fallback: Int? = nil,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a whole number"), .integer(least: limits.least, greatest: limits.greatest), help: help,
            fallback: fallback, effect: effect, scalar: { .int($0) }, read: ScalarReading.int(in: limits))
    }
}

extension Option where Value == Double {
    /// A number; required when it has no default.
    public static func number(
        _ name: String, in bounds: any OptionBounds<Double> = -Double.infinity...Double.infinity,
        default fallback: Double? = nil, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a number"), .number(least: limits.least, greatest: limits.greatest), help: help,
            fallback: fallback, effect: effect, scalar: { .number($0) }, read: ScalarReading.number(in: limits))
    }
}

extension Option where Value == Bool {
    /// `true` or `false`.
    public static func bool(
        _ name: String, default fallback: Bool, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, "'true' or 'false'", .boolean, choices: ["true", "false"], help: help, fallback: fallback,
            effect: effect,
            scalar: { .bool($0) }, read: ScalarReading.bool)
    }
}
