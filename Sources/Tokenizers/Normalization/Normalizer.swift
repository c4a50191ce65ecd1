/// A step that rewrites a text before it is cut (`normalizer` of `tokenizer.json`).
indirect enum Normalizer: Sendable {
    case sequence([Normalizer])
    case form(NormalizationForm)
    /// Each scalar's own lower case, without regard to its neighbours.
    case lowercase
    /// Puts bytes in front of each piece, or of the one that begins the text.
    case prepend([UInt8], toTextAlone: Bool)
    case replace(Pattern, with: [UInt8])
    /// Removes white space from the ends.
    case strip(left: Bool, right: Bool)

    /// Whether something is put in front of a text.
    var prepends: Bool {
        switch self {
        case .prepend: true
        case .sequence(let steps): steps.contains(where: \.prepends)
        default: false
        }
    }

    /// Rewrites each open piece.
    /// - Throws: `TokenizerError.patternGaveUp`.
    func apply(to pieces: inout Pieces) throws(TokenizerError) {
        switch self {
        case .sequence(let steps):
            for step in steps { try step.apply(to: &pieces) }
        case .form(let form):
            if pieces.isASCII { return }
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                form.write(text, piece.range, to: &writer)
            }
        case .lowercase:
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                var position = piece.range.lowerBound
                while position < piece.range.upperBound {
                    let (scalar, length) = UTF8Text.scalar(in: text, at: position)
                    writer.put(scalar.properties.lowercaseMapping.utf8, for: position..<position + length)
                    position += length
                }
            }
        case .prepend(let front, let toTextAlone):
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                if !toTextAlone || piece.opensText {
                    writer.put(front, for: piece.range.lowerBound..<piece.range.lowerBound)
                }
                writer.copy(piece.range)
            }
        case .replace(let pattern, let content):
            let search = pattern.search(bytes: pieces.text.count)
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                try search.cut(text, piece.range) { range, isMatch in
                    guard isMatch else { return writer.copy(range) }
                    // Tokenizers say that it comes from what is before its end.
                    let last = range.isEmpty ? range.lowerBound - 1 : range.upperBound - 1
                    let opens = last < piece.range.lowerBound ? piece.opensText : writer.comesFromOpening(last)
                    writer.put(content, for: range, opens: opens)
                }
            }
        case .strip(let left, let right):
            try pieces.rewrite { text, piece, writer throws(TokenizerError) in
                var range = piece.range
                if left {
                    range = UTF8Text.spaceEnd(text, range.lowerBound, range.upperBound)..<range.upperBound
                }
                if right {
                    range =
                        range.lowerBound..<UTF8Text.spaceStart(text, range.lowerBound, range.upperBound)
                }
                writer.copy(range)
            }
        }
    }

    /// The normalized form of a text by itself.
    func normalized(_ text: [UInt8]) throws(TokenizerError) -> [UInt8] {
        var pieces = Pieces(text, tracksOrigins: false)
        try apply(to: &pieces)
        return pieces.text
    }

    /// The step in words that differ wherever its result may.
    var signature: String {
        switch self {
        case .sequence(let steps): steps.map(\.signature).joined(separator: "\n")
        case .form(let form): "form \(form.rawValue)"
        case .lowercase: "lowercase"
        case .prepend(let front, let toTextAlone): "prepend \(toTextAlone ? "to text " : "")\(front)"
        case .replace(let pattern, let content): "replace \(content) \(pattern.signature)"
        case .strip(let left, let right): "strip \(left) \(right)"
        }
    }
}
