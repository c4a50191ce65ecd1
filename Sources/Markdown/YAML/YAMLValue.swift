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

    /// Where a word of a scalar's text stands, if that is written on one line and without escapes; else where the whole value stands.
    public func location(of word: String) -> SourceLocation {
        guard case .scalar(let text, let isPlain) = content, !text.contains(where: \.isNewline) else { return location }
        let quotes = location.length - text.utf8.count
        guard quotes == (isPlain ? 0 : 2), let start = Self.offset(of: Array(word.utf8), in: Array(text.utf8)) else {
            return location
        }
        return SourceLocation(
            line: location.line, column: location.column + quotes / 2 + start, length: word.utf8.count,
            file: location.file)
    }

    /// Where a word first stands that is no part of a longer one.
    private static func offset(of word: [UInt8], in text: [UInt8]) -> Int? {
        func joins(_ index: Int) -> Bool {
            guard text.indices.contains(index) else { return false }
            let byte = text[index]
            return UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "_-.".utf8.contains(byte) || byte >= 0x80
        }
        guard !word.isEmpty, text.count >= word.count else { return nil }
        return (0...text.count - word.count).first {
            text[$0..<$0 + word.count].elementsEqual(word) && !joins($0 - 1) && !joins($0 + word.count)
        }
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
