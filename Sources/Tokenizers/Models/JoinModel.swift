/// Byte-pair encoding without a list of merges: two neighbours merge where their joined text is a token, the token with
/// the best rank first.
///
/// SentencePiece's BPE is this over scalars, ranked by score (Kudo and Richardson 2018); tiktoken is this over bytes,
/// ranked by id.
struct JoinModel: Sendable {
    private let vocabulary: Vocabulary
    /// The rank of each id, the lowest first; `[last id + 1]`.
    private let ranks: [UInt32]
    private let options: Options
    private let byteTokens: ByteTokens
    /// Whether no token goes on past a word's end, so that words may be merged by themselves.
    private let endsAtWords: Bool

    /// The switches of the model.
    struct Options: Sendable, Equatable {
        /// Whether a text begins as bytes instead of scalars.
        var startsWithBytes = false
        /// Whether a piece that is a token is that token at once.
        var takesWholePieces = false
        /// The id of a run of scalars that are no token, where `<0xNN>` tokens cannot stand in for them.
        var unknown: Int?
    }

    /// A rank that never merges.
    static let never = UInt32.max

    /// - Parameter ranks: the rank of each id, `never` for one that no merge may give.
    init(vocabulary: Vocabulary, ranks: [UInt32], options: Options) {
        self.vocabulary = vocabulary
        self.ranks = ranks
        self.options = options
        byteTokens = ByteTokens(vocabulary)
        endsAtWords =
            !options.startsWithBytes
            && !vocabulary.sorted.contains { _, token in
                let token = Array(token)
                return token.indices.contains { Self.startsWord(token, $0, in: 0..<token.count) }
            }
    }

    /// Whether U+2581, which stands for a space, is at a position inside a stretch, after another scalar.
    private static func startsWord(_ text: [UInt8], _ position: Int, in range: Range<Int>) -> Bool {
        func isSpace(_ position: Int) -> Bool {
            position >= range.lowerBound && position + 3 <= range.upperBound && text[position] == 0xE2
                && text[position + 1] == 0x96 && text[position + 2] == 0x81
        }
        return position > range.lowerBound && isSpace(position) && !isSpace(position - 3)
    }

    /// Ranks by score, the highest first; equal scores have one rank. `[scores.count]`
    static func ranks(ofScores scores: [Float]) -> [UInt32] {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var ranks = [UInt32](repeating: 0, count: scores.count)
        var rank: UInt32 = 0
        for (place, index) in order.enumerated() {
            if place > 0, scores[order[place - 1]] != scores[index] { rank += 1 }
            ranks[index] = rank
        }
        return ranks
    }

    /// Appends the tokens of one piece.
    func encode(_ text: [UInt8], _ range: Range<Int>, with merger: inout Merger, into out: inout [Symbol]) {
        if options.takesWholePieces, let id = vocabulary.id(of: text, range) {
            out.append(Symbol(id: id, range))
            return
        }
        var start = range.lowerBound
        if endsAtWords {
            for position in range where Self.startsWord(text, position, in: range) {
                encodeWord(text, start..<position, with: &merger, into: &out)
                start = position
            }
        }
        encodeWord(text, start..<range.upperBound, with: &merger, into: &out)
    }

    private func encodeWord(
        _ text: [UInt8], _ range: Range<Int>, with merger: inout Merger, into out: inout [Symbol]
    ) {
        merger.reset()
        var position = range.lowerBound
        while position < range.upperBound {
            let unit = position..<position + (options.startsWithBytes ? 1 : UTF8Text.length(of: text[position]))
            position = unit.upperBound
            merger.append(Symbol(id: vocabulary.id(of: text, unit) ?? -1, unit))
        }
        merger.merge(by: JoinRule(text: text, vocabulary: vocabulary, ranks: ranks))
        var endsUnknown = false
        merger.forEach { symbol in
            if symbol.id >= 0 {
                out.append(symbol)
                endsUnknown = false
            } else if let bytes = byteTokens.ids(of: text[symbol.range]) {
                for (offset, id) in bytes.enumerated() {
                    let start = symbol.range.lowerBound + offset
                    out.append(Symbol(id: id, start..<start + 1))
                }
                endsUnknown = false
            } else if let unknown = options.unknown {
                // A run of unknown scalars is one token.
                if endsUnknown {
                    out[out.count - 1].upper = symbol.upper
                } else {
                    out.append(Symbol(id: unknown, symbol.range))
                }
                endsUnknown = true
            }
        }
    }
}

/// Merges two symbols of a text where what they cover together is a token.
private struct JoinRule: MergeRule {
    let text: [UInt8]
    let vocabulary: Vocabulary
    let ranks: [UInt32]

    func merge(_ left: Symbol, _ right: Symbol) -> (rank: UInt32, id: Int32)? {
        guard let id = vocabulary.id(of: text, Int(left.lower)..<Int(right.upper)) else { return nil }
        let rank = ranks[id]
        return rank == JoinModel.never ? nil : (rank, Int32(id))
    }
}
