import Tokenizers

/// What an encoding asks of a tokenizer.
public protocol TextEncoder {
    /// What keeps a text from being encoded.
    associatedtype Failure: Error

    /// The text's token ids; with the special tokens that the tokenizer puts around a text, where they are asked for.
    func encode(_ text: String, addingSpecialTokens: Bool) throws(Failure) -> [Int]
}

extension Tokenizer: TextEncoder {}

extension TextEncoder {
    /// Whether a text begins with what the tokenizer puts in front of one, so that nothing is to be added.
    public func hasOwnOpening(_ text: String) throws(Failure) -> Bool {
        let opening = try encode("", addingSpecialTokens: true)
        guard !opening.isEmpty else { return false }
        return try encode(text, addingSpecialTokens: false).starts(with: opening)
    }
}

/// How a pair's texts become token ids.
public struct PairEncoding: Sendable, Equatable {
    /// Whether a response is read with its prompt.
    public enum Way: String, Sendable, CaseIterable {
        /// Prompt and response are one text, as a model reads them.
        case together
        /// Each response is encoded by itself, and its ids follow the prompt's.
        case apart
    }

    /// Whether a response is read with its prompt.
    public let way: Way
    /// The end token that is scored after each text; nil for none.
    ///
    /// What a chat template wrote ends as the template says, and a text that ends with the token gets no second one.
    public let end: Int?

    /// An encoding.
    public init(_ way: Way = .together, end: Int? = nil) {
        self.way = way
        self.end = end
    }

    /// The ids of a pair's texts.
    ///
    /// Together, the prompt's ids end where those of either whole text first differ from them, so that both responses are scored from
    /// one shared prefix: the first ids of a response may then hold the end of the prompt. Where both texts have the same id there, it
    /// closes the prefix.
    public func encode<Encoder: TextEncoder>(
        _ text: PairText, with tokenizer: Encoder
    ) throws(Encoder.Failure) -> EncodedPair {
        let hasOpening = text.isRendered ? false : try tokenizer.hasOwnOpening(text.prompt)
        let adds = !text.isRendered && !hasOpening
        let prompt = try tokenizer.encode(text.prompt, addingSpecialTokens: adds)
        let apart = [
            try tokenizer.encode(text.chosen, addingSpecialTokens: false),
            try tokenizer.encode(text.rejected, addingSpecialTokens: false),
        ]
        let wholes = [
            try tokenizer.encode(text.prompt + text.chosen, addingSpecialTokens: adds),
            try tokenizer.encode(text.prompt + text.rejected, addingSpecialTokens: adds),
        ]
        let agreed = wholes.map { zip(prompt, $0).prefix { $0 == $1 }.count }.min() ?? prompt.count
        // A token that both texts have in place of the prompt's end belongs to the prefix that they share.
        let isShared =
            agreed < prompt.count && wholes.allSatisfy { $0.count > agreed && $0[agreed] == wholes[0][agreed] }
        let boundary = agreed + (isShared ? 1 : 0)
        let differs = zip(wholes, apart).contains { $0 != prompt + $1 }
        var scored = way == .apart ? apart : wholes.map { Array($0[boundary...]) }
        if let end, !text.isRendered {
            for index in scored.indices where scored[index].last != end { scored[index].append(end) }
        }
        return EncodedPair(
            prompt: way == .apart ? prompt : Array(wholes[0][..<boundary]), chosen: scored[0], rejected: scored[1],
            isStraddled: way == .together && agreed < prompt.count, hasOwnOpening: hasOpening, differsApart: differs)
    }
}

/// A pair's token ids, with what is to be said of them.
public struct EncodedPair: Sendable, Equatable {
    /// The ids that both responses go on from.
    public let prompt: [Int]
    /// The preferred response's ids.
    public let chosen: [Int]
    /// The other response's ids.
    public let rejected: [Int]
    /// Whether a token holds the end of the prompt and the beginning of a response.
    public let isStraddled: Bool
    /// Whether the text itself begins with the opening token, so that none was added.
    public let hasOwnOpening: Bool
    /// Whether `together` and `apart` give other ids.
    public let differsApart: Bool
}
