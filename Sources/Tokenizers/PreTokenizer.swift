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

    /// Digits one by one, or each run of them, apart from the rest.
    static func digits(individual: Bool) -> PreTokenizer {
        .split(.number, individual ? .isolated : .contiguous, inverted: false)
    }

    /// Whether all that comes out is spelt in the alphabet of the 256 bytes.
    var spellsBytes: Bool {
        switch self {
        case .byteLevel: true
        case .sequence(let steps): steps.last?.spellsBytes ?? false
        case .split, .metaspace: false
        }
    }

    func cut(_ pieces: inout Pieces) {
        switch self {
        case .sequence(let steps):
            for step in steps { step.cut(&pieces) }
        case .split(let pattern, let behavior, let inverted):
            pieces.split { text, range in
                var cuts = pattern.cuts(of: text, range)
                if inverted { cuts = cuts.map { ($0.range, !$0.isMatch) } }
                return behavior.pieces(of: cuts).map { ($0, nil) }
            }
        case .byteLevel(let addsPrefixSpace, let pattern):
            let space = UInt8(ascii: " ")
            if addsPrefixSpace {
                pieces.rewrite { text, piece, out in
                    if text[piece.range.lowerBound] != space { out.append(space) }
                    out += text[piece.range]
                }
            }
            if let pattern {
                pieces.split { text, range in Pattern.expression(pattern).cuts(of: text, range).map { ($0.range, nil) }
                }
            }
            let alphabet = ByteAlphabet.encoded
            pieces.rewrite { text, piece, out in
                for byte in text[piece.range] { out += alphabet[Int(byte)] }
            }
        case .metaspace(let replacement, let prepends, let splits):
            pieces.rewrite { text, piece, out in
                let start = out.count
                for byte in text[piece.range] {
                    if byte == UInt8(ascii: " ") { out += replacement } else { out.append(byte) }
                }
                let wanted = prepends == .always || (prepends == .first && piece.opensText)
                if wanted, !out[start...].starts(with: replacement) { out.insert(contentsOf: replacement, at: start) }
            }
            if splits {
                PreTokenizer.split(.text(replacement), .mergedWithNext, inverted: false).cut(&pieces)
            }
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
