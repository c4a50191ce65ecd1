/// A step that cuts a text into the pieces inside which byte pairs are merged (`pre_tokenizer` of `tokenizer.json`).
indirect enum PreTokenizer: Sendable {
    case sequence([PreTokenizer])
    case split(Pattern, SplitBehavior, inverted: Bool)
    /// Spells each byte as a letter of GPT-2's alphabet, after splitting by `pattern` where there is one.
    case byteLevel(addsPrefixSpace: Bool, pattern: RegularExpression?)
    /// Writes spaces as `replacement`, puts one in front, and splits before each of them.
    case metaspace(replacement: [UInt8], prepends: Prepending, splits: Bool)

    /// Where metaspace puts a replacement in front; the names are those of `tokenizer.json`.
    enum Prepending: String, Sendable, CaseIterable {
        case always
        case first
        case never
    }

    /// The expression by which GPT-2 splits (openai/gpt-2, `encoder.py`).
    static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// Each match of an expression is a piece, and so is what lies between.
    static func isolating(_ pattern: String, place: String) throws(TokenizerError) -> PreTokenizer {
        .split(.expression(try RegularExpression(pattern, place: place)), .isolated, inverted: false)
    }

    /// Digits one by one, or each run of them, apart from the rest.
    static func digits(individual: Bool) -> PreTokenizer {
        .split(.scalar(.number), individual ? .isolated : .contiguous, inverted: false)
    }

    /// Whether all that comes out is spelt in the alphabet of the 256 bytes.
    var spellsBytes: Bool {
        switch self {
        case .byteLevel: true
        case .sequence(let steps): steps.last?.spellsBytes ?? false
        case .split, .metaspace: false
        }
    }

    /// Whether a space is put in front of a text; nil where no step may do so.
    var addsPrefixSpace: Bool? {
        switch self {
        case .byteLevel(let adds, _): adds
        case .metaspace(_, let prepends, _): prepends != .never
        case .sequence(let steps): steps.lazy.compactMap(\.addsPrefixSpace).first
        case .split: nil
        }
    }

    /// Cuts each open piece.
    /// - Parameter spelling: whether the last step writes bytes as letters; where it does not, a model that knows the
    ///   letters of bytes gives the same ids for less work.
    /// - Throws: `TokenizerError.patternGaveUp`.
    func cut(_ pieces: inout Pieces, spelling: Bool) throws(TokenizerError) {
        switch self {
        case .sequence(let steps):
            for (index, step) in steps.enumerated() {
                try step.cut(&pieces, spelling: spelling || index < steps.count - 1)
            }
        case .split(let pattern, let behavior, let inverted):
            try Self.split(&pieces, pattern, behavior, inverted: inverted)
        case .byteLevel(let addsPrefixSpace, let pattern):
            if addsPrefixSpace { try Self.putSpacesInFront(&pieces) }
            if let pattern { try Self.split(&pieces, .expression(pattern), .isolated, inverted: false) }
            if spelling {
                try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                    for position in piece.range {
                        writer.put(ByteAlphabet.encoded[Int(text[position])], for: position..<position + 1)
                    }
                }
            }
        case .metaspace(let replacement, let prepends, let splits):
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                let first = text[piece.range.lowerBound]
                let opensWithReplacement =
                    first == UInt8(ascii: " ") || text[piece.range].starts(with: replacement)
                if prepends == .always || (prepends == .first && piece.opensText), !opensWithReplacement {
                    writer.put(replacement, for: piece.range.lowerBound..<piece.range.lowerBound)
                }
                var start = piece.range.lowerBound
                for position in piece.range where text[position] == UInt8(ascii: " ") {
                    writer.copy(start..<position)
                    writer.put(replacement, for: position..<position + 1)
                    start = position + 1
                }
                writer.copy(start..<piece.range.upperBound)
            }
            if splits { try Self.split(&pieces, .text(replacement), .mergedWithNext, inverted: false) }
        }
    }

    private static func split(
        _ pieces: inout Pieces, _ pattern: Pattern, _ behavior: SplitBehavior, inverted: Bool
    ) throws(TokenizerError) {
        let search = pattern.search(bytes: pieces.text.count)
        try pieces.split { text, piece, add throws(TokenizerError) in
            var joiner = CutJoiner(behavior)
            try search.cut(text, piece.range) { range, isMatch in
                joiner.take(range, isMatch: isMatch != inverted) { add($0, nil) }
            }
            joiner.finish { add($0, nil) }
        }
    }

    private static func putSpacesInFront(_ pieces: inout Pieces) throws(TokenizerError) {
        let space = UInt8(ascii: " ")
        try pieces.rewrite { text, piece, writer throws(TokenizerError) in
            if text[piece.range.lowerBound] != space {
                writer.put([space], for: piece.range.lowerBound..<piece.range.lowerBound)
            }
            writer.copy(piece.range)
        }
    }

    /// The step in words that differ wherever its pieces may.
    var signature: String {
        switch self {
        case .sequence(let steps): steps.map(\.signature).joined(separator: "\n")
        case .split(let pattern, let behavior, let inverted):
            "split \(behavior.rawValue) \(inverted) \(pattern.signature)"
        case .byteLevel(let addsPrefixSpace, let pattern):
            "byte level \(addsPrefixSpace) \(pattern.map { Pattern.expression($0).signature } ?? "whole")"
        case .metaspace(let replacement, let prepends, let splits):
            "metaspace \(replacement) \(prepends.rawValue) \(splits)"
        }
    }
}
