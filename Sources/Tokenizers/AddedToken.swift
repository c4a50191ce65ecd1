/// A token that is found in the text itself, before any piece is cut (`added_tokens` of `tokenizer.json`).
struct AddedToken: Sendable {
    let content: [UInt8]
    let id: Int
    /// Takes the white space before it along.
    var stripsLeft = false
    /// Takes the white space behind it along.
    var stripsRight = false
    /// Counts only where no word character touches it.
    var singleWord = false
    /// Is itself normalized and looked for in the normalized text.
    var normalized = false

    /// The token in words that differ wherever its matches may.
    var signature: String { "\(id) \(stripsLeft) \(stripsRight) \(singleWord) \(normalized) \(content)" }
}

/// Finds added tokens in a text: leftmost first, the longest of those.
struct AddedTokenFinder: Sendable {
    private struct Node {
        var next: [UInt8: Int] = [:]
        var token: Int?
    }

    private let tokens: [AddedToken]
    private var nodes = [Node()]
    private var firstBytes = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { tokens.isEmpty }

    /// A finder of `tokens` by `contents`: what is looked for, for each token.
    init(_ tokens: [AddedToken], contents: [[UInt8]]) {
        self.tokens = tokens
        for (index, content) in contents.enumerated() {
            var node = 0
            for byte in content {
                if let known = nodes[node].next[byte] {
                    node = known
                } else {
                    nodes[node].next[byte] = nodes.count
                    node = nodes.count
                    nodes.append(Node())
                }
            }
            nodes[node].token = index
            if let first = content.first { firstBytes[Int(first)] = true }
        }
    }

    /// The text cut into added tokens and what lies between them.
    func cuts(of text: [UInt8], _ range: Range<Int>) -> [(range: Range<Int>, id: Int?)] {
        var cuts: [(range: Range<Int>, id: Int?)] = []
        var end = range.lowerBound
        var position = range.lowerBound
        while position < range.upperBound {
            guard firstBytes[Int(text[position])],
                let (index, matchEnd) = longestMatch(in: text, position..<range.upperBound)
            else {
                position += 1
                continue
            }
            let token = tokens[index]
            var (start, stop) = (position, matchEnd)
            position = matchEnd
            if token.singleWord, touchesWord(text, range, start, stop) { continue }
            if token.stripsLeft { start = max(spaceStart(text, range.lowerBound, start), end) }
            if token.stripsRight { stop = spaceEnd(text, stop, range.upperBound) }
            if end < start { cuts.append((end..<start, nil)) }
            cuts.append((start..<stop, token.id))
            end = stop
        }
        if end < range.upperBound { cuts.append((end..<range.upperBound, nil)) }
        return cuts
    }

    private func longestMatch(in text: [UInt8], _ range: Range<Int>) -> (token: Int, end: Int)? {
        var node = 0
        var longest: (token: Int, end: Int)?
        for position in range {
            guard let next = nodes[node].next[text[position]] else { break }
            node = next
            if let token = nodes[node].token { longest = (token, position + 1) }
        }
        return longest
    }

    private func touchesWord(_ text: [UInt8], _ range: Range<Int>, _ start: Int, _ stop: Int) -> Bool {
        (start > range.lowerBound && isWord(UTF8Text.scalar(in: text, before: start).scalar))
            || (stop < range.upperBound && isWord(UTF8Text.scalar(in: text, at: stop).scalar))
    }

    /// A word character in the sense of UTS 18, annex C.
    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return properties.isAlphabetic || properties.isJoinControl
        }
    }

    private func spaceStart(_ text: [UInt8], _ lower: Int, _ position: Int) -> Int {
        var start = position
        while start > lower {
            let (scalar, length) = UTF8Text.scalar(in: text, before: start)
            guard scalar.properties.isWhitespace else { break }
            start -= length
        }
        return start
    }

    private func spaceEnd(_ text: [UInt8], _ position: Int, _ upper: Int) -> Int {
        var stop = position
        while stop < upper {
            let (scalar, length) = UTF8Text.scalar(in: text, at: stop)
            guard scalar.properties.isWhitespace else { break }
            stop += length
        }
        return stop
    }
}
