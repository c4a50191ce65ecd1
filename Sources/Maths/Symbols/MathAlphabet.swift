/// Alphabets of letters with a meaning of their own. Their letters are characters of Unicode: MathML Core has no other way to write them.
enum MathAlphabet: Sendable {
    case upright, bold, italic, boldItalic, script, fraktur, doubleStruck, sansSerif, monospace

    /// Commands that set their argument in an alphabet.
    static let byCommand: [String: MathAlphabet] = [
        "mathrm": .upright, "mathup": .upright, "mathbf": .bold, "mathit": .italic, "boldsymbol": .boldItalic,
        "bm": .boldItalic, "pmb": .boldItalic, "mathcal": .script, "mathscr": .script, "mathfrak": .fraktur,
        "mathbb": .doubleStruck, "mathbbm": .doubleStruck, "mathds": .doubleStruck, "mathsf": .sansSerif,
        "mathtt": .monospace,
    ]

    /// Commands that set all that follows in an alphabet, up to the end of their group.
    static let bySwitch: [String: MathAlphabet] = [
        "rm": .upright, "bf": .bold, "it": .italic, "cal": .script, "frak": .fraktur, "sf": .sansSerif,
        "tt": .monospace,
    ]

    /// Commands that set words in an alphabet.
    static let byTextCommand: [String: MathAlphabet?] = [
        "text": nil, "textrm": nil, "textnormal": nil, "mbox": nil, "hbox": nil, "textbf": .bold, "textit": .italic,
        "emph": .italic, "textsf": .sansSerif, "texttt": .monospace,
    ]

    /// Whether neighbouring letters make one name, as in `\mathrm{KL}`.
    private var makesNames: Bool { [.upright, .bold, .italic, .sansSerif, .monospace].contains(self) }

    /// The parts with every letter and digit in this alphabet.
    func applied(to nodes: [MathNode]) -> [MathNode] {
        var changed: [MathNode] = []
        for node in nodes {
            let new = applied(to: node)
            if makesNames, case .letters(let more, true) = new, case .letters(let name, true)? = changed.last {
                changed[changed.count - 1] = .letters(name + more, isUpright: true)
            } else {
                changed.append(new)
            }
        }
        return changed
    }

    private func applied(to node: MathNode) -> MathNode {
        switch node {
        // What a letter's own character says cannot be said again by a style.
        case .letters(let text, let isUpright):
            let isCapital = self == .boldItalic && isUpright
            return .letters((isCapital ? .bold : self).applied(to: text), isUpright: true)
        case .number(let text): return .number((self == .boldItalic ? .bold : self).applied(to: text))
        case .symbol(let sign, let atom):
            return .symbol([.bold, .boldItalic].contains(self) ? MathAlphabet.bold.applied(to: sign) : sign, atom)
        case .group(let inner): return .group(applied(to: inner))
        case .scripts(let base, let below, let above):
            return .scripts(applied(to: base), below: below.map(applied), above: above.map(applied))
        case .marked(let mark):
            return .marked(
                MathMark(
                    base: applied(to: mark.base), sign: mark.sign, isBelow: mark.isBelow, stretches: mark.stretches,
                    isBrace: mark.isBrace))
        case .fraction(let fraction):
            return .fraction(
                MathFraction(
                    top: applied(to: fraction.top), bottom: applied(to: fraction.bottom), hasBar: fraction.hasBar,
                    style: fraction.style))
        case .root(let inner, let degree): return .root(applied(to: inner), degree: degree)
        case .delimited(let inner, let left, let right):
            return .delimited(applied(to: inner), left: left, right: right)
        case .stacked(let base, let below, let above):
            return .stacked(applied(to: base), below: below.map(applied), above: above.map(applied))
        case .reduced(let inner, let extent): return .reduced(applied(to: inner), extent)
        case .ruled(let inner, let rule): return .ruled(applied(to: inner), rule)
        case .styled(let style, let inner): return .styled(style, applied(to: inner))
        default: return node
        }
    }

    /// A text with the letters of this alphabet, where it has them.
    func applied(to text: String) -> String {
        var letters = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { letters.append(letter(scalar)) }
        return String(letters)
    }

    private func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if let exception = Self.exceptions[self]?[scalar] { return exception }
        let starts = self.starts
        let value = scalar.value
        let code: UInt32?
        switch value {
        case 0x41...0x5A: code = starts.capital.map { $0 + value - 0x41 }
        case 0x61...0x7A: code = starts.small.map { $0 + value - 0x61 }
        case 0x30...0x39: code = starts.digit.map { $0 + value - 0x30 }
        case 0x391...0x3A9: code = starts.greek.map { $0 + value - 0x391 }
        case 0x2207: code = starts.greek.map { $0 + 25 }
        case 0x3B1...0x3C9: code = starts.greek.map { $0 + 26 + value - 0x3B1 }
        case 0x2202: code = starts.greek.map { $0 + 51 }
        default:
            let variants: [UInt32] = [0x3F5, 0x3D1, 0x3F0, 0x3D5, 0x3F1, 0x3D6]
            code = variants.firstIndex(of: value).flatMap { index in starts.greek.map { $0 + 52 + UInt32(index) } }
        }
        return code.flatMap(Unicode.Scalar.init) ?? scalar
    }

    /// The first letters and the first digit in the block of mathematical letters.
    private var starts: (capital: UInt32?, small: UInt32?, digit: UInt32?, greek: UInt32?) {
        switch self {
        case .upright: (nil, nil, nil, nil)
        case .bold: (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8)
        case .italic: (0x1D434, 0x1D44E, nil, 0x1D6E2)
        case .boldItalic: (0x1D468, 0x1D482, nil, 0x1D71C)
        case .script: (0x1D49C, 0x1D4B6, nil, nil)
        case .fraktur: (0x1D504, 0x1D51E, nil, nil)
        case .doubleStruck: (0x1D538, 0x1D552, 0x1D7D8, nil)
        case .sansSerif: (0x1D5A0, 0x1D5BA, 0x1D7E2, nil)
        case .monospace: (0x1D670, 0x1D68A, 0x1D7F6, nil)
        }
    }

    /// Letters that were characters before the block was made.
    private static let exceptions: [MathAlphabet: [Unicode.Scalar: Unicode.Scalar]] = [
        .italic: ["h": "ℎ"],
        .script: [
            "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ", "e": "ℯ", "g": "ℊ",
            "o": "ℴ",
        ],
        .fraktur: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"],
        .doubleStruck: ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"],
    ]
}
