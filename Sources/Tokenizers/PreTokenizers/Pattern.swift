/// What a step of the pipeline looks for in a text.
enum Pattern: Sendable {
    case text([UInt8])
    case expression(RegularExpression)
    /// One scalar of a class.
    case scalar(ScalarClass)

    /// A search of one text of this many bytes, piece by piece.
    func search(bytes: Int) -> PatternSearch {
        guard case .expression(let expression) = self else { return PatternSearch(pattern: self, expression: nil) }
        return PatternSearch(pattern: self, expression: expression.search(bytes: bytes))
    }

    /// The pattern in words that differ wherever its matches may.
    var signature: String {
        switch self {
        case .text(let bytes): "text \(bytes)"
        case .expression(let expression): "expression \(Array(expression.pattern.utf8))"
        case .scalar(let scalarClass): scalarClass.rawValue
        }
    }
}

/// The state of a pattern's search through one text.
struct PatternSearch {
    fileprivate let pattern: Pattern
    fileprivate let expression: ExpressionSearch?

    /// Calls `body` with the matches inside `range` and what lies between them: contiguous, in order, nothing left out.
    /// - Throws: `TokenizerError.patternGaveUp`.
    func cut(
        _ text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>, _ isMatch: Bool) -> Void
    ) throws(TokenizerError) {
        var end = range.lowerBound
        func take(_ match: Range<Int>) {
            if end < match.lowerBound { body(end..<match.lowerBound, false) }
            body(match, true)
            end = match.upperBound
        }
        switch pattern {
        case .expression:
            try expression?.eachMatch(in: text, range, take)
        case .text(let wanted):
            var position = range.lowerBound
            while position + wanted.count <= range.upperBound {
                if text[position] == wanted[0], text[position..<position + wanted.count].elementsEqual(wanted) {
                    take(position..<position + wanted.count)
                    position += wanted.count
                } else {
                    position += 1
                }
            }
        case .scalar(let scalarClass):
            var position = range.lowerBound
            while position < range.upperBound {
                let (scalar, length) = UTF8Text.scalar(in: text, at: position)
                if scalarClass.contains(scalar) { take(position..<position + length) }
                position += length
            }
        }
        if end < range.upperBound { body(end..<range.upperBound, false) }
    }
}

/// A class of scalars that `tokenizer.json` has a name of its own for.
enum ScalarClass: String, Sendable {
    /// The categories that Unicode calls numbers: Nd, Nl, No.
    case number
    /// ASCII punctuation and symbols, and what Unicode 8 calls punctuation, by the tables of Hugging Face's tokenizers.
    case punctuation = "punctuation of Unicode 8"
    case whitespace
    /// What Unicode 16 calls a word character (UTS 18, annex C).
    case word

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .number:
            if scalar.isASCII { return ("0"..."9").contains(scalar) }
            switch scalar.properties.generalCategory {
            case .decimalNumber, .letterNumber, .otherNumber: return true
            default: return false
            }
        case .punctuation:
            if scalar.isASCII { return Self.isASCIIPunctuation(scalar.value) }
            switch scalar.properties.generalCategory {
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation:
                return Self.isKnown(scalar, to: (8, 0))
            // Later versions of Unicode call these two a symbol and a mark.
            default: return scalar == "\u{166D}" || scalar == "\u{111C9}"
            }
        case .whitespace:
            return scalar.properties.isWhitespace
        case .word:
            let properties = scalar.properties
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: break
            default: guard properties.isAlphabetic || properties.isJoinControl else { return false }
            }
            return scalar.isASCII || Self.isKnown(scalar, to: (16, 0))
        }
    }

    private static func isKnown(_ scalar: Unicode.Scalar, to version: Unicode.Version) -> Bool {
        scalar.properties.age.map { $0 <= version } ?? false
    }

    private static func isASCIIPunctuation(_ value: UInt32) -> Bool {
        switch value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
