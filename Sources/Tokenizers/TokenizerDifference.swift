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
        }
    }
}

extension Tokenizer {
    /// In what this tokenizer differs from another one, or nil where every text gets the same ids.
    public func difference(from other: Tokenizer) -> TokenizerDifference? {
        if digest == other.digest { return nil }
        return definition.difference(from: other.definition)
    }
}

extension TokenizerDefinition {
    fileprivate func difference(from other: TokenizerDefinition) -> TokenizerDifference? {
        func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
        let (mine, theirs) = (tokens, other.tokens)
        for id in Set(mine.keys).union(theirs.keys).sorted() where mine[id] != theirs[id] {
            return .token(id: id, first: mine[id].map(text), second: theirs[id].map(text))
        }
        let (found, otherFound) = (Set(added.map(\.signature)), Set(other.added.map(\.signature)))
        if let token = (added + other.added).first(where: {
            found.contains($0.signature) != otherFound.contains($0.signature)
        }) {
            return .addedToken(text(token.content))
        }
        if normalizer?.signature != other.normalizer?.signature { return .normalizer }
        if preTokenizer?.signature != other.preTokenizer?.signature { return .preTokenizer }
        if front != other.front { return .front(first: front, second: other.front) }
        guard case .merges(let merges, _, _) = rule, case .merges(let others, _, _) = other.rule else { return .model }
        let shared = min(merges.count, others.count)
        let rank = (0..<shared).first { merges[$0] != others[$0] } ?? shared
        func merge(_ list: [Merge]) -> String? {
            list.indices.contains(rank) ? "\(list[rank].left) \(list[rank].right)" : nil
        }
        return merges.count == others.count && rank == shared
            ? .model : .merge(rank: rank, first: merge(merges), second: merge(others))
    }

    /// Every token by its id, an added one before the vocabulary's.
    private var tokens: [Int: ArraySlice<UInt8>] {
        Dictionary(added.map { ($0.id, $0.content[...]) } + vocabulary.sorted.map { ($0.id, $0.token) }) { first, _ in
            first
        }
    }
}
