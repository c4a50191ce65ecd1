/// A SentencePiece model as its file holds it (`sentencepiece_model.proto`).
struct SentencePieceFile {
    /// A token and what it is for.
    struct Piece {
        var text: [UInt8] = []
        var score: Float = 0
        var kind = Kind.normal
    }

    /// The kinds of tokens, by their numbers in the file.
    enum Kind: UInt64 {
        case normal = 1, unknown, control, userDefined, unused, byte
    }

    private(set) var pieces: [Piece] = []
    private(set) var unknown = 0
    private(set) var beginning: Int? = 1
    private(set) var end: Int? = 2
    private(set) var putsSpaceInFront = true

    /// Reads a `tokenizer.model`.
    /// - Throws: `TokenizerError` for a damaged file, and for a model or a normalization that is not built.
    init(_ bytes: [UInt8], place: String) throws(TokenizerError) {
        var file = ProtobufReader(bytes[...], place: place)
        var seen: Set<Int> = []
        while let (number, value) = try file.next() {
            guard case .bytes(let message) = value else { continue }
            seen.insert(number)
            switch number {
            case 1: pieces.append(try Self.piece(message, place: "\(place), piece \(pieces.count)"))
            case 2: try readTrainer(message, place: "\(place), trainer_spec")
            case 3: try readNormalizer(message, place: "\(place), normalizer_spec")
            default: break
            }
        }
        for (number, name) in [(1, "pieces"), (2, "trainer_spec"), (3, "normalizer_spec")]
        where !seen.contains(number) {
            throw .missing(place: "\(place), \(name)")
        }
        guard pieces.indices.contains(unknown) else {
            throw .idOutOfRange(token: "unknown", id: unknown)
        }
        beginning = beginning.flatMap { pieces.indices.contains($0) ? $0 : nil }
        end = end.flatMap { pieces.indices.contains($0) ? $0 : nil }
    }

    private static func piece(_ message: ArraySlice<UInt8>, place: String) throws(TokenizerError) -> Piece {
        var reader = ProtobufReader(message, place: place)
        var piece = Piece()
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (1, .bytes(let text)): piece.text = Array(text)
            case (2, .float(let score)): piece.score = score
            case (3, .integer(let kind)):
                guard let kind = Kind(rawValue: kind) else {
                    throw .unsupported(place: place, found: "of type \(kind)", supported: ["the types 1 to 6"])
                }
                piece.kind = kind
            default: break
            }
        }
        guard String(validating: piece.text, as: UTF8.self) != nil, !piece.text.isEmpty, !piece.score.isNaN else {
            throw .damaged(place: place, expected: "a text in UTF-8 and a score")
        }
        return piece
    }

    private mutating func readTrainer(_ message: ArraySlice<UInt8>, place: String) throws(TokenizerError) {
        var reader = ProtobufReader(message, place: place)
        var kind: UInt64 = 1
        while let (number, value) = try reader.next() {
            guard case .integer(let integer) = value else { continue }
            let id = Int(exactly: Int64(bitPattern: integer)).flatMap { $0 < 0 ? nil : $0 }
            switch number {
            case 3: kind = integer
            case 24 where integer != 0:
                throw .unsupported(place: "\(place).treat_whitespace_as_suffix", found: "true", supported: ["false"])
            case 40: unknown = id ?? 0
            case 41: beginning = id
            case 42: end = id
            default: break
            }
        }
        let names: [UInt64: String] = [1: "unigram", 3: "word", 4: "char"]
        guard kind == 2 else {
            throw .unsupported(place: "\(place).model_type", found: names[kind] ?? "\(kind)", supported: ["bpe"])
        }
    }

    private mutating func readNormalizer(_ message: ArraySlice<UInt8>, place: String) throws(TokenizerError) {
        var reader = ProtobufReader(message, place: place)
        var removesSpaces = true
        while let (number, value) = try reader.next() {
            switch (number, value) {
            case (2, .bytes(let map)) where !map.isEmpty:
                throw .unsupported(
                    place: "\(place).precompiled_charsmap", found: "of \(map.count) bytes", supported: ["none"])
            case (3, .integer(let flag)): putsSpaceInFront = flag != 0
            case (4, .integer(let flag)): removesSpaces = flag != 0
            case (5, .integer(0)):
                throw .unsupported(place: "\(place).escape_whitespaces", found: "false", supported: ["true"])
            default: break
            }
        }
        if removesSpaces {
            throw .unsupported(place: "\(place).remove_extra_whitespaces", found: "true", supported: ["false"])
        }
    }
}

extension TokenizerDefinition {
    /// The tokenizer of a SentencePiece model, with special tokens found in the text as Hugging Face's `LlamaTokenizer`
    /// does.
    init(sentencePiece bytes: [UInt8], place: String) throws(TokenizerError) {
        let file = try SentencePieceFile(bytes, place: place)
        let vocabulary = try Vocabulary(
            file.pieces.indices.map { (token: file.pieces[$0].text, id: $0) }, place: place)
        var ranks = JoinModel.ranks(ofScores: file.pieces.map(\.score))
        var added: [AddedToken] = []
        for (id, piece) in file.pieces.enumerated() {
            switch piece.kind {
            case .unknown, .control: added.append(AddedToken(content: piece.text, id: id))
            case .userDefined:
                let text = String(decoding: piece.text, as: UTF8.self).replacing("\u{2581}", with: " ")
                added.append(AddedToken(content: Array(text.utf8), id: id))
            case .normal, .unused, .byte: break
            }
            if piece.kind == .unknown || piece.kind == .control || piece.kind == .byte { ranks[id] = JoinModel.never }
        }
        let escape = Normalizer.replace(.text(Array(" ".utf8)), with: Self.escapedSpace)
        self.init(
            vocabulary: vocabulary, rule: .joins(ranks: ranks, JoinModel.Options(unknown: file.unknown)),
            normalizer: file.putsSpaceInFront
                ? .sequence([escape, .prepend(Self.escapedSpace, toTextAlone: true)]) : escape,
            preTokenizer: nil,
            front: file.beginning.map { [$0] } ?? [], added: added,
            decoder: file.putsSpaceInFront
                ? .sequence([Self.escapedDecoder, .strip([UInt8(ascii: " ")], front: 1, back: 0)])
                : Self.escapedDecoder)
        named = Named(beginning: file.beginning, ends: file.end.map { [$0] } ?? [])
    }
}
