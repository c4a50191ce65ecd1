/// A byte-pair tokenizer that gives the ids that Hugging Face's `tokenizers` gives.
///
/// It works on UTF-8 bytes throughout: texts that Unicode calls equal but that have other bytes get other ids, unless
/// the tokenizer itself normalizes them.
public struct Tokenizer: Sendable {
    private let model: BytePairModel
    private let vocabulary: Vocabulary
    private let normalizer: Normalizer?
    private let preTokenizer: PreTokenizer?
    private let front: [Int]
    private let decoder: TokenDecoder?
    private let addedTexts: [Int: [UInt8]]
    private let plainFinder: AddedTokenFinder
    private let normalizedFinder: AddedTokenFinder

    /// The number of tokens, the added ones included; ids may have gaps, so it is no upper bound for them.
    public let vocabularySize: Int

    /// SHA-256 in hexadecimal over everything that can change an id, and over nothing else: two files that are
    /// formatted or ordered differently, but define the same ids, have one digest.
    public let digest: String

    init(_ definition: TokenizerDefinition) throws(TokenizerError) {
        vocabulary = definition.vocabulary
        model = try BytePairModel(
            vocabulary: definition.vocabulary, merges: definition.merges, mergesPlace: definition.mergesPlace,
            options: definition.options,
            spelledInBytes: definition.preTokenizer?.spellsBytes ?? false)
        normalizer = definition.normalizer
        preTokenizer = definition.preTokenizer
        front = definition.front
        decoder = definition.decoder
        addedTexts = Dictionary(definition.added.map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
        for id in front where vocabulary.tokens[id] == nil && addedTexts[id] == nil { throw .beginning(id: id) }
        vocabularySize = Set(vocabulary.tokens.keys).union(addedTexts.keys).count
        let plain = definition.added.filter { !$0.normalized }
        plainFinder = AddedTokenFinder(plain, contents: plain.map(\.content))
        let normalized = definition.added.filter(\.normalized)
        normalizedFinder = AddedTokenFinder(
            normalized, contents: normalized.map { definition.normalizer?.normalized($0.content) ?? $0.content })
        digest = definition.digest.hex
    }

    /// The ids of a text.
    /// - Parameter addingSpecialTokens: whether to put in front what the tokenizer puts in front of a sequence, such as
    ///   a beginning-of-sequence token. What it would put behind is never added.
    public func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] {
        var pieces = Pieces(Array(text.utf8))
        if !plainFinder.isEmpty { pieces.split { plainFinder.cuts(of: $0, $1) } }
        if let normalizer { pieces.rewrite { $2 += normalizer.normalized(Array($0[$1.range])) } }
        if !normalizedFinder.isEmpty { pieces.split { normalizedFinder.cuts(of: $0, $1) } }
        preTokenizer?.cut(&pieces)
        var ids = addingSpecialTokens ? front : []
        var merger = Merger()
        for piece in pieces.pieces {
            if let id = piece.id {
                ids.append(id)
            } else {
                model.encode(pieces.text, piece.range, with: &merger, into: &ids)
            }
        }
        return ids
    }

    /// The text of ids, special tokens included; bytes that are no UTF-8, and ids that are no tokens, become U+FFFD.
    public func decode(_ ids: [Int]) -> String {
        let parts = ids.map { token(of: $0) ?? Array("\u{FFFD}".utf8) }
        let decoded = decoder?.decoded(parts) ?? [Array(parts.joined(separator: [UInt8(ascii: " ")]))]
        return String(decoding: decoded.joined(), as: UTF8.self)
    }

    /// The bytes that a token stands for inside a text, which need not be whole UTF-8; nil where no token has the id.
    public func text(of id: Int) -> [UInt8]? {
        guard let token = token(of: id) else { return nil }
        return decoder?.bytes(of: token) ?? token
    }

    private func token(of id: Int) -> [UInt8]? {
        addedTexts[id] ?? vocabulary.tokens[id].map(Array.init)
    }
}
