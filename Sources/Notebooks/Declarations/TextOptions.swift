import Values

extension Option where Value == String {
    /// Text; required when it has no default.
    public static func string(
        _ name: String, default fallback: String? = nil, effect: OptionDeclaration.Effect = .computational,
        help: String
    ) -> Option {
        Option(
            name, "a text", .text, help: help, fallback: fallback, effect: effect, scalar: { .string($0) },
            read: ScalarReading.string)
    }

    /// One of a few words; required when it has no default.
    public static func choice(
        _ name: String, _ choices: [String], default fallback: String? = nil,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        mapping(name, choices.map { ($0, $0) }, default: fallback, effect: effect, help: help)
    }
}
