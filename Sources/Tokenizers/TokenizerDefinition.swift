import Digests

/// All that a tokenizer is made of, whatever file it came from.
struct TokenizerDefinition: Sendable {
    /// What makes tokens of pieces.
    enum Rule: Sendable {
        /// Merges in the order of their rank, and where they are listed, for a complaint.
        case merges([Merge], place: String, BytePairModel.Options)
        /// The rank of each id: `[last id + 1]`.
        case joins(ranks: [UInt32], JoinModel.Options)
    }

    /// Tokens that a file names by what they are for; no id of a text depends on them.
    struct Named: Sendable, Equatable {
        var beginning: Int?
        var ends: [Int] = []
    }

    var vocabulary: Vocabulary
    var rule: Rule
    var normalizer: Normalizer?
    var preTokenizer: PreTokenizer?
    /// What the post-processor puts in front of a sequence.
    var front: [Int]
    /// What the post-processor puts after a sequence; `Tokenizer` never adds it.
    var back: [Int] = []
    var added: [AddedToken]
    var addedOrder = AddedTokenFinder.Order.leftmost
    var decoder: TokenDecoder?
    var named = Named()

    func tokenModel() throws(TokenizerError) -> TokenModel {
        switch rule {
        case .merges(let merges, let place, let options):
            .bytePairs(
                try BytePairModel(
                    vocabulary: vocabulary, merges: merges, mergesPlace: place, options: options,
                    spelledInBytes: preTokenizer?.spellsBytes ?? false))
        case .joins(let ranks, let options):
            .joins(JoinModel(vocabulary: vocabulary, ranks: ranks, options: options))
        }
    }

    /// SHA-256 over everything that can change an id; each part is written with its length, so that none runs into the next.
    var digest: SHA256Digest {
        var bytes: [UInt8] = []
        func add(_ part: some Collection<UInt8>) {
            bytes += Array("\(part.count):".utf8)
            bytes += part
        }
        func add(_ text: String) { add(text.utf8) }
        add("patchbook tokenizer 1")
        for (id, token) in vocabulary.sorted {
            add(String(id))
            add(token)
        }
        switch rule {
        case .merges(let merges, _, let options):
            add("merges")
            for merge in merges {
                add(merge.left)
                add(merge.right)
            }
            add("options")
            add(options.unknownToken.map { "unknown \($0)" } ?? "no unknown")
            add("\(options.fusesUnknown) \(options.fallsBackToBytes) \(options.ignoresMerges)")
        case .joins(let ranks, let options):
            add("joins")
            for rank in ranks { add(String(rank)) }
            add(
                "\(options.startsWithBytes) \(options.takesWholePieces) \(options.unknown.map(String.init) ?? "no unknown")"
            )
        }
        add(normalizer?.signature ?? "no normalizer")
        add(preTokenizer?.signature ?? "no pre-tokenizer")
        add("front \(front)")
        for token in added.sorted(by: { $0.id < $1.id }) { add(token.signature) }
        if addedOrder == .longest { add("longest added token first") }
        return SHA256.digest(of: bytes)
    }
}
