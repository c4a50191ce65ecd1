/// The first thing found in which two tokenizers differ, so that a text may get other ids.
public enum TokenizerDifference: Sendable, Equatable {
    /// One id, two tokens; nil where a tokenizer has none of that id.
    case token(id: Int, first: String?, second: String?)
    /// A token that is found in the text itself, with other switches or by one of the two alone.
    case addedToken(String)
    /// The merge of this rank, the first that is another; nil where a tokenizer has no more.
    case merge(rank: Int, first: String?, second: String?)
    /// How pieces become tokens.
    case model
    case normalizer
    case preTokenizer
    /// What is put in front of a sequence.
    case front(first: [Int], second: [Int])
    /// The ids of one text.
    case text(String, first: [Int], second: [Int])
}

extension TokenizerDifference: CustomStringConvertible {
    /// The sentence for the reader.
    public var description: String {
        func quoted(_ text: String?) -> String { text.map { "'\($0)'" } ?? "nothing" }
        return switch self {
        case .token(let id, let first, let second):
            "token \(id) is \(quoted(first)) to the first and \(quoted(second)) to the second"
        case .addedToken(let token): "the special token '\(token)' is not found in the same way"
        case .merge(let rank, let first, let second):
            "merge \(rank) is \(quoted(first)) in the first and \(quoted(second)) in the second"
        case .model: "pieces become tokens by other rules"
        case .normalizer: "texts are normalized in other ways"
        case .preTokenizer: "texts are cut into pieces in other ways"
        case .front(let first, let second):
            "the first puts the tokens \(first) in front of a text and the second \(second)"
        case .text(let text, let first, let second):
            "the text \(text.debugDescription) is \(first) to the first and \(second) to the second"
        }
    }
}

extension Tokenizer {
    /// In what this tokenizer differs from another one, or nil where every text gets the same ids.
    ///
    /// Files of different kinds say the same in different words: then the texts of tokens, the merges and the beginning are compared,
    /// and the ids of some texts.
    public func difference(from other: Tokenizer) -> TokenizerDifference? {
        if digest == other.digest { return nil }
        guard definition.kind == other.definition.kind else { return translatedDifference(from: other) }
        return definition.difference(from: other.definition)
    }

    private func translatedDifference(from other: Tokenizer) -> TokenizerDifference? {
        let (mine, theirs) = (definition, other.definition)
        for id in Set(mine.tokens.keys).intersection(theirs.tokens.keys).sorted() {
            let (first, second) = (text(of: id), other.text(of: id))
            guard first == second else {
                return .token(
                    id: id, first: first.map(TokenizerDefinition.text), second: second.map(TokenizerDefinition.text))
            }
        }
        if let found = mine.differingFront(from: theirs) ?? mine.differingMerge(from: theirs) { return found }
        for text in Self.samples + (mine.added + theirs.added).map({ TokenizerDefinition.text($0.content) }) {
            let first = (try? encode(text, addingSpecialTokens: false)) ?? []
            let second = (try? other.encode(text, addingSpecialTokens: false)) ?? []
            if first != second { return .text(text, first: first, second: second) }
        }
        return nil
    }

    /// Texts on which tokenizers that cut, normalize or join in different ways differ.
    private static let samples = [
        "Hello, world!", " leading and trailing  ", "a  b   c\t\td", "one\n\ntwo \n three\r\n\r\n  four\n", "   ",
        "\n\n\n",
        "I'm he'll WE'VE don't they'RE", "camelCase HTTPServer iPhone McDonald",
        "1 12 123 1234 12345 3.14159 1,000,000 in 1999 and 2024",
        "x=y+z; (a[0]) {b} <c/> \"d\" 'e' #f @g $h %i ^j &k *l ~m `n` | \\o", "...!!!???---___", "don't stop -- why?!",
        "https://example.org/a_b?c=d&e=1", "caf\u{E9} cafe\u{301} \u{FB01}ne \u{212B} \u{FF21}\u{FF11}",
        "STRASSE stra\u{DF}e \u{130}",
        "\u{4F60}\u{597D}\u{FF0C}\u{4E16}\u{754C}\u{3002}", "\u{3053}\u{3093}\u{306B}\u{3061}\u{306F} \u{30AB}\u{30BF}",
        "\u{C548}\u{B155} \u{1112}\u{1161}\u{11AB}", "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442} \u{3B1}\u{3B2}",
        "\u{645}\u{631}\u{62D}\u{628}\u{627} \u{5E9}\u{5DC}\u{5D5}\u{5DD}",
        "\u{1F600}\u{1F468}\u{200D}\u{1F469} \u{2764}\u{FE0F}",
    ]
}

extension TokenizerDefinition {
    /// What decides how a file writes things: whose ids it gives, and whether it lists merges, pieces or bytes.
    fileprivate var kind: [Bool] {
        switch rule {
        case .merges: [addedOrder == .longest, true]
        case .joins(_, let options): [addedOrder == .longest, false, options.startsWithBytes]
        }
    }

    fileprivate static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    fileprivate func difference(from other: TokenizerDefinition) -> TokenizerDifference? {
        let (mine, theirs) = (tokens, other.tokens)
        for id in Set(mine.keys).union(theirs.keys).sorted() where mine[id] != theirs[id] {
            return .token(id: id, first: mine[id].map(Self.text), second: theirs[id].map(Self.text))
        }
        let (found, otherFound) = (Set(added.map(\.signature)), Set(other.added.map(\.signature)))
        if let token = (added + other.added).first(where: {
            found.contains($0.signature) != otherFound.contains($0.signature)
        }) {
            return .addedToken(Self.text(token.content))
        }
        if normalizer?.signature != other.normalizer?.signature { return .normalizer }
        if preTokenizer?.signature != other.preTokenizer?.signature { return .preTokenizer }
        return differingFront(from: other) ?? differingMerge(from: other) ?? .model
    }

    fileprivate func differingFront(from other: TokenizerDefinition) -> TokenizerDifference? {
        front == other.front ? nil : .front(first: front, second: other.front)
    }

    fileprivate func differingMerge(from other: TokenizerDefinition) -> TokenizerDifference? {
        guard case .merges(let merges, _, _) = rule, case .merges(let others, _, _) = other.rule else { return nil }
        let shared = min(merges.count, others.count)
        let rank = (0..<shared).first { merges[$0] != others[$0] } ?? shared
        func merge(_ list: [Merge]) -> String? {
            list.indices.contains(rank) ? "\(list[rank].left) \(list[rank].right)" : nil
        }
        return merges.count == others.count && rank == shared
            ? nil : .merge(rank: rank, first: merge(merges), second: merge(others))
    }

    /// Every token by its id, an added one before the vocabulary's.
    fileprivate var tokens: [Int: ArraySlice<UInt8>] {
        Dictionary(added.map { ($0.id, $0.content[...]) } + vocabulary.sorted.map { ($0.id, $0.token) }) { first, _ in
            first
        }
    }
}
