import Markdown

extension Option where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's words; required when it has no default.
    ///
    ///     static let site = Option.choice("site", Site.self, default: .residualPost, help: "which activation is patched")
    public static func choice(
        _ name: String, _ words: Value.Type, default fallback: Value? = nil,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        mapping(
            name, words.allCases.map { ($0.rawValue, $0) }, default: fallback?.rawValue, effect: effect, help: help)
    }
}

extension Option {
    /// One of a few words, each with the value that it stands for; required when it has no default.
    public static func mapping(
        _ name: String, _ words: [(word: String, value: Value)], default fallback: String? = nil,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        let names = words.map(\.word)
        precondition(fallback.map(names.contains) ?? true, "the default of '\(name)' is not one of its words")
        let word = ScalarReading.choice(names)
        return Option(
            name, type: ListOptions.oneOf(names), shape: .choice(names), choices: names, help: help,
            defaultText: fallback, fallback: words.first { $0.word == fallback }?.value, effect: effect,
            read: { (value) throws(OptionMismatch) -> Value in
                let found = try word(value)
                guard let match = words.first(where: { $0.word == found }) else {
                    preconditionFailure("'\(found)' is one of \(names)")
                }
                return match.value
            })
    }

    /// Distinct words of an enumeration, or one of them.
    public static func choices<Word: RawRepresentable & Sendable>(
        _ name: String, _ words: [Word], default fallback: [Word], effect: OptionDeclaration.Effect = .computational,
        help: String
    ) -> Option where Value == [Word], Word.RawValue == String {
        let names = words.map(\.rawValue)
        let read = ListOptions.choices(names)
        return Option(
            name, type: "a list of " + names.map { "'\($0)'" }.joined(separator: ", "), shape: .choices(names),
            choices: names, help: help, defaultText: "[\(fallback.map(\.rawValue).joined(separator: ", "))]",
            fallback: fallback, effect: effect,
            normal: { .list($0.map { .scalar(.string($0.rawValue)) }) },
            read: { (value) throws(OptionMismatch) -> [Word] in try read(value).compactMap(Word.init(rawValue:)) })
    }
}

/// Collects the declarations of a command's options, which may be of any type.
@resultBuilder public enum OptionList {
    /// One option.
    public static func buildExpression<Value>(_ option: Option<Value>) -> [OptionDeclaration] { [option.declaration] }

    /// Options that are declared together.
    public static func buildExpression(_ options: [OptionDeclaration]) -> [OptionDeclaration] { options }

    /// All of them, in order.
    public static func buildBlock(_ parts: [OptionDeclaration]...) -> [OptionDeclaration] { parts.flatMap(\.self) }
}
