/// Cuts a template into tokens, with `trim_blocks` and `lstrip_blocks` on, as transformers sets them.
struct Lexer {
    private let source: [Unicode.Scalar]
    private var position = 0
    private var place = Place(line: 1, column: 1)
    /// Whether what was read last ends a line.
    private var isAtLineStart = true
    private var tokens: [Token] = []

    /// Line ends become line feeds, and one at the end of the template is dropped.
    private init(_ template: String) {
        var source: [Unicode.Scalar] = []
        var previous: Unicode.Scalar?
        for scalar in template.unicodeScalars {
            if scalar != "\n" || previous != "\r" { source.append(scalar == "\r" ? "\n" : scalar) }
            previous = scalar
        }
        if source.last == "\n" { source.removeLast() }
        self.source = source
    }

    /// The template's tokens; the last one is `end`.
    static func tokens(of template: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(template)
        while lexer.position < lexer.source.count { try lexer.readUpToTag() }
        lexer.add(.end)
        return lexer.tokens
    }

    // MARK: Text outside tags

    /// Reads text up to the next tag, and that tag.
    private mutating func readUpToTag() throws(TemplateError) {
        let start = position
        let textPlace = place
        while position < source.count, !isAt("{%"), !isAt("{{"), !isAt("{#") { advance() }
        guard position < source.count else { return addText(source[start...], at: textPlace) }
        let text = source[start..<position]
        let tagPlace = place
        let opening = source[position + 1]
        advance(by: 2)
        let sign = takeSign()
        addText(trimmed(text, before: opening, sign: sign), at: textPlace)
        switch opening {
        case "#": try skipComment(from: tagPlace)
        case "{":
            tokens.append(Token(kind: .outputBegin, place: tagPlace))
            try readTag(isBlock: false, from: tagPlace)
        default:
            if let length = rawOpening() {
                advance(by: length)
                try readRaw(from: tagPlace)
            } else {
                tokens.append(Token(kind: .blockBegin, place: tagPlace))
                try readTag(isBlock: true, from: tagPlace)
            }
        }
        isAtLineStart = source[position - 1] == "\n"
    }

    /// The text as the tag after it leaves it.
    private func trimmed(_ text: ArraySlice<Unicode.Scalar>, before opening: Unicode.Scalar, sign: Unicode.Scalar?)
        -> ArraySlice<Unicode.Scalar>
    {
        if sign == "-" { return Text(text).stripped(nil, left: false).scalars[...] }
        guard sign == nil, opening != "{" else { return text }
        let lineStart = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
        guard lineStart > text.startIndex || isAtLineStart, text[lineStart...].allSatisfy(\.isPythonSpace) else {
            return text
        }
        return text[..<lineStart]
    }

    private mutating func takeSign() -> Unicode.Scalar? {
        guard let next, next == "-" || next == "+" else { return nil }
        advance()
        return next
    }

    private mutating func addText(_ text: ArraySlice<Unicode.Scalar>, at place: Place) {
        if !text.isEmpty { tokens.append(Token(kind: .data(Text(text)), place: place)) }
    }

    private mutating func skipComment(from start: Place) throws(TemplateError) {
        while position < source.count {
            if takeEnd("#}") { return }
            advance()
        }
        throw TemplateError(start, .syntax("the comment has no end '#}'"))
    }

    /// Takes the end of a block or comment here: `+` keeps what follows, `-` strips it, else one line feed goes.
    private mutating func takeEnd(_ end: StaticString) -> Bool {
        let signed = next == "+" || next == "-"
        guard isAt(end, offset: signed ? 1 : 0) else { return false }
        let sign = next
        advance(by: signed ? 3 : 2)
        if sign == "-" {
            skipSpace()
        } else if !signed, next == "\n" {
            advance()
        }
        return true
    }

    // MARK: raw

    /// How many characters `raw %}` takes here, where this is such a tag.
    private func rawOpening() -> Int? {
        guard let name = endOfWord("raw", from: position) else { return nil }
        let signed = name < source.count && source[name] == "-"
        guard isAt("%}", offset: name - position + (signed ? 1 : 0)) else { return nil }
        var end = name + (signed ? 3 : 2)
        while signed, end < source.count, source[end].isPythonSpace { end += 1 }
        return end - position
    }

    private mutating func readRaw(from start: Place) throws(TemplateError) {
        isAtLineStart = source[position - 1] == "\n"
        let first = position
        let textPlace = place
        while position < source.count {
            let end = position
            if isAt("{%") {
                let signed = position + 2 < source.count && ["-", "+"].contains(source[position + 2])
                if let name = endOfWord("endraw", from: position + (signed ? 3 : 2)),
                    isAt("%}", offset: name - position)
                        || (["-", "+"].contains(name < source.count ? source[name] : " ")
                            && isAt("%}", offset: name + 1 - position))
                {
                    let text = trimmed(source[first..<end], before: "%", sign: signed ? source[position + 2] : nil)
                    addText(text, at: textPlace)
                    advance(by: name - position)
                    _ = takeEnd("%}")
                    return
                }
            }
            advance()
        }
        throw TemplateError(start, .syntax("the tag 'raw' has no end 'endraw'"))
    }

    /// Where a word between optional white space ends, white space after it included.
    private func endOfWord(_ word: String, from start: Int) -> Int? {
        var end = start
        while end < source.count, source[end].isPythonSpace { end += 1 }
        guard source[end...].starts(with: word.unicodeScalars) else { return nil }
        end += word.unicodeScalars.count
        while end < source.count, source[end].isPythonSpace { end += 1 }
        return end
    }

    // MARK: Inside tags

    private mutating func readTag(isBlock: Bool, from start: Place) throws(TemplateError) {
        var open: [Unicode.Scalar] = []
        while true {
            skipSpace()
            guard let next else {
                throw TemplateError(start, .syntax("the tag has no end '\(isBlock ? "%}" : "}}")'"))
            }
            if open.isEmpty, takeTagEnd(isBlock: isBlock) { return }
            let here = place
            if let kind = try literal() {
                tokens.append(Token(kind: kind, place: here))
                continue
            }
            guard let mark = Self.marks.first(where: { source[position...].starts(with: $0.unicodeScalars) }) else {
                throw TemplateError(here, .syntax("unexpected character '\(next)'"))
            }
            switch next {
            case "(": open.append(")")
            case "[": open.append("]")
            case "{": open.append("}")
            case ")", "]", "}":
                guard open.popLast() == next else { throw TemplateError(here, .syntax("unexpected '\(next)'")) }
            default: break
            }
            advance(by: mark.unicodeScalars.count)
            tokens.append(Token(kind: .mark(mark), place: here))
        }
    }

    /// Every operator, longer ones first.
    private static let marks = [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";",
    ]

    private mutating func takeTagEnd(isBlock: Bool) -> Bool {
        let here = place
        if isBlock {
            guard takeEnd("%}") else { return false }
            tokens.append(Token(kind: .blockEnd, place: here))
            return true
        }
        let signed = next == "-"
        guard isAt("}}", offset: signed ? 1 : 0) else { return false }
        advance(by: signed ? 3 : 2)
        if signed { skipSpace() }
        tokens.append(Token(kind: .outputEnd, place: here))
        return true
    }

    private mutating func word() -> Token.Kind? {
        let start = position
        while let next, next == "_" || next.properties.isXIDContinue { advance() }
        return position > start ? .name(Text(source[start..<position]).string) : nil
    }

    // MARK: Places

    private var next: Unicode.Scalar? { position < source.count ? source[position] : nil }

    private func isAt(_ text: StaticString, offset: Int = 0) -> Bool {
        let start = position + offset
        return start <= source.count && source[start...].starts(with: text.description.unicodeScalars)
    }

    private mutating func add(_ kind: Token.Kind) { tokens.append(Token(kind: kind, place: place)) }

    private mutating func skipSpace() { while let next, next.isPythonSpace { advance() } }

    private mutating func advance(by count: Int = 1) {
        for scalar in source[position..<min(position + count, source.count)] {
            place =
                scalar == "\n"
                ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
        }
        position = min(position + count, source.count)
    }
}

// MARK: Literals

extension Lexer {
    /// The number, name or string that starts here.
    private mutating func literal() throws(TemplateError) -> Token.Kind? {
        if let number = try number() { return number }
        if let word = word() { return word }
        return try quotation()
    }

    /// The number that starts here: digits with `_` between, a fraction, an exponent, or another base.
    private mutating func number() throws(TemplateError) -> Token.Kind? {
        guard let first = next, Self.isDigit(first) else { return nil }
        let here = place
        let bases: [Unicode.Scalar: Int] = ["b": 2, "o": 8, "x": 16]
        let second = position + 1 < source.count ? source[position + 1] : " "
        if first == "0", let base = bases[second.properties.lowercaseMapping.unicodeScalars.first ?? second] {
            advance(by: 2)
            return .int(
                try integer(takeRun(where: { $0 == "_" || $0.properties.isASCIIHexDigit }), base: base, at: here))
        }
        let whole = takeRun(where: { Self.isDigit($0) || $0 == "_" })
        var written = whole
        if next == ".", position + 1 < source.count, Self.isDigit(source[position + 1]) {
            advance()
            written += "." + takeRun(where: { Self.isDigit($0) || $0 == "_" })
        }
        if next == "e" || next == "E" {
            let signs = position + 1 < source.count && (source[position + 1] == "+" || source[position + 1] == "-")
            let digits = position + (signs ? 2 : 1)
            if digits < source.count, Self.isDigit(source[digits]) {
                written += "e" + (signs ? String(source[position + 1]) : "")
                advance(by: signs ? 2 : 1)
                written += takeRun(where: { Self.isDigit($0) || $0 == "_" })
            }
        }
        if written == whole { return .int(try integer(whole, base: 10, at: here)) }
        return .float(Double(written.filter { $0 != "_" }) ?? .nan)
    }

    private func integer(_ digits: String, base: Int, at place: Place) throws(TemplateError) -> Int {
        guard let value = Int(digits.filter { $0 != "_" }, radix: base) else {
            throw TemplateError(place, .unsupported("the number '\(digits)'"))
        }
        return value
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private mutating func takeRun(where belongs: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let next, belongs(next) { advance() }
        return Text(source[start..<position]).string
    }

    /// The string that starts here, with Python's escapes undone.
    private mutating func quotation() throws(TemplateError) -> Token.Kind? {
        guard let quote = next, quote == "'" || quote == "\"" else { return nil }
        let start = place
        advance()
        var text: [Unicode.Scalar] = []
        while let scalar = next {
            if scalar == quote {
                advance()
                return .text(Text(text))
            }
            if scalar == "\\" {
                try escape(into: &text)
            } else {
                text.append(scalar)
                advance()
            }
        }
        throw TemplateError(start, .syntax("the string has no closing quote"))
    }

    private mutating func escape(into text: inout [Unicode.Scalar]) throws(TemplateError) {
        let start = place
        advance()
        guard let letter = next else { return }
        let plain: [Unicode.Scalar: Unicode.Scalar] = [
            "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r",
            "t": "\t", "v": "\u{B}",
        ]
        let widths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        if let scalar = plain[letter] {
            text.append(scalar)
            advance()
        } else if letter == "\n" {
            advance()
        } else if let width = widths[letter] {
            advance()
            let digits = source[position...].prefix(width).prefix(while: \.properties.isASCIIHexDigit)
            guard digits.count == width, let value = UInt32(Text(digits).string, radix: 16),
                let scalar = Unicode.Scalar(value)
            else {
                throw TemplateError(start, .syntax("'\\\(letter)' needs \(width) hexadecimal digits of a character"))
            }
            text.append(scalar)
            advance(by: width)
        } else if ("0"..."7").contains(letter) {
            let digits = source[position...].prefix(3).prefix { ("0"..."7").contains($0) }
            text.append(Unicode.Scalar(UInt8(truncatingIfNeeded: Int(Text(digits).string, radix: 8) ?? 0)))
            advance(by: digits.count)
        } else if letter == "N" {
            throw TemplateError(start, .unsupported("the escape '\\N'"))
        } else {
            text += ["\\", letter]
            advance()
        }
    }
}
