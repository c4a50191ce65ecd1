import Digests

/// All that a tokenizer is made of, whatever file it came from.
struct TokenizerDefinition {
    var vocabulary: Vocabulary
    var merges: [Merge]
    /// Where the merges stand, for a complaint.
    var mergesPlace: String
    var options: BytePairModel.Options
    var normalizer: Normalizer?
    var preTokenizer: PreTokenizer?
    /// What the post-processor puts in front of a sequence.
    var front: [Int]
    var added: [AddedToken]
    var decoder: TokenDecoder?

    /// SHA-256 over everything that can change an id; each part is written with its length, so that none runs into the next.
    var digest: SHA256Digest {
        var bytes: [UInt8] = []
        func add(_ part: some Collection<UInt8>) {
            bytes += Array("\(part.count):".utf8)
            bytes += part
        }
        func add(_ text: String) { add(text.utf8) }
        add("patchbook tokenizer 1")
        for (id, token) in vocabulary.tokens.sorted(by: { $0.key < $1.key }) {
            add(String(id))
            add(token)
        }
        add("merges")
        for merge in merges {
            add(merge.left)
            add(merge.right)
        }
        add("options")
        add(options.unknownToken.map { "unknown \($0)" } ?? "no unknown")
        add("\(options.fusesUnknown) \(options.fallsBackToBytes) \(options.ignoresMerges)")
        add(normalizer?.signature ?? "no normalizer")
        add(preTokenizer?.signature ?? "no pre-tokenizer")
        add("front \(front)")
        for token in added.sorted(by: { $0.id < $1.id }) { add(token.signature) }
        return SHA256.digest(of: bytes)
    }
}
