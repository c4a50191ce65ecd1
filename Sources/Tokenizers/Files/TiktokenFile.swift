import Foundation

/// A list of tokens with their ranks, as tiktoken writes it: a line for each, its bytes in Base64 and its rank.
struct TiktokenFile {
    let tokens: [(token: [UInt8], id: Int)]

    /// - Throws: `TokenizerError.damaged` naming the line.
    init(_ bytes: [UInt8], place: String) throws(TokenizerError) {
        var tokens: [(token: [UInt8], id: Int)] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let parts = line.split(separator: UInt8(ascii: " "))
            guard parts.count == 2, let token = Data(base64Encoded: Data(parts[0])), !token.isEmpty,
                let rank = Int(String(decoding: parts[1], as: UTF8.self)), (0..<1 << 24).contains(rank)
            else {
                throw .damaged(place: "\(place), line \(number + 1)", expected: "a token in Base64 and its rank")
            }
            tokens.append((Array(token), rank))
        }
        guard !tokens.isEmpty else { throw .missing(place: "\(place), tokens") }
        self.tokens = tokens
    }

    /// Whether bytes begin as such a file does.
    static func isOne(_ bytes: [UInt8]) -> Bool {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(4096)
        return line.allSatisfy { (0x20..<0x7F).contains($0) } && (try? TiktokenFile(Array(line), place: "")) != nil
    }
}

extension Tokenizer {
    /// A tokenizer out of a list of tokens with ranks, as tiktoken writes it, and what the file leaves to its users.
    /// - Parameters:
    ///   - pattern: the expression that cuts a text into pieces.
    ///   - specialTokens: tokens that are found in the text itself, and their ids.
    /// - Throws: `TokenizerError` naming the line, or what does not fit together.
    public init(
        tiktoken bytes: [UInt8], pattern: String, specialTokens: [(token: String, id: Int)]
    ) throws(TokenizerError) {
        let place = "tiktoken"
        try self.init(
            TokenizerDefinition(
                ranked: TiktokenFile(bytes, place: place).tokens, offset: 0, pattern: pattern,
                special: specialTokens.map { (Array($0.token.utf8), $0.id) }, place: place))
    }
}

extension TokenizerDefinition {
    /// The tokenizer of tokens with ranks, over bytes.
    /// - Parameters:
    ///   - offset: what is added to a rank to make an id.
    ///   - pattern: the expression that cuts a text into pieces.
    ///   - special: tokens that are found in the text itself.
    init(
        ranked tokens: [(token: [UInt8], id: Int)], offset: Int, pattern: String, special: [(token: [UInt8], id: Int)],
        place: String
    ) throws(TokenizerError) {
        let vocabulary = try Vocabulary(tokens.map { (token: $0.token, id: $0.id + offset) }, place: place)
        for byte in UInt8.min...UInt8.max where vocabulary.id(of: [byte], 0..<1) == nil {
            throw .tokenNotInVocabulary(place: "\(place), byte \(byte)", token: "<0x\(String(byte, radix: 16))>")
        }
        var options = JoinModel.Options()
        options.startsWithBytes = true
        options.takesWholePieces = true
        self.init(
            vocabulary: vocabulary, rule: .joins(ranks: (0...vocabulary.lastID).map(UInt32.init), options),
            normalizer: nil, preTokenizer: try .isolating(pattern, place: "\(place), pattern"), front: [],
            added: special.map { AddedToken(content: $0.token, id: $0.id) }, decoder: .fuse)
    }
}
