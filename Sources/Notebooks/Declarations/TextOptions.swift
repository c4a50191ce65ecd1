import Values

extension Option where Value == String {
    /// Text that must be given.
    public static func string(
        _ name: String, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, "a text", .text, help: help, fallback: nil, effect: effect, scalar: { .string($0) },
            read: ScalarReading.string)
    }

    /// Text.
    public static func string(
        _ name: String, default fallback: String, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, "a text", .text, help: help, fallback: fallback, effect: effect, scalar: { .string($0) },
            read: ScalarReading.string)
    }

    /// One of a few words, which must be given.
    public static func choice(
        _ name: String, _ choices: [String], effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, ListOptions.oneOf(choices), .choice(choices), choices: choices, help: help, fallback: nil,
            effect: effect,
            scalar: { .string($0) }, read: ScalarReading.choice(choices))
    }

    /// One of a few words.
    public static func choice(
        _ name: String, _ choices: [String], default fallback: String,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        precondition(choices.contains(fallback), "the default of '\(name)' is none of its choices")
        return Option(
            name, ListOptions.oneOf(choices), .choice(choices), choices: choices, help: help, fallback: fallback,
            effect: effect,
            scalar: { .string($0) }, read: ScalarReading.choice(choices))
    }
}

extension Option where Value == String? {
    /// Text that need not be given.
    public static func string(
        _ name: String, default fallback: NoDefault, effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(name, "a text", .text, help: help, effect: effect, scalar: { .string($0) }, read: ScalarReading.string)
    }

    /// One of a few words, or nothing.
    public static func choice(
        _ name: String, _ choices: [String], default fallback: NoDefault,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        Option(
            name, ListOptions.oneOf(choices), .choice(choices), choices: choices, help: help, effect: effect,
            scalar: { .string($0) },
            read: ScalarReading.choice(choices))
    }
}
