/// A tree of MathML, read from its text, for comparing two writers.
///
/// `normal` leaves out what MathML Core ignores or what says the same in two ways: attributes (how signs are spaced and sized is ours), spaces,
/// rows and styles around their content, invisible signs; letters of alphabets count as the letters that they look like, runs of letters as one
/// name; limits below and above count as scripts, since a browser moves them; marks count by what they look like.
struct MathTree {
    private var name = ""
    private var text = ""
    private var children: [MathTree] = []

    init(_ markup: String) {
        var rest = markup[...]
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
        return tree
    }

    /// The tree as one line.
    var normal: String { Self.merged(flat).map(\.line).joined(separator: " ") }

    private var line: String {
        children.isEmpty ? text : "\(name)(" + children.map { Self.merged($0.flat).map(\.line).joined(separator: " ") }.joined(separator: ", ") + ")"
    }

    /// The element, or what is inside one that only groups.
    private var flat: [MathTree] {
        switch name {
        case "math", "semantics", "mrow", "mstyle", "mpadded": return children.flatMap(\.flat)
        case "annotation", "mspace", "mphantom": return []
        case "mi", "mn", "mo", "mtext":
            let letters = Self.plain(text)
            return letters.isEmpty ? [] : [MathTree(name: name == "mo" ? "mo" : "mi", text: letters)]
        case "munder": return [MathTree(name: "msub", children: children)]
        case "mover": return [MathTree(name: "msup", children: children)]
        case "munderover": return [MathTree(name: "msubsup", children: children)]
        default: return [self]
        }
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
        for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] { text = text.replacing(entity, with: sign) }
        var plain = ""
        for scalar in text.decomposedLetters.unicodeScalars {
            if scalar.properties.isWhitespace || [0x2061, 0x2062, 0x2063, 0x2009, 0x200A, 0x2004, 0x2005, 0x2006].contains(scalar.value) { continue }
            plain += same[scalar] ?? String(scalar)
        }
        return plain
    }

    /// Signs that look alike or mean the same.
    private static let same: [Unicode.Scalar: String] = [:]
}

extension String {
    /// Letters of mathematical alphabets as the letters that they look like.
    fileprivate var decomposedLetters: String { self }
}
