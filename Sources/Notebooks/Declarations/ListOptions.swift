import Markdown
import Values

/// Options that take several values: lists of choices and sets of whole numbers.
enum ListOptions {
    /// `one of 'a', 'b', 'c'`
    static func oneOf(_ choices: [String]) -> String { "one of " + choices.map { "'\($0)'" }.joined(separator: ", ") }

    static func choices(_ choices: [String]) -> ScalarReading.Reader<[String]> {
        let one = ScalarReading.choice(choices)
        return { (value) throws(OptionMismatch) -> [String] in
            guard let entries = value.sequence else { return [try one(value)] }
            var found: [String] = []
            for entry in entries {
                let word = try one(entry)
                guard !found.contains(word) else {
                    throw OptionMismatch("'\(word)' is listed twice", at: entry.location)
                }
                found.append(word)
            }
            return found
        }
    }

    @Sendable static func integers(_ value: YAMLValue) throws(OptionMismatch) -> IntegerSet {
        if value.text == "all" { return .all }
        var found: Set<Int> = []
        for entry in value.sequence ?? [value] {
            for number in try range(entry) {
                guard found.insert(number).inserted else {
                    throw OptionMismatch("\(number) is listed twice", at: entry.location)
                }
            }
        }
        guard !found.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
        return .some(found.sorted())
    }

    /// One number, or the text `4..7`.
    private static func range(_ value: YAMLValue) throws(OptionMismatch) -> ClosedRange<Int> {
        if case .int(let number) = value.scalar {
            guard number >= 0 else { throw OptionMismatch("\(number) is negative", at: value.location) }
            return number...number
        }
        let parts = (value.text ?? "").split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let first = Int(parts[0]), let last = Int(parts[2]), first >= 0 else {
            throw OptionMismatch(
                "found \(value.inWords)", at: value.location,
                suggestions: Suggestion.closest(to: value.text ?? "", among: ["all"]))
        }
        guard first <= last else { throw OptionMismatch("\(value.inWords) runs backwards", at: value.location) }
        guard last - first < IntegerSet.largest else {
            throw OptionMismatch("\(value.inWords) holds more than \(IntegerSet.largest) numbers", at: value.location)
        }
        return first...last
    }
}

/// A set of whole numbers counted from 0, such as layers: all there are, or some.
public enum IntegerSet: Sendable, Equatable {
    case all
    /// Distinct, from the least to the greatest.
    case some([Int])

    /// The most numbers that a range may hold.
    static let largest = 10_000

    /// The numbers of the set below `count`; nil when it holds one that is not there.
    public func members(below count: Int) -> [Int]? {
        switch self {
        case .all: Array(0..<max(count, 0))
        case .some(let numbers): numbers.allSatisfy { $0 < count } ? numbers : nil
        }
    }

    /// The greatest number named; nil for `all`.
    public var greatest: Int? {
        if case .some(let numbers) = self { numbers.last } else { nil }
    }
}

extension Option where Value == [String] {
    /// A list of distinct words out of a few, or one of them; required when it has no default.
    public static func choices(
        _ name: String, _ choices: [String], default fallback: [String]? = nil,
        effect: OptionDeclaration.Effect = .computational, help: String
    ) -> Option {
        precondition(fallback?.allSatisfy(choices.contains) ?? true, "a default of '\(name)' is not one of its choices")
        return Option(
            name, type: "a list of " + choices.map { "'\($0)'" }.joined(separator: ", "), shape: .choices(choices),
            choices: choices, help: help,
            defaultText: fallback.map { "[\($0.joined(separator: ", "))]" }, fallback: fallback, effect: effect,
            normal: { .list($0.map { .scalar(.string($0)) }) }, read: ListOptions.choices(choices))
    }
}

extension Option where Value == [String] {
    /// A text, or a list of distinct texts, in their order.
    /// - Parameters:
    ///   - type: what they are, in words.
    ///   - least: how many there must be, 1 or 2.
    public static func texts(_ name: String, type: String, atLeast least: Int = 1, help: String) -> Option {
        Option(
            name, type: type, help: help, normal: { .list($0.map { .scalar(.string($0)) }) },
            read: { (value) throws(OptionMismatch) -> [String] in
                var found: [String] = []
                for entry in value.sequence ?? [value] {
                    guard let text = entry.text, entry.scalar != .null else {
                        throw OptionMismatch("found \(entry.inWords)", at: entry.location)
                    }
                    guard !found.contains(text) else {
                        throw OptionMismatch("'\(text)' is listed twice", at: entry.location)
                    }
                    found.append(text)
                }
                guard !found.isEmpty else { throw OptionMismatch("the list is empty", at: value.location) }
                guard found.count >= least else { throw OptionMismatch("there is one only", at: value.location) }
                return found
            })
    }
}

extension Option where Value == IntegerSet {
    /// Whole numbers from 0, such as layers: `all`, a list such as `[1, 4]`, or a range such as `4..7`.
    public static func integers(
        _ name: String, default fallback: IntegerSet = .all, effect: OptionDeclaration.Effect = .computational,
        help: String
    ) -> Option {
        Option(
            name, type: "'all', a list such as [1, 4], or a range such as 4..7", shape: .integers, help: help,
            defaultText: text(fallback), fallback: fallback, effect: effect,
            normal: {
                switch $0 {
                case .all: .scalar(.string("all"))
                case .some(let numbers): .list(numbers.map { .scalar(.int($0)) })
                }
            }, read: ListOptions.integers)
    }

    @Sendable private static func text(_ set: IntegerSet) -> String {
        switch set {
        case .all: "all"
        case .some(let numbers): "[\(numbers.map(String.init).joined(separator: ", "))]"
        }
    }
}
