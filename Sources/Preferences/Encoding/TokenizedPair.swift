/// A pair as token ids, ready for a model.
public struct TokenizedPair: Sendable, Equatable {
    /// The place among the pairs kept, from 0.
    public let pair: Int
    /// The row of the file, from 1.
    public let row: Int
    /// The prompt's ids, special tokens among them.
    public let prompt: [Int]
    /// The preferred response's ids.
    public let chosen: [Int]
    /// The other response's ids.
    public let rejected: [Int]
    /// Pairs with the same prompt ids are one cluster, numbered from 0 by first appearance.
    public let cluster: Int

    /// A tokenized pair out of its parts.
    public init(pair: Int, row: Int, prompt: [Int], chosen: [Int], rejected: [Int], cluster: Int) {
        self.pair = pair
        self.row = row
        self.prompt = prompt
        self.chosen = chosen
        self.rejected = rejected
        self.cluster = cluster
    }
}

/// A pair that was looked at and not kept.
public struct DroppedPair: Sendable, Equatable {
    /// Why a pair cannot take part.
    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        /// The prompt has no token, so nothing predicts the response's first one.
        case emptyPrompt
        /// A token holds the prompt's beginning and the response's, and nothing stands before it.
        case noSharedToken
        /// The response has no token, or nothing but white space.
        case emptyChosen
        case emptyRejected
        /// Both responses have the same tokens: their margin is zero in every model.
        case identicalResponses
        case tooLong(tokens: Int, maximum: Int)
        /// The row cannot be read, or holds no preference.
        case badRow(PairFileError.Problem)

        /// The reason without what differs from row to row, so that rows can be counted by it.
        public var kind: String {
            switch self {
            case .tooLong(_, let maximum): "more than \(maximum) tokens"
            case .badRow(.notJSON): "the row is not JSON"
            case .badRow(.fields): "the row has more or fewer fields than the header"
            default: description
            }
        }

        /// The reason in words.
        public var description: String {
            switch self {
            case .emptyPrompt: "the prompt is empty"
            case .noSharedToken: "the prompt and the responses share no token"
            case .emptyChosen: "the chosen response is empty"
            case .emptyRejected: "the rejected response is empty"
            case .identicalResponses: "both responses are the same"
            case .tooLong(let tokens, let maximum): "\(tokens) tokens, more than \(maximum)"
            case .badRow(let problem): problem.description
            }
        }
    }

    /// The row of the file, from 1.
    public let row: Int
    /// Why it was dropped.
    public let reason: Reason

    /// A dropped row.
    public init(row: Int, reason: Reason) {
        self.row = row
        self.reason = reason
    }
}

/// What a selection kept, and what it dropped, both in the order looked at.
public struct SelectedPairs: Sendable, Equatable {
    /// The pairs that take part.
    public internal(set) var kept: [TokenizedPair] = []
    /// The pairs that do not.
    public internal(set) var dropped: [DroppedPair] = []
    /// How many pairs kept have a token that holds the end of the prompt and the beginning of a response.
    public internal(set) var straddled = 0
    /// How many begin with the opening token themselves, so that none was added.
    public internal(set) var withOwnOpening = 0
    /// How many have other ids where each response is encoded by itself.
    public internal(set) var differingApart = 0
    /// How many a chat template wrote.
    public internal(set) var rendered = 0
    /// The first pair kept, with the texts that it was read from.
    public internal(set) var first: PairExample?
}

/// A pair kept, with all that its tokens are read from.
public struct PairExample: Sendable, Equatable {
    /// Its tokens.
    public let pair: TokenizedPair
    /// What the tokenizer read.
    public let text: PairText
    /// Whether the response's tokens are those of prompt and response together.
    public let isTogether: Bool
    /// Which bytes of prompt and response the chat template wrote, with the chosen response and with the other; nil where that cannot be told.
    public let ownRanges: [[Range<Int>]?]
}
