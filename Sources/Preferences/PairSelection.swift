import Tokenizers

/// What a selection asks of a tokenizer.
public protocol TextEncoder {
    /// What keeps a text from being encoded.
    associatedtype Failure: Error

    /// The text's token ids; with the special tokens that the tokenizer puts around a text, where they are asked for.
    func encode(_ text: String, addingSpecialTokens: Bool) throws(Failure) -> [Int]
}

extension Tokenizer: TextEncoder {}

/// Which pairs of a file take part: an order, a part of it, and nothing that has no margin.
///
/// The order is the file's, or a shuffled one. `skip` rows are passed over; then pairs are kept until there are `limit`, and each
/// row that was looked at and not kept is in the list of those dropped, with the reason.
public struct PairSelection: Sendable, Equatable {
    /// How many rows are passed over first.
    public let skip: Int
    /// How many pairs are kept at most.
    public let limit: Int?
    /// How many tokens the prompt and the longer response may have together.
    public let maximumTokens: Int?

    /// A selection; `nil` bounds nothing.
    public init(skip: Int = 0, limit: Int? = nil, maximumTokens: Int? = nil) {
        precondition(skip >= 0, "a selection skips 0 rows or more, found \(skip)")
        precondition(limit ?? 0 >= 0, "a selection keeps 0 pairs or more, found \(limit ?? 0)")
        self.skip = skip
        self.limit = limit
        self.maximumTokens = maximumTokens
    }

    /// Selects and encodes pairs in the order given.
    ///
    /// The prompt is encoded with the tokenizer's special tokens, each response by itself without any.
    public func select<Encoder: TextEncoder>(
        from pairs: [PreferencePair], tokenizer: Encoder
    ) throws(Encoder.Failure) -> SelectedPairs {
        var selected = SelectedPairs()
        var clusters: [[Int]: Int] = [:]
        for pair in pairs.dropFirst(skip) {
            if let limit, selected.kept.count >= limit { break }
            let prompt = try tokenizer.encode(pair.prompt, addingSpecialTokens: true)
            let chosen = try tokenizer.encode(pair.chosen, addingSpecialTokens: false)
            let rejected = try tokenizer.encode(pair.rejected, addingSpecialTokens: false)
            let length = prompt.count + max(chosen.count, rejected.count)
            let reason: DroppedPair.Reason? =
                if prompt.isEmpty {
                    .emptyPrompt
                } else if chosen.isEmpty || isBlank(pair.chosen) {
                    .emptyChosen
                } else if rejected.isEmpty || isBlank(pair.rejected) {
                    .emptyRejected
                } else if chosen == rejected {
                    .identicalResponses
                } else if let maximumTokens, length > maximumTokens {
                    .tooLong(tokens: length, maximum: maximumTokens)
                } else {
                    nil
                }
            if let reason {
                selected.dropped.append(DroppedPair(row: pair.row, reason: reason))
                continue
            }
            let cluster = clusters[prompt] ?? clusters.count
            clusters[prompt] = cluster
            selected.kept.append(
                TokenizedPair(
                    pair: selected.kept.count, row: pair.row, prompt: prompt, chosen: chosen, rejected: rejected,
                    cluster: cluster))
        }
        return selected
    }

    /// Selects and encodes pairs in a random order, the same for the same generator: Fisher & Yates, as Durstenfeld (1964).
    public func select<Encoder: TextEncoder>(
        from pairs: [PreferencePair], tokenizer: Encoder,
        shufflingWith generator: inout some RandomNumberGenerator
    ) throws(Encoder.Failure) -> SelectedPairs {
        var order = pairs
        for last in order.indices.dropFirst().reversed() {
            order.swapAt(last, index(upTo: last, from: &generator))
        }
        return try select(from: order, tokenizer: tokenizer)
    }

    /// A uniform index in `0...last`, drawn again where the range does not divide 2⁶⁴ (Lemire 2019).
    ///
    /// Written out, because what the standard library draws may change with its version.
    private func index(upTo last: Int, from generator: inout some RandomNumberGenerator) -> Int {
        let bound = UInt64(last) + 1
        var product = generator.next().multipliedFullWidth(by: bound)
        while product.low < (0 &- bound) % bound { product = generator.next().multipliedFullWidth(by: bound) }
        return Int(product.high)
    }

    private func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
