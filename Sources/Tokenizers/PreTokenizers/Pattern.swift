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
    /// ASCII punctuation and symbols, and the categories that Unicode calls punctuation.
    case punctuation
    case whitespace

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
                return true
            default: return false
            }
        case .whitespace:
            return scalar.properties.isWhitespace
        }
    }

    private static func isASCIIPunctuation(_ value: UInt32) -> Bool {
        switch value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
