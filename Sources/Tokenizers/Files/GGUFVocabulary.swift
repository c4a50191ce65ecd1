/// What the metadata of a GGUF file say about its tokenizer, by their keys.
public struct GGUFVocabulary: Sendable {
    /// `tokenizer.ggml.model`.
    public var model: String
    /// `tokenizer.ggml.tokens`; the index is the id.
    public var tokens: [String]
    /// `tokenizer.ggml.token_type`: normal (1), unknown (2), control (3), user-defined (4), unused (5), byte (6).
    public var types: [Int]?
    /// `tokenizer.ggml.scores`; only the model `llama` reads them.
    public var scores: [Float]?
    /// `tokenizer.ggml.merges`, each two tokens with one space between them; only byte pairs have them.
    public var merges: [String]?
    /// `tokenizer.ggml.pre`.
    public var preTokenizer: String?
    /// `tokenizer.ggml.add_bos_token`.
    public var addsBeginning: Bool?
    /// `tokenizer.ggml.add_space_prefix`.
    public var addsSpacePrefix: Bool?
    /// `tokenizer.ggml.bos_token_id`.
    public var beginning: Int?
    /// `tokenizer.ggml.eos_token_id`, and those of the ends of a turn and a message.
    public var ends: [Int]
    /// `tokenizer.ggml.unknown_token_id`.
    public var unknown: Int?
    /// `general.name`: a file of Phi-3 says no other way that its special tokens take the white space after them along.
    public var name: String?

    /// A vocabulary of which the file says no more than this.
    public init(model: String, tokens: [String]) {
        self.model = model
        self.tokens = tokens
        ends = []
    }
}

extension Tokenizer {
    /// A tokenizer that gives the ids that llama.cpp gives.
    /// - Throws: `TokenizerError` where the parts do not fit together or a kind is not known.
    public init(_ gguf: GGUFVocabulary) throws(TokenizerError) {
        try self.init(TokenizerDefinition(gguf))
    }
}

extension TokenizerDefinition {
    fileprivate init(_ gguf: GGUFVocabulary) throws(TokenizerError) {
        for (place, count) in [
            ("tokenizer.ggml.token_type", gguf.types?.count), ("tokenizer.ggml.scores", gguf.scores?.count),
        ] {
            if let count, count != gguf.tokens.count {
                throw .lengths(
                    first: "tokenizer.ggml.tokens", count: gguf.tokens.count, second: place, otherCount: count)
            }
        }
        // An empty token gets a name of its own, as in llama.cpp, so that several may be empty.
        let texts = gguf.tokens.enumerated().map { Array(($1.isEmpty ? "[EMPTY_\($0)]" : $1).utf8) }
        let vocabulary = try Vocabulary(
            Array(zip(texts, texts.indices).map { (token: $0, id: $1) }), place: "tokenizer.ggml.tokens")
        let isSentencePiece = gguf.model == "llama"
        switch gguf.model {
        case "llama": try self.init(sentencePiece: gguf, vocabulary)
        case "gpt2": try self.init(bytePairs: gguf, vocabulary)
        default:
            throw .unsupported(place: "tokenizer.ggml.model", found: gguf.model, supported: ["gpt2", "llama"])
        }
        added = try Self.added(gguf, texts)
        addedOrder = .longest
        named.ends = gguf.ends.filter(texts.indices.contains)
        // llama.cpp's defaults for SentencePiece.
        let beginning = gguf.beginning ?? (isSentencePiece ? 1 : nil)
        named.beginning = beginning.flatMap { texts.indices.contains($0) ? $0 : nil }
        if isSentencePiece, gguf.ends.isEmpty, texts.indices.contains(2) { named.ends = [2] }
        let adds = gguf.addsBeginning ?? (isSentencePiece || GGUFPreTokenizer.addsBeginning(gguf.preTokenizer))
        if adds {
            guard let id = named.beginning else { throw .beginning(id: beginning) }
            front = [id]
        }
    }

    private init(bytePairs gguf: GGUFVocabulary, _ vocabulary: Vocabulary) throws(TokenizerError) {
        var options = BytePairModel.Options()
        options.ignoresMerges = GGUFPreTokenizer.ignoresMerges(gguf.preTokenizer)
        self.init(
            vocabulary: vocabulary,
            rule: .merges(try Self.merges(gguf), place: "tokenizer.ggml.merges", options),
            normalizer: nil,
            preTokenizer: try GGUFPreTokenizer(name: gguf.preTokenizer).steps(), front: [], added: [],
            decoder: .byteLevel)
    }

    private init(sentencePiece gguf: GGUFVocabulary, _ vocabulary: Vocabulary) throws(TokenizerError) {
        let scores = gguf.scores ?? Array(repeating: 0, count: gguf.tokens.count)
        if let id = scores.firstIndex(where: \.isNaN) {
            throw .unsupported(place: "tokenizer.ggml.scores[\(id)]", found: "NaN", supported: ["a number"])
        }
        let escape = Normalizer.replace(.text(Array(" ".utf8)), with: Self.escapedSpace)
        self.init(
            vocabulary: vocabulary,
            rule: .joins(
                ranks: JoinModel.ranks(ofScores: scores),
                JoinModel.Options(unknown: gguf.unknown ?? 0)),
            // Each stretch between special tokens gets a space in front, not the text's first alone.
            normalizer: gguf.addsSpacePrefix ?? true
                ? .sequence([.prepend(Self.escapedSpace, toTextAlone: false), escape]) : escape,
            preTokenizer: nil, front: [], added: [],
            decoder: Self.escapedDecoder)
    }

    /// U+2581, which stands for a space.
    static let escapedSpace = Array("\u{2581}".utf8)

    static let escapedDecoder = TokenDecoder.sequence([
        .replace(.text(escapedSpace), with: [UInt8(ascii: " ")]), .byteFallback, .fuse,
    ])

    private static func merges(_ gguf: GGUFVocabulary) throws(TokenizerError) -> [Merge] {
        guard let lines = gguf.merges else { throw .missing(place: "tokenizer.ggml.merges") }
        var merges: [Merge] = []
        merges.reserveCapacity(lines.count)
        for (rank, line) in lines.enumerated() {
            merges.append(try Merge(line, place: "tokenizer.ggml.merges[\(rank)]"))
        }
        return merges
    }

    /// The tokens that are found in the text itself.
    private static func added(_ gguf: GGUFVocabulary, _ texts: [[UInt8]]) throws(TokenizerError) -> [AddedToken] {
        // llama.cpp knows Phi-3 by its name alone.
        let isPhi3 = ["phi-3", "phi3"].contains { gguf.name?.lowercased().contains($0) ?? false }
        var added: [AddedToken] = []
        for (id, text) in texts.enumerated() {
            let type = gguf.types?[id] ?? 1
            guard (1...6).contains(type) else {
                throw .unsupported(
                    place: "tokenizer.ggml.token_type[\(id)]", found: String(type),
                    supported: (1...6).map { String($0) })
            }
            let name = String(decoding: text, as: UTF8.self)
            let isSpecial = [2, 3, 4].contains(type)
            guard isSpecial || controls.contains(name) else { continue }
            let stripsRight = isPhi3 && (isSpecial || name == "</s>") && !unstripped.contains(name)
            added.append(AddedToken(content: text, id: id, stripsRight: stripsRight))
        }
        return added
    }

    /// Special tokens of Phi-3 that leave white space alone.
    private static let unstripped: Set<String> = ["<unk>", "<s>", "<|endoftext|>"]

    /// Tokens that llama.cpp takes for control tokens, whatever type the file gives them.
    private static let controls: Set<String> = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[", "<|fim_prefix|>",
        "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>",
        "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>",
        "<|suffix|>", "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>",
        "<|code_middle|>", "<|middle|>", "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]", "<|fim_repo|>",
        "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>", "<|file_sep|>", "<|channel|>", "<|message|>",
        "<|start|>",
        "<|constrain|>",
    ]
}
