import Charts
import Maths

/// Letters and signs as MathML elements.
extension MathML {
    static func identifier(_ text: String, isUpright: Bool) -> String {
        let isSingle = text.unicodeScalars.count == 1
        let normal = isSingle && isUpright && text.unicodeScalars.allSatisfy(\.hasItalic)
        if !isSingle, !isUpright { return text.map { identifier(String($0), isUpright: false) }.joined() }
        return "<mi\(normal ? " mathvariant=\"normal\"" : "")>\(Markup.escaped(text))</mi>"
    }

    func symbol(
        _ sign: String, _ atom: MathAtom, isFirst: Bool = false, after previous: MathAtom? = nil,
        before next: MathAtom? = nil
    ) -> String {
        let text = Markup.escaped(sign)
        let grows = Self.growing.contains(sign) ? " stretchy=\"false\"" : ""
        let tight = " lspace=\"0\" rspace=\"0\""
        switch atom {
        case .ordinary:
            if "′″‴⁗".contains(sign) { return "<mo>\(text)</mo>" }
            if "+−±∓".contains(sign) { return "<mo form=\"prefix\">\(text)</mo>" }
            return Self.letterLike.contains(sign) ? "<mi>\(text)</mi>" : "<mo\(grows)\(tight)>\(text)</mo>"
        case .binary, .relation:
            if isScript { return "<mo\(grows)\(tight)>\(text)</mo>" }
            // No space stands between two relations, and the dictionary takes a colon for punctuation.
            if atom == .relation, sign == ":" || previous == .relation || next == .relation {
                let (left, right) = (previous == .relation ? "0" : "0.278em", next == .relation ? "0" : "0.278em")
                return "<mo lspace=\"\(left)\" rspace=\"\(right)\"\(grows)>\(text)</mo>"
            }
            return "<mo\(isFirst && atom == .binary ? " form=\"infix\"" : "")\(grows)>\(text)</mo>"
        case .opening: return "<mo stretchy=\"false\" form=\"prefix\">\(text)</mo>"
        case .closing: return "<mo stretchy=\"false\" form=\"postfix\">\(text)</mo>"
        case .punctuation: return sign == ":" ? "<mo lspace=\"0\" rspace=\"0.167em\">:</mo>" : "<mo>\(text)</mo>"
        case .inner:
            let joined: [MathAtom] = [.ordinary, .closing, .inner, .operator]
            let left = previous.map(joined.contains) == true && !isScript ? "0.167em" : "0"
            let right = next.map { joined.contains($0) || $0 == .opening } == true && !isScript ? "0.167em" : "0"
            return "<mo lspace=\"\(left)\" rspace=\"\(right)\">\(text)</mo>"
        case .operator: return "<mo>\(text)</mo>"
        }
    }

    /// Signs that MathML stretches without being asked.
    private static let growing: Set<String> = [
        "(", ")", "[", "]", "{", "}", "|", "‖", "∣", "∥", "⟨", "⟩", "⌊", "⌋", "⌈", "⌉", "/", "\\", "↑", "↓", "↕", "⇑",
        "⇓", "⇕",
    ]
    /// Signs that are written as letters are.
    private static let letterLike: Set<String> = [
        "∞", "∂", "∅", "⊤", "⊥", "□", "■", "◇", "◊", "★", "✓", "°", "♭", "♮", "♯", "♣", "♢", "♡", "♠", "%", "$", "#",
        "_", "&", "§", "¶", "£", "©", "△", "@",
    ]

    func delimiter(_ sign: String, _ atom: MathAtom, _ em: Double?) -> String {
        if sign.isEmpty { return "" }
        let size = em.map { " symmetric=\"true\" minsize=\"\(Self.length($0))\" maxsize=\"\(Self.length($0))\"" } ?? ""
        let form: String
        switch atom {
        case .opening: form = "prefix"
        case .closing: form = "postfix"
        default: form = "infix"
        }
        let space = atom == .relation && em != nil ? "0.278em" : "0"
        return "<mo stretchy=\"true\" form=\"\(form)\" lspace=\"\(space)\" rspace=\"\(space)\"\(size)>"
            + "\(Markup.escaped(sign))</mo>"
    }
}

extension Unicode.Scalar {
    /// Whether browsers draw it in italics where it is a variable.
    fileprivate var hasItalic: Bool {
        isASCII && properties.isAlphabetic || (0x391...0x3F6).contains(value) || value == 0x2207 || value == 0x2202
            || value == 0x131 || value == 0x237
    }
}
