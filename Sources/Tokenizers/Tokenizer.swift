/// A tokenizer that gives the ids that Hugging Face's `tokenizers` gives, or llama.cpp's where it comes from a GGUF file.
///
/// It works on UTF-8 bytes throughout: texts that Unicode calls equal but that have other bytes get other ids, unless
/// the tokenizer itself normalizes them.
public struct Tokenizer: Sendable {
    let definition: TokenizerDefinition
    private let model: TokenModel
    private let addedTexts: [Int: [UInt8]]
    private let plainFinder: AddedTokenFinder
    private let normalizedFinder: AddedTokenFinder

    /// The number of tokens, the added ones included; ids may have gaps, so it is no upper bound for them.
    public let vocabularySize: Int

    /// SHA-256 in hexadecimal over everything that can change an id, and over nothing else: two files that are
    /// formatted or ordered differently, but define the same ids, have one digest.
    public let digest: String

    /// The most bytes that a text may have: some half a million tokens of English.
    public static let longestText = 2_097_152

    init(_ definition: TokenizerDefinition) throws(TokenizerError) {
        self.definition = definition
        model = try definition.tokenModel()
        addedTexts = Dictionary(definition.added.map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
        for id in definition.front where definition.vocabulary.token(of: id) == nil && addedTexts[id] == nil {
            throw .beginning(id: id)
        }
        vocabularySize =
            definition.vocabulary.count
            + addedTexts.keys.lazy.filter { definition.vocabulary.token(of: $0) == nil }.count
        let plain = definition.added.filter { !$0.normalized }
        plainFinder = AddedTokenFinder(plain, contents: plain.map(\.content), order: definition.addedOrder)
        let normalized = definition.added.filter(\.normalized)
        var contents: [[UInt8]] = []
        var known: [[UInt8]: AddedToken] = [:]
        for token in normalized {
            let content = try definition.normalizer?.normalized(token.content) ?? token.content
            func text(_ token: AddedToken) -> String { String(decoding: token.content, as: UTF8.self) }
            // Hugging Face's tokenizers cut the text at every scalar for the first kind, and take either token of the
            // second by chance.
            if content.isEmpty { throw .emptiedToken(token: text(token)) }
            if let other = known.updateValue(token, forKey: content) {
                throw .sameNormalForm(first: text(other), second: text(token))
            }
            contents.append(content)
        }
        normalizedFinder = AddedTokenFinder(normalized, contents: contents, order: definition.addedOrder)
        digest = definition.digest.hex
    }

    /// A token of a text.
    public struct Piece: Sendable, Equatable {
        /// The token.
        public let id: Int
        /// The bytes of the text's UTF-8 that the token covers; it is empty for what the tokenizer puts in front.
        ///
        /// The ranges of a text's tokens come in order. A token may cover part of a scalar.
        public let range: Range<Int>
    }

    /// The ids of a text.
    /// - Parameter addingSpecialTokens: whether to put in front what the tokenizer puts in front of a sequence, such as
    ///   a beginning-of-sequence token. What it would append is never added.
    /// - Throws: `TokenizerError.textTooLong`; `TokenizerError.patternGaveUp` where a pattern of the tokenizer's file takes
    ///   too long on the text; `TokenizerError.addedTokenInside`.
    public func encode(_ text: String, addingSpecialTokens: Bool) throws(TokenizerError) -> [Int] {
        let (symbols, _) = try symbols(of: text, tracksOrigins: false)
        return (addingSpecialTokens ? definition.front : []) + symbols.lazy.map { Int($0.id) }
    }

    /// The tokens of a text, each with the bytes that it covers.
    /// - Throws: as `encode` does.
    public func pieces(of text: String, addingSpecialTokens: Bool) throws(TokenizerError) -> [Piece] {
        let (symbols, origins) = try symbols(of: text, tracksOrigins: true)
        let front = addingSpecialTokens ? definition.front.map { Piece(id: $0, range: 0..<0) } : []
        return front
            + symbols.map { symbol in
                let range = symbol.range
                return Piece(id: Int(symbol.id), range: Int(origins[range.lowerBound])..<Int(origins[range.upperBound]))
            }
    }

    /// The tokens of a text, and where each byte of what was cut comes from, where asked for.
    private func symbols(
        of text: String, tracksOrigins: Bool
    ) throws(TokenizerError) -> (symbols: [Symbol], origins: [Int32]) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longestText else {
            throw .textTooLong(bytes: bytes.count, limit: Self.longestText)
        }
        var pieces = Pieces(bytes, tracksOrigins: tracksOrigins)
        func split(by finder: AddedTokenFinder) throws(TokenizerError) {
            try pieces.split { text, piece, add throws(TokenizerError) in try finder.cut(text, piece.range, add) }
        }
        if !plainFinder.isEmpty { try split(by: plainFinder) }
        try definition.normalizer?.apply(to: &pieces)
        // What the normalizer removes decides which piece opens the text, whether or not there are tokens to find.
        if definition.normalizer != nil || !normalizedFinder.isEmpty { try split(by: normalizedFinder) }
        try definition.preTokenizer?.cut(&pieces, spelling: false)
        var symbols: [Symbol] = []
        symbols.reserveCapacity(pieces.text.count / 3)
        var merger = Merger()
        for piece in pieces.pieces {
            if let id = piece.id {
                symbols.append(Symbol(id: id, piece.range))
            } else {
                model.encode(pieces.text, piece.range, with: &merger, into: &symbols)
            }
        }
        return (symbols, pieces.origins ?? [])
    }

    /// The text of ids, special tokens included; bytes that are no UTF-8, and ids that are no tokens, become U+FFFD.
    public func decode(_ ids: [Int]) -> String {
        let parts = ids.map { token(of: $0) ?? Array("\u{FFFD}".utf8) }
        let decoded = definition.decoder?.decoded(parts) ?? [Array(parts.joined(separator: [UInt8(ascii: " ")]))]
        return String(decoding: decoded.joined(), as: UTF8.self)
    }

    /// The bytes that a token stands for inside a text, which need not be whole UTF-8; nil where no token has the id.
    public func text(of id: Int) -> [UInt8]? {
        guard let token = token(of: id) else { return nil }
        if addedTexts[id] != nil { return token }
        return definition.decoder?.bytes(of: token) ?? token
    }

    /// The id of a token as the file writes it, an added one first; nil where no token has this text.
    public func id(of token: String) -> Int? {
        let bytes = Array(token.utf8)
        return definition.added.first { $0.content == bytes }?.id ?? definition.vocabulary.id(of: token)
    }

    /// The token that begins a sequence, where the tokenizer names one.
    public var beginning: Int? { definition.named.beginning ?? definition.front.first }

    /// The tokens that end a sequence, where the tokenizer names them.
    public var ends: [Int] { definition.named.ends }

    private func token(of id: Int) -> [UInt8]? {
        addedTexts[id] ?? definition.vocabulary.token(of: id).map(Array.init)
    }
}
