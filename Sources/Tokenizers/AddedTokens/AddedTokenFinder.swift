/// Finds added tokens in a text.
struct AddedTokenFinder: Sendable {
    /// Which of two tokens that overlap counts.
    enum Order: Sendable {
        /// The one that begins first, the longest of those, as in Hugging Face's tokenizers.
        case leftmost
        /// The longest, wherever it begins, as in llama.cpp.
        case longest
    }

    /// The tokens as a tree of bytes.
    private struct Node {
        var next: [UInt8: Int] = [:]
        var token: Int?
    }

    /// Where a token is in a text; `range` holds the white space that it takes along.
    private struct Match {
        let token: Int
        let content: Range<Int>
    }

    private let tokens: [AddedToken]
    private let order: Order
    private var nodes = [Node()]
    private var firstBytes = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { tokens.isEmpty }

    /// A finder of `tokens` by `contents`: what is looked for, for each token.
    init(_ tokens: [AddedToken], contents: [[UInt8]], order: Order) {
        self.tokens = tokens
        self.order = order
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

    /// Gives the added tokens of a stretch of text, and what lies between them, to `add`.
    /// - Throws: `TokenizerError.addedTokenInside` where the white space that one token takes along holds all of the next,
    ///   and more than it: Hugging Face's tokenizers fail there too.
    func cut(
        _ text: [UInt8], _ range: Range<Int>, _ add: (Range<Int>, _ id: Int?) -> Void
    ) throws(TokenizerError) {
        var end = range.lowerBound
        func take(_ match: Match) throws(TokenizerError) {
            let token = tokens[match.token]
            var (start, stop) = (match.content.lowerBound, match.content.upperBound)
            // What an earlier token has taken along may reach into this one.
            if order == .longest, start < end { return }
            if token.stripsLeft { start = max(spaceStart(text, range.lowerBound, start), end) }
            if token.stripsRight { stop = spaceEnd(text, stop, range.upperBound) }
            guard start <= stop else {
                throw .addedTokenInside(token: String(decoding: token.content, as: UTF8.self))
            }
            if end < start { add(end..<start, nil) }
            add(start..<stop, token.id)
            end = stop
        }
        switch order {
        case .leftmost: try eachLeftmost(text, range, take)
        case .longest: for match in longest(text, range) { try take(match) }
        }
        if end < range.upperBound { add(end..<range.upperBound, nil) }
    }

    private func eachLeftmost(
        _ text: [UInt8], _ range: Range<Int>, _ take: (Match) throws(TokenizerError) -> Void
    ) throws(TokenizerError) {
        var position = range.lowerBound
        while position < range.upperBound {
            var longest: Match?
            eachMatch(text, position..<range.upperBound) { longest = $0 }
            guard let match = longest else {
                position += 1
                continue
            }
            position = match.content.upperBound
            if tokens[match.token].singleWord, touchesWord(text, range, match.content) { continue }
            try take(match)
        }
    }

    /// The matches that remain when the longest take their place first, and the leftmost among equals.
    private func longest(_ text: [UInt8], _ range: Range<Int>) -> [Match] {
        var matches: [Match] = []
        for position in range where firstBytes[Int(text[position])] {
            eachMatch(text, position..<range.upperBound) { matches.append($0) }
        }
        if matches.isEmpty { return [] }
        matches.sort { ($1.content.count, $0.content.lowerBound) < ($0.content.count, $1.content.lowerBound) }
        var isTaken = [Bool](repeating: false, count: range.count)
        var kept: [Match] = []
        for match in matches {
            let first = match.content.lowerBound - range.lowerBound
            let last = match.content.upperBound - 1 - range.lowerBound
            // No later match is longer, so one that overlaps another holds one of its ends.
            if isTaken[first] || isTaken[last] { continue }
            for index in first...last { isTaken[index] = true }
            kept.append(match)
        }
        return kept.sorted { $0.content.lowerBound < $1.content.lowerBound }
    }

    /// Calls `body` with the tokens that begin where `range` does, the shortest first.
    private func eachMatch(_ text: [UInt8], _ range: Range<Int>, _ body: (Match) -> Void) {
        guard firstBytes[Int(text[range.lowerBound])] else { return }
        var node = 0
        for position in range {
            guard let next = nodes[node].next[text[position]] else { return }
            node = next
            if let token = nodes[node].token {
                body(Match(token: token, content: range.lowerBound..<position + 1))
            }
        }
    }

    private func touchesWord(_ text: [UInt8], _ range: Range<Int>, _ match: Range<Int>) -> Bool {
        func isWord(_ scalar: Unicode.Scalar) -> Bool { ScalarClass.word.contains(scalar) }
        return
            (match.lowerBound > range.lowerBound && isWord(UTF8Text.scalar(in: text, before: match.lowerBound).scalar))
            || (match.upperBound < range.upperBound && isWord(UTF8Text.scalar(in: text, at: match.upperBound).scalar))
    }

    private func spaceStart(_ text: [UInt8], _ lower: Int, _ position: Int) -> Int {
        if order == .leftmost { return UTF8Text.spaceStart(text, lower, position) }
        var start = position
        while start > lower, Self.isASCIISpace(text[start - 1]) { start -= 1 }
        return start
    }

    private func spaceEnd(_ text: [UInt8], _ position: Int, _ upper: Int) -> Int {
        if order == .leftmost { return UTF8Text.spaceEnd(text, position, upper) }
        var stop = position
        while stop < upper, Self.isASCIISpace(text[stop]) { stop += 1 }
        return stop
    }

    /// White space as C's `isspace` has it, which llama.cpp asks.
    private static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
