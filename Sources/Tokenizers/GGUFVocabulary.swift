/// The pre-tokenizers that `tokenizer.ggml.pre` of a GGUF file names, by the rules of llama.cpp (`llama-vocab.cpp`).
enum GGUFPreTokenizer: String, CaseIterable {
    case gpt2 = "gpt-2"
    case smollm
    case llama = "llama-bpe"
    case qwen2

    /// Whether a piece that is a token is that token, whatever its merges say.
    var ignoresMerges: Bool { self == .llama }

    func steps() throws(TokenizerError) -> PreTokenizer {
        let place = "tokenizer.ggml.pre"
        switch self {
        case .gpt2:
            return try .byteLevel(
                addsPrefixSpace: false, pattern: RegularExpression(PreTokenizer.gpt2Pattern, place: place))
        case .smollm:
            return try .sequence([.digits(individual: true), Self.gpt2.steps()])
        case .llama:
            return try Self.splitting(digits: "{1,3}", place: place)
        case .qwen2:
            return try Self.splitting(digits: "", place: place)
        }
    }

    /// The pre-tokenizer of Llama 3 and Qwen 2, which differ in how many digits stay together.
    private static func splitting(digits: String, place: String) throws(TokenizerError) -> PreTokenizer {
        let pattern =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        return .sequence([
            .split(.expression(try RegularExpression(pattern, place: place)), .isolated, inverted: false),
            .byteLevel(addsPrefixSpace: false, pattern: nil),
        ])
    }
}

extension Tokenizer {
    /// A tokenizer out of the metadata of a GGUF file whose `tokenizer.ggml.model` is `gpt2`.
    /// - Parameters:
    ///   - tokens: `tokenizer.ggml.tokens`; the index is the id.
    ///   - types: `tokenizer.ggml.token_type`; control tokens (3) and user-defined ones (4) are found in the text itself.
    ///   - merges: `tokenizer.ggml.merges`, each two tokens with one space between them.
    ///   - preTokenizer: `tokenizer.ggml.pre`.
    ///   - addsBeginning: `tokenizer.ggml.add_bos_token`.
    ///   - beginning: `tokenizer.ggml.bos_token_id`.
    /// - Throws: `TokenizerError` where the parts do not fit together or the pre-tokenizer is not known.
    public init(
        tokens: [String], types: [Int], merges: [String], preTokenizer: String, addsBeginning: Bool, beginning: Int?
    ) throws(TokenizerError) {
        guard let kind = GGUFPreTokenizer(rawValue: preTokenizer) else {
            throw .unsupported(
                place: "tokenizer.ggml.pre", found: preTokenizer, supported: GGUFPreTokenizer.allCases.map(\.rawValue))
        }
        guard tokens.count == types.count else {
            throw .lengths(
                first: "tokenizer.ggml.tokens", count: tokens.count, second: "tokenizer.ggml.token_type",
                otherCount: types.count)
        }
        var added: [AddedToken] = []
        for (id, type) in types.enumerated() {
            guard (1...6).contains(type) else {
                throw .unsupported(
                    place: "tokenizer.ggml.token_type[\(id)]", found: String(type),
                    supported: (1...6).map { String($0) })
            }
            if type == 3 || type == 4, !tokens[id].isEmpty {
                added.append(AddedToken(content: Array(tokens[id].utf8), id: id))
            }
        }
        var front: [Int] = []
        if addsBeginning {
            guard let beginning, tokens.indices.contains(beginning) else { throw .beginning(id: beginning) }
            front = [beginning]
        }
        var pairs: [Merge] = []
        for (rank, merge) in merges.enumerated() {
            pairs.append(try Merge(merge, place: "tokenizer.ggml.merges[\(rank)]"))
        }
        var options = BytePairModel.Options()
        options.ignoresMerges = kind.ignoresMerges
        try self.init(
            TokenizerDefinition(
                vocabulary: Vocabulary(zip(tokens, tokens.indices).map { ($0, $1) }, place: "tokenizer.ggml.tokens"),
                merges: pairs, mergesPlace: "tokenizer.ggml.merges", options: options, normalizer: nil,
                preTokenizer: kind.steps(), front: front, added: added,
                decoder: .byteLevel))
    }
}
