/// What a step of the pipeline looks for in a text.
enum Pattern: Sendable {
    case text([UInt8])
    case expression(RegularExpression)
    /// A scalar of one of the categories that Unicode calls numbers: Nd, Nl, No.
    case number

    /// The text cut into matches and what lies between them: contiguous, in order, nothing left out.
    func cuts(of text: [UInt8], _ range: Range<Int>) -> [(range: Range<Int>, isMatch: Bool)] {
        var cuts: [(range: Range<Int>, isMatch: Bool)] = []
        var end = range.lowerBound
        for match in matches(in: text, range) {
            if end < match.lowerBound { cuts.append((end..<match.lowerBound, false)) }
            cuts.append((match, true))
            end = match.upperBound
        }
        if end < range.upperBound { cuts.append((end..<range.upperBound, false)) }
        return cuts
    }

    /// The matches inside `range`, left to right, without overlap.
    func matches(in text: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        switch self {
        case .expression(let expression):
            return expression.matches(in: text, range)
        case .text(let wanted):
            var found: [Range<Int>] = []
            var position = range.lowerBound
            while position + wanted.count <= range.upperBound {
                if text[position] == wanted[0], text[position..<position + wanted.count].elementsEqual(wanted) {
                    found.append(position..<position + wanted.count)
                    position += wanted.count
                } else {
                    position += 1
                }
            }
            return found
        case .number:
            var found: [Range<Int>] = []
            var position = range.lowerBound
            while position < range.upperBound {
                let (scalar, length) = UTF8Text.scalar(in: text, at: position)
                if Self.isNumber(scalar) { found.append(position..<position + length) }
                position += length
            }
            return found
        }
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("0"..."9").contains(scalar) }
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }

    /// The pattern in words that differ wherever its matches may.
    var signature: String {
        switch self {
        case .text(let bytes): "text \(bytes)"
        case .expression(let expression): "expression \(Array(expression.pattern.utf8))"
        case .number: "number"
        }
    }
}
