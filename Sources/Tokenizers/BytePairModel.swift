/// Byte-pair encoding (Sennrich et al. 2016) of one piece of text: its scalars as tokens, then the known pairs merged
/// in the order of their rank.
struct BytePairModel: Sendable {
    private let ids: [ByteKey: Int]
    private let table: MergeTable
    /// The ids of the scalars below U+0800: `[2048]`, −1 where there is none.
    private let shortIDs: [Int32]
    /// The ids of `<0x00>` … `<0xFF>` where bytes stand in for unknown scalars: `[256]`, nil where there is none.
    private let byteIDs: [Int?]
    private let unknown: Int?
    private let options: Options

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
    /// - Throws: `TokenizerError.tokenNotInVocabulary` where a merge's halves or result are no tokens, or where the unknown
    ///   token is none although a text may need it: where not every letter of the bytes' alphabet is a token, or texts
    ///   are not spelt in it.
    init(vocabulary: Vocabulary, merges: [Merge], mergesPlace: String, options: Options, spelledInBytes: Bool)
        throws(TokenizerError)
    {
        ids = vocabulary.ids
        table = try MergeTable(merges, vocabulary: vocabulary, place: mergesPlace)
        shortIDs = (0..<0x800).map { value in
            Unicode.Scalar(UInt32(value)).flatMap { vocabulary.id(of: String($0)) }.map(Int32.init) ?? -1
        }
        if options.fallsBackToBytes {
            let digits = Array("0123456789ABCDEF")
            byteIDs = (0..<256).map { vocabulary.id(of: "<0x\(digits[$0 >> 4])\(digits[$0 & 15])>") }
        } else {
            byteIDs = []
        }
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
    }

    /// Appends the ids of one piece.
    func encode(_ text: [UInt8], _ range: Range<Int>, with merger: inout Merger, into out: inout [Int]) {
        if options.ignoresMerges, let id = ids[ByteKey(text[range])] {
            out.append(id)
            return
        }
        merger.reset()
        var pendingUnknown = false
        var position = range.lowerBound
        while position < range.upperBound {
            let length = UTF8Text.length(of: text[position])
            let scalar = position..<position + length
            position += length
            if let id = id(of: text, scalar) {
                if pendingUnknown, let unknown { merger.append(unknown) }
                pendingUnknown = false
                merger.append(id)
            } else if let bytes = fallback(text, scalar) {
                for id in bytes { merger.append(id) }
            } else if let unknown {
                if pendingUnknown, !options.fusesUnknown { merger.append(unknown) }
                pendingUnknown = true
            }
        }
        if pendingUnknown, let unknown { merger.append(unknown) }
        merger.merge(by: table)
        merger.read(into: &out)
    }

    private func id(of text: [UInt8], _ scalar: Range<Int>) -> Int? {
        if scalar.count > 2 { return ids[ByteKey(text[scalar])] }
        let id = shortIDs[Int(UTF8Text.scalar(in: text, at: scalar.lowerBound).scalar.value)]
        return id < 0 ? nil : Int(id)
    }

    private func fallback(_ text: [UInt8], _ scalar: Range<Int>) -> [Int]? {
        guard options.fallsBackToBytes else { return nil }
        let found = text[scalar].compactMap { byteIDs[Int($0)] }
        return found.count == scalar.count ? found : nil
    }
}
