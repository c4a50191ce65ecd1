import Foundation

/// A tree of MathML, read from its text, for comparing two writers.
///
/// `normal` leaves out what browsers ignore, and what both say in their own way:
/// - attributes, widths of spaces, invisible signs, and elements that only group: how signs are spaced and sized is ours;
/// - letters of mathematical alphabets count as plain ones, and neighbouring names, numbers and signs as one text;
/// - limits below and above count as scripts, since browsers move them, and so do marks;
/// - scripts of a group in delimiters are those of what closes it; primes stand after their base, where pandoc puts them;
/// - pandoc writes `\setminus`, `\iff` and `\varrho` as `\`, `⇔` and `ρ`; ours are the signs that LaTeX draws.
struct MathTree {
    private var name = ""
    private var text = ""
    private var children: [MathTree] = []

    init(_ markup: String) {
        // A mark that combines would hide the bracket in front of it.
        let plain = markup.unicodeScalars.map { Self.same[$0] ?? String($0) }.joined()
        var rest = plain[...]
        self = Self.element(&rest)
    }

    private init(name: String, text: String = "", children: [MathTree] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    private static func element(_ rest: inout Substring) -> MathTree {
        guard let end = rest.firstIndex(of: ">") else { return MathTree(name: "") }
        let tag = rest[..<end].dropFirst()
        rest = rest[rest.index(after: end)...]
        var tree = MathTree(name: String(tag.prefix { $0.isLetter }))
        if tag.hasSuffix("/") { return tree }
        while !rest.isEmpty {
            let words = rest.prefix { $0 != "<" }
            tree.text += words
            rest = rest.dropFirst(words.count)
            if rest.hasPrefix("</") {
                rest = rest[(rest.firstIndex(of: ">").map { rest.index(after: $0) } ?? rest.endIndex)...]
                break
            }
            tree.children.append(element(&rest))
        }
        // The lines that a page draws itself are marks to pandoc.
        for (name, sign) in [("pb-over", "¯"), ("pb-under", "_")]
        where tag.contains("\"\(name)\"") {
            let base = MathTree(name: "mrow", children: tree.children)
            return MathTree(
                name: name == "pb-over" ? "mover" : "munder", children: [base, MathTree(name: "mo", text: sign)])
        }
        return tree
    }

    /// The tree as one line.
    var normal: String { Self.merged(flat).map(\.line).joined(separator: " ") }

    private var line: String {
        if children.isEmpty { return text }
        // What stands in a root or a cell is one row.
        let rows = ["msqrt", "mtd"].contains(name) ? [children.flatMap(\.flat)] : children.map(\.flat)
        return "\(name)(" + rows.map { Self.merged($0).map(\.line).joined(separator: " ") }.joined(separator: ", ")
            + ")"
    }

    /// The element, or what is inside one that only groups.
    private var flat: [MathTree] {
        switch name {
        case "math", "semantics", "mrow", "mstyle", "mpadded": return children.flatMap(\.flat)
        case "annotation", "mspace", "mphantom": return []
        case "mi", "mn", "mo", "mtext":
            let letters = Self.plain(text)
            return letters.isEmpty ? [] : [MathTree(name: "mi", text: letters)]
        case "msub", "munder": return scripts("msub")
        case "msup", "mover": return scripts("msup")
        case "msubsup", "munderover": return scripts("msubsup")
        default: return [self]
        }
    }

    /// Scripts of a group in delimiters are those of what closes it; a mark is a script of its base.
    private func scripts(_ name: String) -> [MathTree] {
        guard let base = children.first?.flat else { return [] }
        let scripts = children.dropFirst().map { MathTree(name: "mrow", children: $0.flat) }
        if name == "msup", let text = scripts.first?.children.first?.text, "′″‴⁗".contains(text) {
            return base + scripts[0].children
        }
        let last = base.last.map { [$0] } ?? []
        guard base.count > 1, last[0].children.isEmpty, ")]}|∥⟩⌋⌉".contains(last[0].text) else {
            return [MathTree(name: name, children: [MathTree(name: "mrow", children: base)] + scripts)]
        }
        return base.dropLast() + [MathTree(name: name, children: [MathTree(name: "mrow", children: last)] + scripts)]
    }

    /// Neighbouring names and numbers as one.
    private static func merged(_ trees: [MathTree]) -> [MathTree] {
        var merged: [MathTree] = []
        for tree in trees {
            if tree.children.isEmpty, let last = merged.last, last.children.isEmpty {
                merged[merged.count - 1].text += tree.text
            } else {
                merged.append(tree)
            }
        }
        return merged
    }

    private static func plain(_ text: String) -> String {
        var text = text
        for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replacing(entity, with: sign)
        }
        var plain = ""
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace && !invisible.contains(scalar.value) {
            plain += letter(scalar)
        }
        return plain
    }

    /// Function application, invisible signs and spaces of any width.
    private static let invisible: Set<UInt32> = [0x2061, 0x2062, 0x2063, 0x200B]

    /// A letter of a mathematical alphabet as the letter that it is a form of.
    private static func letter(_ scalar: Unicode.Scalar) -> String {
        guard (0x1D400...0x1D7FF).contains(scalar.value) || (0x2100...0x214F).contains(scalar.value) else {
            return String(scalar)
        }
        return String(scalar).precomposedStringWithCompatibilityMapping
    }

    /// Signs that look alike or say the same.
    private static let same: [Unicode.Scalar: String] = [
        "\u{302}": "^", "ˆ": "^", "\u{303}": "~", "˜": "~", "\u{304}": "¯", "\u{305}": "¯", "‾": "¯", "\u{20D7}": "→",
        "\u{307}": "˙", "\u{308}": "¨", "\u{30C}": "ˇ", "\u{306}": "˘", "\u{301}": "´", "\u{300}": "`", "\u{332}": "_",
        "‖": "∥", "∣": "|", "∗": "*", "−": "-", "∖": "\\", "⟺": "⇔", "ϱ": "ρ",
    ]
}
