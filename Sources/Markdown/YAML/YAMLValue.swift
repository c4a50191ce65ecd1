import Values

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
    /// The value's text, from its first byte to its last; of a list or a mapping by lines, from its first entry on.
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

    /// Whether it is `null`: nothing, `~` or the word, without quotes.
    public var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content { ["", "~", "null"].contains(text) } else { false }
    }

    /// The value in a few words, as messages quote it: `'abc'`, `a list`, `nothing`.
    public var inWords: String {
        switch content {
        case .scalar(let text, _): isNull ? "nothing" : "'\(text.shortened)'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension String {
    /// At most 60 characters, as messages quote a text of any length.
    package var shortened: String { count > 60 ? prefix(60) + "…" : self }
}
