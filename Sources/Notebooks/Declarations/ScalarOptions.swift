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

extension Option where Value: Equatable {
    /// An option read by one reader, required when `fallback` is nil.
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

    /// An option that is nil when it is not given.
    init<Wrapped>(
        _ name: String, _ type: String, _ shape: OptionShape, choices: [String] = [], help: String,
        effect: OptionDeclaration.Effect,
        scalar: @escaping @Sendable (Wrapped) -> Scalar, read: @escaping ScalarReading.Reader<Wrapped>
    ) where Value == Wrapped? {
        self.init(
            name, type: type, shape: shape, choices: choices, help: help, defaultText: "none", fallback: .some(nil),
            effect: effect,
            normal: { .scalar($0.map(scalar) ?? .null) },
            read: { (value) throws(OptionMismatch) -> Wrapped? in try read(value) })
    }
}

extension Option where Value == Int {
    /// A whole number that must be given.
    public static func int(
        _ name: String, in bounds: any OptionBounds<Int> = Int.min...Int.max,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option { int(name, bounds, nil, effect, help) }

    /// A whole number.
    public static func int(
        _ name: String, in bounds: any OptionBounds<Int> = Int.min...Int.max, default fallback: Int,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option { int(name, bounds, fallback, effect, help) }

    private static func int(
        _ name: String, _ bounds: any OptionBounds<Int>, _ fallback: Int?, _ effect: OptionDeclaration.Effect,
        _ help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a whole number"), .integer(least: limits.least, greatest: limits.greatest), help: help,
            fallback: fallback, effect: effect, scalar: { .int($0) },
            read: ScalarReading.int(in: limits))
    }
}

extension Option where Value == Int? {
    /// A whole number that need not be given.
    public static func int(
        _ name: String, in bounds: any OptionBounds<Int> = Int.min...Int.max, default fallback: NoDefault,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a whole number"), .integer(least: limits.least, greatest: limits.greatest), help: help,
            effect: effect, scalar: { .int($0) },
            read: ScalarReading.int(in: limits))
    }
}

extension Option where Value == Double {
    /// A number that must be given.
    public static func number(
        _ name: String, in bounds: any OptionBounds<Double> = -Double.infinity...Double.infinity,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option { number(name, bounds, nil, effect, help) }

    /// A number.
    public static func number(
        _ name: String, in bounds: any OptionBounds<Double> = -Double.infinity...Double.infinity,
        default fallback: Double,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option { number(name, bounds, fallback, effect, help) }

    private static func number(
        _ name: String, _ bounds: any OptionBounds<Double>, _ fallback: Double?, _ effect: OptionDeclaration.Effect,
        _ help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a number"), .number(least: limits.least, greatest: limits.greatest), help: help,
            fallback: fallback, effect: effect, scalar: { .number($0) },
            read: ScalarReading.number(in: limits))
    }
}

extension Option where Value == Double? {
    /// A number that need not be given.
    public static func number(
        _ name: String, in bounds: any OptionBounds<Double> = -Double.infinity...Double.infinity,
        default fallback: NoDefault, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        let limits = NumberLimits(bounds)
        return Option(
            name, limits.type("a number"), .number(least: limits.least, greatest: limits.greatest), help: help,
            effect: effect, scalar: { .number($0) },
            read: ScalarReading.number(in: limits))
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
