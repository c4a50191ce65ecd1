/// Reads LaTeX's mathematics. What is unknown is left out and reported; reading ends at what cannot be understood.
struct MathParser {
    /// How deep groups, scripts and arguments nest.
    static let deepest = 60
    /// Commands that also have a form with a star.
    static let starred: Set<String> = ["operatorname", "hspace", "mspace", "tag"]

    var lexer: MathLexer
    private(set) var problems: [MathProblem] = []
    private(set) var tag: String?
    let isDisplay: Bool
    private var depth = 0

    init(_ bytes: [UInt8], isDisplay: Bool) {
        lexer = MathLexer(bytes)
        self.isDisplay = isDisplay
    }

    /// The whole formula.
    mutating func formula() -> [MathNode] {
        do throws(MathProblem) {
            let nodes = try row()
            let (token, range) = lexer.next()
            guard token == .end else { throw MathProblem(.unexpected(lexer.text(range)), range) }
            if nodes.isEmpty, tag == nil, problems.isEmpty { throw MathProblem(.empty, 0..<lexer.limit) }
            return nodes
        } catch {
            problems.append(error)
            return []
        }
    }

    mutating func report(_ kind: MathProblem.Kind, _ range: Range<Int>) { problems.append(MathProblem(kind, range)) }

    /// One level deeper, so that no formula exhausts the stack.
    mutating func nested<Result>(
        _ range: Range<Int>, _ read: (inout MathParser) throws(MathProblem) -> Result
    ) throws(MathProblem) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw MathProblem(.tooDeep, range) }
        return try read(&self)
    }

    // MARK: Rows

    /// The parts up to what ends the row, which is left for the caller.
    /// - Parameter isOptional: whether `]` ends it.
    mutating func row(isOptional: Bool = false) throws(MathProblem) -> [MathNode] {
        var nodes: [MathNode] = []
        while true {
            let (token, range) = lexer.peek()
            switch token {
            case .end, .closing, .cell, .line: return nodes
            case .character("]") where isOptional: return nodes
            case .command("right"), .command("end"): return nodes
            case .command(let name):
                if let style = Self.styles[name] {
                    _ = lexer.next()
                    let rest = try nested(range) { parser throws(MathProblem) in
                        try parser.row(isOptional: isOptional)
                    }
                    return nodes + [.styled(style, rest)]
                }
                if let alphabet = MathAlphabet.bySwitch[name] {
                    _ = lexer.next()
                    let rest = try nested(range) { parser throws(MathProblem) in
                        try parser.row(isOptional: isOptional)
                    }
                    return nodes + alphabet.applied(to: rest)
                }
                if name == "over" || name == "choose" {
                    _ = lexer.next()
                    let rest = try nested(range) { parser throws(MathProblem) in
                        try parser.row(isOptional: isOptional)
                    }
                    return [Self.fraction(nodes, rest, hasBar: name == "over", style: nil)]
                }
                if name == "tag" || name == "tag*" {
                    _ = lexer.next()
                    try readTag(range)
                    continue
                }
                if name == "limits" || name == "nolimits" {
                    _ = lexer.next()
                    guard let node = nodes.last?.with(name == "limits" ? .stacked : .beside) else {
                        report(.noOperator("\\\(name)"), range)
                        continue
                    }
                    nodes[nodes.count - 1] = try scripts(node)
                    continue
                }
                fallthrough
            default:
                guard let node = try part() else { continue }
                nodes.append(try scripts(node))
            }
        }
    }

    private static let styles: [String: MathStyle] = [
        "displaystyle": .display, "textstyle": .text, "scriptstyle": .script, "scriptscriptstyle": .scriptscript,
    ]

    private mutating func readTag(_ range: Range<Int>) throws(MathProblem) {
        guard let inner = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: "\\tag"), range) }
        guard isDisplay, depth == 0 || isInEquation else { return report(.misplacedTag, range) }
        guard tag == nil else { return report(.secondTag, range) }
        tag = lexer.text(inner)
    }

    /// True directly inside an environment that may have a tag.
    var isInEquation = false

    // MARK: Scripts

    /// A part with the scripts after it.
    private mutating func scripts(_ base: MathNode) throws(MathProblem) -> MathNode {
        var below: [MathNode]?
        var above: [MathNode]?
        var primes = 0
        reading: while true {
            let (token, range) = lexer.peek()
            switch token {
            case .below:
                _ = lexer.next()
                guard below == nil else { throw MathProblem(.doubleScript("_"), range) }
                below = try argument(of: "_", range)
            case .above:
                _ = lexer.next()
                guard above == nil else { throw MathProblem(.doubleScript("^"), range) }
                above = try argument(of: "^", range)
            case .primes(let count):
                _ = lexer.next()
                guard above == nil, primes == 0 else { throw MathProblem(.doubleScript("'"), range) }
                primes = count
            case .command("limits") where base.with(.stacked) != nil && below == nil && above == nil:
                return base
            case .command("nolimits") where base.with(.beside) != nil && below == nil && above == nil:
                return base
            default: break reading
            }
        }
        if primes > 0 {
            let signs = ["′", "″", "‴", "⁗"]
            let sign = primes <= 4 ? signs[primes - 1] : String(repeating: "′", count: primes)
            above = [.symbol(sign, .ordinary)] + (above ?? [])
        }
        return below == nil && above == nil ? base : .scripts(base, below: below, above: above)
    }

    // MARK: Parts

    /// The argument of a command or a script: a group's parts, or the next part alone.
    mutating func argument(of command: String, _ range: Range<Int>) throws(MathProblem) -> [MathNode] {
        try nested(range) { parser throws(MathProblem) in
            let (token, place) = parser.lexer.peek()
            switch token {
            case .opening:
                _ = parser.lexer.next()
                return try parser.group(openedAt: place)
            case .end, .closing, .cell, .line, .below, .above, .primes, .command("right"), .command("end"):
                throw MathProblem(.missingArgument(of: command), range)
            // Without braces one digit is an argument: x^10 is x¹0.
            case .character(let text) where text.first?.isASCII == true && text.first?.isNumber == true:
                _ = parser.lexer.next()
                return [.number(text)]
            default:
                return try parser.part().map { [$0] } ?? []
            }
        }
    }

    /// The parts up to the brace that closes a group.
    private mutating func group(openedAt place: Range<Int>) throws(MathProblem) -> [MathNode] {
        let wasInEquation = isInEquation
        isInEquation = false
        defer { isInEquation = wasInEquation }
        let nodes = try row()
        let (token, range) = lexer.next()
        switch token {
        case .closing: return nodes
        case .end: throw MathProblem(.unclosed("{"), place)
        default: throw MathProblem(.unexpected(lexer.text(range)), range)
        }
    }

    /// The next part without scripts; nil where it is unknown, or nothing to draw.
    mutating func part() throws(MathProblem) -> MathNode? {
        let (token, range) = lexer.next()
        switch token {
        case .opening:
            return .group(
                try nested(range) { parser throws(MathProblem) in try parser.group(openedAt: range) })
        // Scripts without a base, and primes, stand after nothing.
        case .below, .above, .primes:
            lexer.place = range.lowerBound
            return .group([])
        case .character(let text): return character(text, range)
        case .command(let name): return try command(name, range)
        case .closing, .cell, .line, .end: throw MathProblem(.unexpected(lexer.text(range)), range)
        }
    }

    private mutating func character(_ text: String, _ range: Range<Int>) -> MathNode? {
        guard let scalar = text.unicodeScalars.first else { return nil }
        if ("0"..."9").contains(scalar) { return number(from: range.lowerBound) }
        if let node = MathSymbols.node(of: text) { return node }
        if scalar.properties.isAlphabetic { return .letters(text, isUpright: !scalar.isASCII && !Self.isGreek(scalar)) }
        if scalar.properties.isWhitespace { return nil }
        if scalar.properties.isMath || scalar.properties.numericType != nil || scalar.properties.isEmoji,
            !scalar.isASCII
        {
            return .symbol(text, .ordinary)
        }
        report(.badCharacter(text), range)
        return nil
    }

    private static func isGreek(_ scalar: Unicode.Scalar) -> Bool { ("α"..."ω").contains(scalar) }

    /// Digits with points between them.
    private mutating func number(from start: Int) -> MathNode {
        func isDigit(_ place: Int) -> Bool {
            place < lexer.limit && UInt8(ascii: "0")...UInt8(ascii: "9") ~= lexer.bytes[place]
        }
        var end = start
        while isDigit(end) || (end < lexer.limit && lexer.bytes[end] == UInt8(ascii: ".") && isDigit(end + 1)) {
            end += 1
        }
        lexer.place = end
        return .number(lexer.text(start..<end))
    }

    static func fraction(_ top: [MathNode], _ bottom: [MathNode], hasBar: Bool, style: MathStyle?) -> MathNode {
        let fraction = MathNode.fraction(MathFraction(top: top, bottom: bottom, hasBar: hasBar, style: style))
        return hasBar ? fraction : .delimited([fraction], left: "(", right: ")")
    }
}
