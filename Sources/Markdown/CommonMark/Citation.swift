/// A mention of works of the bibliography: `[see @doe2020, p. 3; @roe2021]`, or `@doe2020` as part of the sentence.
public struct Citation: Sendable, Equatable {
    /// A work with what stands around it.
    public struct Item: Sendable, Equatable {
        /// What the bibliography calls it: `doe2020`.
        public let key: String
        /// Words in front of it: `see `.
        public let prefix: String
        /// What follows it: `, p. 3`.
        public let suffix: String
        /// False for `-@doe2020`, whose authors the sentence names itself.
        public let showsAuthor: Bool
        /// Where `@doe2020` stands.
        public let location: SourceLocation

        /// A work with what stands around it.
        public init(
            key: String, prefix: String = "", suffix: String = "", showsAuthor: Bool = true, location: SourceLocation
        ) {
            self.key = key
            self.prefix = prefix
            self.suffix = suffix
            self.showsAuthor = showsAuthor
            self.location = location
        }
    }

    /// What is mentioned, in order.
    public let items: [Item]
    /// Whether it is part of the sentence and not in brackets.
    public let isInText: Bool

    /// A citation of these works.
    public init(_ items: [Item], isInText: Bool) {
        self.items = items
        self.isInText = isInText
    }
}

extension Citation {
    /// The citation as its author wrote it.
    var markdown: String {
        let texts = items.map { "\($0.prefix)\($0.showsAuthor ? "" : "-")@\($0.key)\(isInText ? "" : $0.suffix)" }
        guard isInText else { return "[" + texts.joined(separator: "; ") + "]" }
        let suffix = items.first?.suffix ?? ""
        return texts.joined()
            + (suffix.isEmpty ? "" : " [\(suffix.hasPrefix(", ") ? String(suffix.dropFirst(2)) : suffix)]")
    }
}

/// One work of a citation as it is written, before its place is known.
struct CitationItem {
    let key: String
    var prefix = ""
    var suffix = ""
    var showsAuthor = true

    /// A work inside brackets: `see @doe2020, p. 3`; nil for a text without a key.
    init?(_ text: Substring) {
        var before: Character = " "
        for index in text.indices {
            if text[index] == "@", !Self.joins(before), let key = Self.key(at: index, of: text) {
                self.key = String(key)
                var front = text[..<index]
                showsAuthor = front.last != "-"
                if !showsAuthor { front.removeLast() }
                prefix = String(front.drop(while: \.isWhitespace))
                suffix = String(text[key.endIndex...])
                while suffix.last?.isWhitespace == true { suffix.removeLast() }
                return
            }
            before = text[index]
        }
        return nil
    }

    /// A work that is part of the sentence.
    init(key: String, suffix: String) {
        self.key = key
        self.suffix = suffix
    }

    /// Whether an `@` after this character belongs to a word, as in an address.
    static func joins(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_@/.".contains(character)
    }

    /// The key after an `@`: letters, digits and `_`, with signs between them.
    static func key(at sign: Substring.Index, of text: Substring) -> Substring? {
        let start = text.index(after: sign)
        var end = start
        var index = start
        while index < text.endIndex {
            let character = text[index]
            let isWord = character.isLetter || character.isNumber || character == "_"
            guard isWord || (index > start && ":.#$%&-+?<>~/".contains(character)) else { break }
            index = text.index(after: index)
            if isWord { end = index }
        }
        return end > start ? text[start..<end] : nil
    }
}
