import Notebooks
import Values

/// Reads `path op value` and `path - path op value`: comparisons, `in a..b`, `in [a, b]` and `between a and b`.
struct ClaimParser {
    /// A text that is not a claim.
    struct Failure: Error, Equatable {
        let problem: String
    }

    private enum Token: Equatable {
        case path(String)
        case constant(Scalar)
        case word(String)
        case mark(String)

        var shown: String {
            switch self {
            case .path(let text), .word(let text), .mark(let text): "'\(text)'"
            case .constant(.string(let text)): "\"\(text)\""
            case .constant(.bool(let flag)): "'\(flag)'"
            case .constant(.int(let number)): "the number \(number)"
            case .constant(let scalar): "the number \(scalar.number ?? 0)"
            }
        }
    }

    private var tokens: [Token]
    private var next = 0

    /// The claim that a text makes.
    /// - Throws: what is wrong with it, as a clause.
    static func claim(_ text: String) throws(Failure) -> Claim {
        var parser = ClaimParser(tokens: try tokens(of: Array(text.unicodeScalars)))
        let claim = try parser.claim()
        if let rest = parser.peek { throw Failure(problem: "nothing may follow the claim, but \(rest.shown) does") }
        return claim
    }

    private var peek: Token? { next < tokens.count ? tokens[next] : nil }

    private mutating func take(_ wanted: Token) -> Bool {
        guard peek == wanted else { return false }
        next += 1
        return true
    }

    private mutating func claim() throws(Failure) -> Claim {
        guard case .path(let path)? = peek else {
            throw Failure(problem: peek.map { "it starts with \($0.shown), not with a value's path" } ?? "it is empty")
        }
        next += 1
        guard take(.mark("-")) else { return Claim(path: path, condition: try condition(of: "'\(path)'")) }
        guard case .path(let subtracted)? = peek else {
            let found = peek.map { ", not \($0.shown)" } ?? ""
            throw Failure(problem: "'-' takes the path of a second estimate\(found)")
        }
        next += 1
        let condition = try condition(of: "the difference")
        if case .isOneOf = condition { throw Failure(problem: "a difference lies in a range, not in a list") }
        if case .compares(let comparison, _) = condition, [.equal, .unequal].contains(comparison) {
            throw Failure(
                problem: "an estimated difference never equals a number; write a range, such as 'in -0.1..0.1'")
        }
        return Claim(path: path, subtracted: subtracted, condition: condition)
    }

    private mutating func condition(of subject: String) throws(Failure) -> Claim.Condition {
        guard let token = peek else { throw Failure(problem: "it says nothing about \(subject)") }
        next += 1
        switch token {
        case .mark(let mark):
            if let comparison = Claim.Comparison(rawValue: mark) { return .compares(comparison, try operand()) }
            if mark == "=" { throw Failure(problem: "'=' is not a comparison; write '=='") }
        case .word("in"): return try membership()
        case .word("between"):
            let low = try operand()
            guard take(.word("and")) else { throw Failure(problem: "'between' needs 'and', as in 'between 5 and 10'") }
            return .liesBetween(low, try operand())
        default: break
        }
        throw Failure(problem: "\(token.shown) stands where a comparison is expected: < <= > >= == != in between")
    }

    private mutating func membership() throws(Failure) -> Claim.Condition {
        guard take(.mark("[")) else {
            let low = try operand()
            guard take(.mark("..")) else {
                throw Failure(problem: "'in' needs a range such as 5..10 or a list such as [5, 10]")
            }
            return .liesBetween(low, try operand())
        }
        var operands = [try operand()]
        while take(.mark(",")) { operands.append(try operand()) }
        guard take(.mark("]")) else { throw Failure(problem: "the list is not closed with ']'") }
        return .isOneOf(operands)
    }

    private mutating func operand() throws(Failure) -> Claim.Operand {
        defer { next += 1 }
        switch peek {
        case .constant(let scalar)?: return .constant(scalar)
        case .path(let path)?: return .path(path)
        case let token:
            throw Failure(
                problem: "a number, a text in quotes, true, false or a path is missing"
                    + (token.map { " before \($0.shown)" } ?? " at the end"))
        }
    }

    // MARK: Tokens

    private static func tokens(of text: [Unicode.Scalar]) throws(Failure) -> [Token] {
        var tokens: [Token] = []
        var place = 0
        while place < text.count {
            let rest = text[place...]
            guard let first = rest.first else { break }
            if first.properties.isWhitespace {
                place += 1
            } else if first == "\"" || first == "'" {
                guard let close = rest.dropFirst().firstIndex(of: first) else {
                    throw Failure(problem: "a text in quotes is not closed")
                }
                tokens.append(.constant(.string(string(text[(place + 1)..<close]))))
                place = close + 1
            } else if let (number, length) = number(rest) {
                tokens.append(.constant(number))
                place += length
            } else if isLetter(first) {
                let word = word(rest)
                place += word.count
                tokens.append(token(string(word)))
            } else if let mark = marks.first(where: { rest.starts(with: $0.unicodeScalars) }) {
                tokens.append(.mark(mark))
                place += mark.unicodeScalars.count
            } else {
                throw Failure(problem: "'\(first)' has no meaning in a claim")
            }
        }
        return tokens
    }

    /// Longer marks first, so that `<=` is not read as `<`.
    private static let marks = ["..", "<=", ">=", "==", "!=", "<", ">", "=", "[", "]", ",", "-"]

    private static func token(_ word: String) -> Token {
        switch word {
        case "true": .constant(.bool(true))
        case "false": .constant(.bool(false))
        default: word.contains(".") ? .path(word) : .word(word)
        }
    }

    /// Letters, digits, `_` and `-`, and single dots between them.
    private static func word(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var end = text.startIndex
        while end < text.endIndex {
            if text[end] == "." {
                guard end + 1 < text.endIndex, isWord(text[end + 1]) else { break }
            } else if !isWord(text[end]) {
                break
            }
            end += 1
        }
        return text[..<end]
    }

    /// A decimal number, with a percent sign where there is one, and its length; `5..10` holds two of them.
    private static func number(_ text: ArraySlice<Unicode.Scalar>) -> (Scalar, Int)? {
        var place = text.startIndex
        var digits = ""
        func peek(_ offset: Int = 0) -> Unicode.Scalar? { place + offset < text.endIndex ? text[place + offset] : nil }
        func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { "0"..."9" ~= $0 } ?? false }
        func takeDigits() {
            while let scalar = peek(), isDigit(scalar) {
                digits.unicodeScalars.append(scalar)
                place += 1
            }
        }
        if let sign = peek(), "+-\u{2212}".unicodeScalars.contains(sign) {
            if sign != "+" { digits += "-" }
            place += 1
        }
        guard isDigit(peek()) else { return nil }
        takeDigits()
        var isWhole = true
        if peek() == ".", isDigit(peek(1)) {
            digits += "."
            place += 1
            takeDigits()
            isWhole = false
        }
        let signed = peek(1) == "-" || peek(1) == "+"
        if peek() == "e" || peek() == "E", isDigit(peek(signed ? 2 : 1)) {
            digits += "e"
            place += 1
            if signed {
                digits += peek() == "-" ? "-" : ""
                place += 1
            }
            takeDigits()
            isWhole = false
        }
        guard let value = Double(digits), value.isFinite else { return nil }
        if peek() == "%" { return (.number(value / 100), place + 1 - text.startIndex) }
        let scalar = isWhole ? Int(digits).map(Scalar.int) ?? .number(value) : .number(value)
        return (scalar, place - text.startIndex)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { "a"..."z" ~= scalar || "A"..."Z" ~= scalar }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || "0"..."9" ~= scalar || scalar == "_" || scalar == "-"
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
