/// Cuts a formula into tokens, from where the parser stands.
struct MathLexer {
    enum Token: Equatable {
        /// `\frac` as `frac`, `\,` as `,`
        case command(String)
        case character(String)
        case opening, closing, below, above, cell, line
        /// This many `'`.
        case primes(Int)
        case end
    }

    let bytes: [UInt8]
    /// Where the next token is looked for.
    var place = 0
    /// The end of what is read: that of the formula, or of a formula inside text.
    var limit: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        limit = bytes.count
    }

    /// The next token with its bytes.
    mutating func next() -> (token: Token, range: Range<Int>) {
        skipBlanks()
        guard place < limit else { return (.end, limit..<limit) }
        let start = place
        place += 1
        switch bytes[start] {
        case UInt8(ascii: "{"): return (.opening, start..<place)
        case UInt8(ascii: "}"): return (.closing, start..<place)
        case UInt8(ascii: "_"): return (.below, start..<place)
        case UInt8(ascii: "^"): return (.above, start..<place)
        case UInt8(ascii: "&"): return (.cell, start..<place)
        case UInt8(ascii: "'"):
            while place < limit, bytes[place] == UInt8(ascii: "'") { place += 1 }
            return (.primes(place - start), start..<place)
        case UInt8(ascii: "\\"):
            guard place < limit else { return (.command(""), start..<place) }
            if bytes[place] == UInt8(ascii: "\\") {
                place += 1
                return (.line, start..<place)
            }
            if Self.isLetter(bytes[place]) {
                while place < limit, Self.isLetter(bytes[place]) { place += 1 }
                if place < limit, bytes[place] == UInt8(ascii: "*"),
                    MathParser.starred.contains(text((start + 1)..<place))
                {
                    place += 1
                }
            } else {
                place = endOfCharacter(place)
            }
            let name = text((start + 1)..<place)
            return (.command(name == "\n" || name == "\t" ? " " : name), start..<place)
        default:
            place = endOfCharacter(start)
            return (.character(text(start..<place)), start..<place)
        }
    }

    /// The next token, which stays the next.
    func peek() -> (token: Token, range: Range<Int>) {
        var copy = self
        return copy.next()
    }

    /// What stands between braces, as written, with its bytes; nil when no brace follows, or none closes it.
    mutating func rawGroup() -> Range<Int>? {
        skipBlanks()
        guard place < limit, bytes[place] == UInt8(ascii: "{") else { return nil }
        var depth = 0
        var end = place
        while end < limit {
            switch bytes[end] {
            case UInt8(ascii: "\\"): end += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            default: break
            }
            if depth == 0 { break }
            end += 1
        }
        guard end < limit else { return nil }
        let inner = (place + 1)..<end
        place = end + 1
        return inner
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Blanks and comments mean nothing.
    private mutating func skipBlanks() {
        while place < limit {
            switch bytes[place] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): place += 1
            case UInt8(ascii: "%"): while place < limit, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            default: return
            }
        }
    }

    private func endOfCharacter(_ start: Int) -> Int {
        var end = start + 1
        while end < limit, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
}
