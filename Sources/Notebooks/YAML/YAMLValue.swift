/// A YAML value with its places: what a command block's body or the front matter says, before any type is asked for.
public struct YAMLValue: Sendable, Equatable {
    /// What a value holds.
    public indirect enum Content: Sendable, Equatable {
        /// A scalar's text; `isPlain` when it stood without quotes, so that `true`, `12` and `null` may mean what they say.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLValue])
        case mapping([Entry])
    }

    /// One key with its value.
    public struct Entry: Sendable, Equatable {
        /// The key's text.
        public let key: String
        /// Where the key stands.
        public let keyLocation: SourceLocation
        /// What the key is given.
        public let value: YAMLValue

        /// A key with its value.
        public init(key: String, keyLocation: SourceLocation, value: YAMLValue) {
            self.key = key
            self.keyLocation = keyLocation
            self.value = value
        }
    }

    /// What the value holds.
    public let content: Content
    /// Where the value starts.
    public let location: SourceLocation

    /// A value at its place.
    public init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// The scalar's text, plain or quoted; nil for a list or a mapping.
    public var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The entries of a list; nil for anything else.
    public var sequence: [YAMLValue]? {
        if case .sequence(let values) = content { values } else { nil }
    }

    /// The entries of a mapping, in order; nil for anything else.
    public var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// A mapping's value by key.
    public subscript(key: String) -> YAMLValue? { mapping?.first { $0.key.utf8.elementsEqual(key.utf8) }?.value }

    /// What a scalar means: without quotes `null`, `true`, `12` and `0.5` are themselves, all else is text; nil for lists and mappings.
    public var scalar: Scalar? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        guard isPlain else { return .string(text) }
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: return Self.number(text) ?? .string(text)
        }
    }

    /// A decimal number as YAML 1.2 and JSON write it; nil for all else, also for `nan`, `inf`, hexadecimal and `1_000`.
    static func number(_ text: String) -> Scalar? {
        let body =
            text.utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } == true
            ? text.dropFirst() : text[...]
        guard let first = body.utf8.first, first == UInt8(ascii: ".") || isDigit(first),
            body.utf8.contains(where: isDigit),
            body.utf8.allSatisfy({ isDigit($0) || ".eE+-".utf8.contains($0) })
        else { return nil }
        if body.utf8.allSatisfy(isDigit) { return Int(text).map(Scalar.int) }
        guard let value = Double(text), value.isFinite else { return nil }
        return .number(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    /// The value in a few words, as messages quote it: `'abc'`, `a list`, `nothing`.
    public var inWords: String {
        switch content {
        case .scalar(let text, let isPlain):
            if isPlain, scalar == .null { "nothing" } else { "'\(Self.shortened(text))'" }
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    static func shortened(_ text: String) -> String { text.count > 60 ? text.prefix(60) + "…" : text }
}
