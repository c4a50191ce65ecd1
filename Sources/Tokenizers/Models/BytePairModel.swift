/// Byte-pair encoding (Sennrich et al. 2016) of one piece of text: its scalars or bytes as tokens, then the known pairs
/// merged in the order of their rank.
struct BytePairModel: Sendable {
    private let vocabulary: Vocabulary
    private let table: MergeTable
    /// The ids of the scalars below U+0800: `[2048]`, −1 where there is none.
    private let shortIDs: [Int32]
    private let byteTokens: ByteTokens
    private let unknown: Int?
    private let options: Options
    /// Where pieces come as plain bytes and tokens are spelt in the alphabet of bytes: the tokens as plain bytes.
    private let plain: Vocabulary?

    /// The switches of the model, by their names in `tokenizer.json`.
    struct Options: Sendable {
        /// `unk_token`: stands for each scalar that is no token.
        var unknownToken: String?
        /// `fuse_unk`: one unknown token for a run of them.
        var fusesUnknown = false
        /// `byte_fallback`: an unknown scalar's bytes as `<0xNN>` tokens, where all of them exist.
        var fallsBackToBytes = false
        /// `ignore_merges`: a piece that is a token is that token, whatever its merges say.
        var ignoresMerges = false
    }

    /// A model of a vocabulary and its merges, the first of which has the highest rank.
    /// - Parameter spelledInBytes: whether tokens are spelt in the alphabet of bytes, and pieces are not.
    /// - Throws: `TokenizerError.tokenNotInVocabulary` where a merge's halves or result are no tokens, or where the unknown
    ///   token is none although a text may need it: where not every letter of the bytes' alphabet is a token, or texts
    ///   are not spelt in it.
    init(vocabulary: Vocabulary, merges: [Merge], mergesPlace: String, options: Options, spelledInBytes: Bool)
        throws(TokenizerError)
    {
        self.vocabulary = vocabulary
        table = try MergeTable(merges, vocabulary: vocabulary, place: mergesPlace)
        shortIDs = (0..<0x800).map { value in
            Unicode.Scalar(UInt32(value)).flatMap { vocabulary.id(of: String($0)) }.map(Int32.init) ?? -1
        }
        byteTokens = options.fallsBackToBytes ? ByteTokens(vocabulary) : ByteTokens.none
        if let token = options.unknownToken {
            unknown = vocabulary.id(of: token)
            let neverNeeded = spelledInBytes && ByteAlphabet.scalars.allSatisfy { vocabulary.id(of: String($0)) != nil }
            if unknown == nil, !neverNeeded {
                throw .tokenNotInVocabulary(place: "model.unk_token", token: token)
            }
        } else {
            unknown = nil
        }
        self.options = options
        if spelledInBytes {
            let spelled = vocabulary.sorted.compactMap { id, token in
                ByteAlphabet.bytes(of: token).map { (token: $0, id: id) }
            }
            plain = try Vocabulary(spelled, place: "vocabulary")
        } else {
            plain = nil
        }
    }

    /// Appends the tokens of one piece.
    func encode(_ text: [UInt8], _ range: Range<Int>, with merger: inout Merger, into out: inout [Symbol]) {
        if options.ignoresMerges, let id = (plain ?? vocabulary).id(of: text, range) {
            out.append(Symbol(id: id, range))
            return
        }
        merger.reset()
        var unknownRange: Range<Int>?
        func flushUnknown() {
            if let range = unknownRange, let unknown { merger.append(Symbol(id: unknown, range)) }
            unknownRange = nil
        }
        var position = range.lowerBound
        while position < range.upperBound {
            let unit = position..<position + (plain == nil ? UTF8Text.length(of: text[position]) : 1)
            position = unit.upperBound
            if let id = id(of: text, unit) {
                flushUnknown()
                merger.append(Symbol(id: id, unit))
            } else if let bytes = fallback(text, unit) {
                // As in Hugging Face's tokenizers, an unknown token that waits comes after these bytes.
                for (offset, id) in bytes.enumerated() {
                    let byte = unit.lowerBound + offset..<unit.lowerBound + offset + 1
                    merger.append(Symbol(id: id, plain == nil ? byte : unit))
                }
            } else if unknown != nil {
                if !options.fusesUnknown { flushUnknown() }
                unknownRange = (unknownRange?.lowerBound ?? unit.lowerBound)..<unit.upperBound
            }
        }
        flushUnknown()
        merger.merge(by: table)
        merger.forEach { out.append($0) }
    }

    private func id(of text: [UInt8], _ unit: Range<Int>) -> Int? {
        if plain != nil {
            let id = shortIDs[Int(ByteAlphabet.scalars[Int(text[unit.lowerBound])].value)]
            return id < 0 ? nil : Int(id)
        }
        if unit.count > 2 { return vocabulary.id(of: text, unit) }
        let id = shortIDs[Int(UTF8Text.scalar(in: text, at: unit.lowerBound).scalar.value)]
        return id < 0 ? nil : Int(id)
    }

    private func fallback(_ text: [UInt8], _ unit: Range<Int>) -> [Int]? {
        guard options.fallsBackToBytes else { return nil }
        if plain != nil { return byteTokens.ids(of: ByteAlphabet.encoded[Int(text[unit.lowerBound])][...]) }
        return byteTokens.ids(of: text[unit])
    }
}

/// The tokens `<0x00>` … `<0xFF>`, which stand in for bytes.
struct ByteTokens: Sendable {
    private let tokens: [Int?]

    static let none = ByteTokens(tokens: Array(repeating: nil, count: 256))

    private init(tokens: [Int?]) {
        self.tokens = tokens
    }

    init(_ vocabulary: Vocabulary) {
        let digits = Array("0123456789ABCDEF")
        tokens = (0..<256).map { vocabulary.id(of: "<0x\(digits[$0 >> 4])\(digits[$0 & 15])>") }
    }

    /// One id for each byte, or nil where a byte has no token.
    func ids(of bytes: ArraySlice<UInt8>) -> [Int]? {
        let found = bytes.compactMap { tokens[Int($0)] }
        return found.count == bytes.count ? found : nil
    }
}
