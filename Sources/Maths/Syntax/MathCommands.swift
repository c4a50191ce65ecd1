/// Commands that take arguments.
extension MathParser {
    /// The commands that this parser knows beside signs, alphabets and accents.
    static let commands: [String] =
        fractions.map(\.key) + Array(sizes.keys) + Array(classes.keys) + Array(MathAccents.arrows.keys)
        + MathAlphabet.byTextCommand.keys + [
            "sqrt", "left", "right", "middle", "begin", "end", "operatorname", "overset", "underset", "stackrel",
            "substack",
            "not", "smash", "bmod", "pmod", "mod", "tag", "limits", "nolimits", "displaystyle", "textstyle",
            "scriptstyle", "scriptscriptstyle", "over", "choose", "hspace", "mspace", "nonumber", "notag", "hline",
        ] + phantoms.keys + kerns

    private static let fractions: [String: (hasBar: Bool, style: MathStyle?)] = [
        "frac": (true, nil), "dfrac": (true, .display), "tfrac": (true, .text), "cfrac": (true, .display),
        "binom": (false, nil), "dbinom": (false, .display), "tbinom": (false, .text),
    ]
    private static let classes: [String: MathAtom] = [
        "mathord": .ordinary, "mathop": .operator, "mathbin": .binary, "mathrel": .relation, "mathopen": .opening,
        "mathclose": .closing, "mathpunct": .punctuation, "mathinner": .inner,
    ]
    private static let phantoms: [String: MathExtent] = [
        "phantom": MathExtent(isDrawn: false),
        "hphantom": MathExtent(isDrawn: false, hasHeight: false, hasDepth: false),
        "vphantom": MathExtent(isDrawn: false, hasWidth: false),
    ]
    /// Commands whose length follows them without braces.
    private static let kerns: Set<String> = ["kern", "mkern", "hskip", "mskip"]
    /// Commands of LaTeX that no formula here can have, and what to do instead.
    private static let refused: [String: String] = {
        let colour = "a formula has the colour of its text"
        let label = "a formula is not referred to by number; \\tag{1} writes a number beside it"
        let definition = "a formula defines no commands; write out what the command means"
        let overlap = "its parts do not overlap; \\smash and \\hphantom change the room that a part takes"
        return [
            "color": colour, "textcolor": colour, "colorbox": colour, "label": label, "ref": label, "eqref": label,
            "newcommand": definition, "renewcommand": definition, "def": definition,
            "DeclareMathOperator": definition + ", a name as \\operatorname{name}", "require": definition,
            "sideset": "write the signs on the left as those of an empty group: {}_a^b\\sum",
            "cline": "lines go across the whole table: \\hline", "bcancel": "\\cancel is the one stroke that is drawn",
            "xcancel": "\\cancel is the one stroke that is drawn", "llap": overlap, "rlap": overlap,
            "mathllap": overlap, "mathrlap": overlap, "mathclap": overlap,
            "intertext": "write the words between two formulas",
        ]
    }()
    /// `\bigl` and its kind, with the height in em.
    private static let sizes: [String: (em: Double, atom: MathAtom)] = {
        var sizes: [String: (em: Double, atom: MathAtom)] = [:]
        for (name, em) in [("big", 1.2), ("Big", 1.8), ("bigg", 2.4), ("Bigg", 3.0)] {
            for (side, atom) in [("", MathAtom.ordinary), ("l", .opening), ("r", .closing), ("m", .relation)] {
                sizes[name + side] = (em, atom)
            }
        }
        return sizes
    }()

    /// What a command stands for; nil after adding a problem for an unknown one, and for one that draws nothing.
    mutating func command(_ name: String, _ range: Range<Int>) throws(MathProblem) -> MathNode? {
        let written = "\\\(name)"
        if let node = MathSymbols.node(ofCommand: name) { return node }
        if let alphabet = MathAlphabet.byCommand[name] {
            let set = alphabet.applied(to: try argument(of: written, range))
            return set.count == 1 ? set[0] : .group(set)
        }
        if let accent = MathAccents.byCommand[name] {
            return .marked(
                MathMark(
                    base: try argument(of: written, range), sign: accent.sign, isBelow: accent.isBelow,
                    stretches: accent.stretches, isBrace: accent.isBrace))
        }
        if let rule = MathAccents.rules[name] { return .ruled(try argument(of: written, range), rule) }
        if let extent = Self.phantoms[name] { return .reduced(try argument(of: written, range), extent) }
        if Self.kerns.contains(name) { return .space(em: try length(after: written, range)) }
        if let reason = Self.refused[name] { throw MathProblem(.refused(written, reason), range) }
        if let fraction = Self.fractions[name] {
            let top = try argument(of: written, range)
            return Self.fraction(
                top, try argument(of: written, range), hasBar: fraction.hasBar, style: fraction.style)
        }
        if let size = Self.sizes[name] {
            return .delimiter(try delimiter(after: written, range), size.atom, em: size.em)
        }
        if let atom = Self.classes[name] { return .classed(try argument(of: written, range), atom) }
        if let arrow = MathAccents.arrows[name] {
            let below = try optionalArgument()
            return .arrow(arrow, below: below, above: try argument(of: written, range))
        }
        if let alphabet = MathAlphabet.byTextCommand[name] { return try text(written, range, alphabet) }
        switch name {
        case "sqrt":
            let degree = try optionalArgument()
            return .root(try argument(of: written, range), degree: degree)
        case "left": return try delimited(range)
        case "middle": return .delimiter(try delimiter(after: written, range), .relation, em: nil)
        case "begin": return try environment(range)
        case "operatorname", "operatorname*":
            let name = try argument(of: written, range)
            return .function(MathText.name(name), written.hasSuffix("*") ? .movable : .beside)
        case "overset", "stackrel":
            let above = try argument(of: written, range)
            return .stacked(Self.single(try argument(of: written, range)), below: nil, above: above)
        case "underset":
            let below = try argument(of: written, range)
            return .stacked(Self.single(try argument(of: written, range)), below: below, above: nil)
        case "substack": return try substack(range)
        case "not":
            guard let node = try argument(of: written, range).first, case .symbol(let sign, let atom) = node else {
                throw MathProblem(.missingArgument(of: written), range)
            }
            return .symbol(Self.negated[sign] ?? sign + "\u{338}", atom)
        case "smash":
            let part = try optionalArgument() ?? []
            guard [[], [.letters("t", isUpright: false)], [.letters("b", isUpright: false)]].contains(part) else {
                throw MathProblem(.refused("\\smash", "its option is t or b"), range)
            }
            let side = MathText.text(part)
            return .reduced(
                try argument(of: written, range), MathExtent(hasHeight: side == "b", hasDepth: side == "t"))
        case "bmod": return .classed([.function("mod", .beside)], .binary)
        case "pmod":
            return .group(
                [.space(em: 1), .symbol("(", .opening), .function("mod", .beside), .space(em: 1.0 / 3)]
                    + (try argument(of: written, range)) + [.symbol(")", .closing)])
        case "mod":
            return .group(
                [.space(em: 1), .function("mod", .beside), .space(em: 1.0 / 3)] + (try argument(of: written, range)))
        case "hspace", "hspace*", "mspace", "mspace*":
            guard let inner = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: written), range) }
            return .space(em: try length(inner))
        case "nonumber", "notag": return nil
        case "right", "end", "hline": throw MathProblem(.unexpected(written), range)
        default:
            report(.unknownCommand(written), range)
            return nil
        }
    }

    private static let negated = [
        "=": "≠", "<": "≮", ">": "≯", "∈": "∉", "∋": "∌", "⊂": "⊄", "⊃": "⊅", "⊆": "⊈", "⊇": "⊉", "≤": "≰", "≥": "≱",
        "∼": "≁", "≃": "≄", "≅": "≇", "≈": "≉", "≡": "≢", "∣": "∤", "∥": "∦", "→": "↛", "←": "↚", "⊢": "⊬", "⊨": "⊭",
        "∃": "∄",
    ]

    static func single(_ nodes: [MathNode]) -> MathNode { nodes.count == 1 ? nodes[0] : .group(nodes) }

    /// What stands in brackets; nil where nothing does.
    private mutating func optionalArgument() throws(MathProblem) -> [MathNode]? {
        let (token, range) = lexer.peek()
        guard token == .character("[") else { return nil }
        _ = lexer.next()
        let nodes = try nested(range) { parser throws(MathProblem) in try parser.row(isOptional: true) }
        guard lexer.next().token == .character("]") else { throw MathProblem(.unclosed("["), range) }
        return nodes
    }

    /// A number with a unit after a command, without braces, in em.
    private mutating func length(after command: String, _ range: Range<Int>) throws(MathProblem) -> Double {
        var end = lexer.place
        while end < lexer.limit, " \n\t+-.0123456789".utf8.contains(lexer.bytes[end]) { end += 1 }
        guard end > lexer.place, end + 2 <= lexer.limit else {
            throw MathProblem(.missingLength(after: command), range)
        }
        let written = lexer.place..<end + 2
        lexer.place = written.upperBound
        return try length(written)
    }

    /// A number with a unit, in em.
    private func length(_ inner: Range<Int>) throws(MathProblem) -> Double {
        let written = lexer.text(inner)
        let text = written.filter { !$0.isWhitespace }
        let units = ["em": 1, "ex": 0.43, "pt": 0.1, "mu": 1.0 / 18]
        guard let factor = units[String(text.suffix(2))], let number = Double(text.dropLast(2)), abs(number) < 1000
        else {
            throw MathProblem(.badLength(String(written.drop(while: \.isWhitespace))), inner)
        }
        return number * factor
    }

    // MARK: Delimiters

    /// The sign of the delimiter that follows; empty for `.`.
    private mutating func delimiter(after command: String, _ range: Range<Int>) throws(MathProblem) -> String {
        let (token, _) = lexer.next()
        switch token {
        case .character("."): return ""
        case .character("<"): return "⟨"
        case .character(">"): return "⟩"
        case .character(let text) where "()[]/|⟨⟩⌊⌋⌈⌉‖".contains(text): return text
        case .command(let name):
            switch MathSymbols.node(ofCommand: name) {
            case .symbol(let sign, .opening)?, .symbol(let sign, .closing)?: return sign
            case .symbol(let sign, _)? where "|‖\\↑↓↕⇑⇓⇕∣∥".contains(sign): return sign
            default: break
            }
        default: break
        }
        throw MathProblem(.missingDelimiter(after: command), range)
    }

    private mutating func delimited(_ range: Range<Int>) throws(MathProblem) -> MathNode {
        let left = try delimiter(after: "\\left", range)
        let wasInEquation = isInEquation
        isInEquation = false
        defer { isInEquation = wasInEquation }
        let inner = try nested(range) { parser throws(MathProblem) in try parser.row() }
        let (token, end) = lexer.next()
        guard token == .command("right") else {
            if token == .end { throw MathProblem(.unclosed("\\left"), range) }
            throw MathProblem(.unexpected(lexer.text(end)), end)
        }
        return .delimited(inner, left: left, right: try delimiter(after: "\\right", end))
    }

    // MARK: Words

    /// Words, with formulas between two `$` in them.
    private mutating func text(
        _ command: String, _ range: Range<Int>, _ alphabet: MathAlphabet?
    ) throws(MathProblem) -> MathNode {
        guard let inner = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: command), range) }
        var nodes: [MathNode] = []
        var words = ""
        func flush() {
            if !words.isEmpty { nodes.append(.text(alphabet?.applied(to: words) ?? words)) }
            words = ""
        }
        let after = lexer.place
        var place = inner.lowerBound
        while place < inner.upperBound {
            var end = place + 1
            while end < inner.upperBound, lexer.bytes[end] & 0xC0 == 0x80 { end += 1 }
            switch lexer.bytes[place] {
            case UInt8(ascii: "\\"):
                guard end < inner.upperBound, "\\{}$%&_#, ".utf8.contains(lexer.bytes[end]) else {
                    while end < inner.upperBound, UInt8(ascii: "a")...UInt8(ascii: "z") ~= lexer.bytes[end] | 0x20 {
                        end += 1
                    }
                    report(.unknownCommand(lexer.text(place..<end)), place..<end)
                    break
                }
                let sign = lexer.bytes[end]
                words += sign == UInt8(ascii: ",") ? "\u{2009}" : String(UnicodeScalar(sign))
                end += 1
            case UInt8(ascii: "{"), UInt8(ascii: "}"): break
            case UInt8(ascii: "~"): words += "\u{A0}"
            case UInt8(ascii: "\n"): words += " "
            case UInt8(ascii: "$"):
                guard let close = lexer.bytes[end..<inner.upperBound].firstIndex(of: UInt8(ascii: "$")) else {
                    throw MathProblem(.unclosed("$"), place..<end)
                }
                flush()
                nodes.append(.group(try formula(inside: end..<close)))
                end = close + 1
            default: words += lexer.text(place..<end)
            }
            place = end
        }
        flush()
        lexer.place = after
        return Self.single(nodes)
    }

    private mutating func formula(inside range: Range<Int>) throws(MathProblem) -> [MathNode] {
        let limit = lexer.limit
        defer { lexer.limit = limit }
        (lexer.place, lexer.limit) = (range.lowerBound, range.upperBound)
        let nodes = try nested(range) { parser throws(MathProblem) in try parser.row() }
        let (token, place) = lexer.next()
        guard token == .end else { throw MathProblem(.unexpected(lexer.text(place)), place) }
        return nodes
    }
}
