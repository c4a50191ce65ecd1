/// The commands that stand for one sign, and what each character is.
enum MathSymbols {
    /// The sign of a command, without its backslash; nil for a command that does something, and for an unknown one.
    static func node(ofCommand name: String) -> MathNode? { byCommand[name] }

    /// What a character other than an ASCII letter or digit is.
    static func node(of character: String) -> MathNode? { byCharacter[character] }

    /// All commands, for suggestions.
    static let commands: [String] =
        (Array(byCommand.keys) + Array(MathAlphabet.byCommand.keys) + Array(MathAccents.byCommand.keys)
        + MathAlphabet.bySwitch.keys + MathAccents.rules.keys
        + MathParser.commands)
        .filter { $0.unicodeScalars.allSatisfy(\.properties.isAlphabetic) }.sorted().map { "\\" + $0 }

    private static let byCommand: [String: MathNode] = {
        var nodes: [String: MathNode] = [:]
        for (name, sign) in pairs(greek) { nodes[name] = .letters(sign, isUpright: false) }
        for (name, sign) in pairs(capitals) { nodes[name] = .letters(sign, isUpright: true) }
        for (name, sign) in pairs(letters) { nodes[name] = .letters(sign, isUpright: true) }
        for (name, sign) in pairs(ordinary) { nodes[name] = .symbol(sign, .ordinary) }
        for (name, sign) in pairs(dots) { nodes[name] = .symbol(sign, .inner) }
        for (name, sign) in pairs(binary) { nodes[name] = .symbol(sign, .binary) }
        for (name, sign) in pairs(relations) { nodes[name] = .symbol(sign, .relation) }
        for (name, sign) in pairs(arrows) { nodes[name] = .symbol(sign, .relation) }
        for (name, sign) in pairs(openings) { nodes[name] = .symbol(sign, .opening) }
        for (name, sign) in pairs(closings) { nodes[name] = .symbol(sign, .closing) }
        for (name, sign) in pairs(sums) { nodes[name] = .large(sign, .movable) }
        for (name, sign) in pairs(integrals) { nodes[name] = .large(sign, .beside) }
        for name in functions.split(separator: " ") { nodes[String(name)] = .function(String(name), .beside) }
        for name in limited.split(separator: " ") { nodes[String(name)] = .function(String(name), .movable) }
        nodes["liminf"] = .function("lim inf", .movable)
        nodes["limsup"] = .function("lim sup", .movable)
        nodes["varliminf"] = .classed([.ruled([.function("lim", .beside)], .under)], .operator)
        nodes["varlimsup"] = .classed([.ruled([.function("lim", .beside)], .over)], .operator)
        nodes["vcentcolon"] = .symbol(":", .relation)
        nodes["colon"] = .symbol(":", .punctuation)
        for (name, width) in spaces { nodes[name] = .space(em: width) }
        return nodes
    }()

    private static let byCharacter: [String: MathNode] = {
        var nodes: [String: MathNode] = [:]
        // Of several commands with one sign, the first by name counts.
        for node in byCommand.sorted(by: { $0.key < $1.key }).map(\.value) {
            switch node {
            case .letters(let sign, _), .symbol(let sign, _), .large(let sign, _):
                if nodes[sign] == nil { nodes[sign] = node }
            default: break
            }
        }
        // What means something to LaTeX stands for itself after a backslash only.
        for sign in ["\\", "{", "}", "$", "#", "%", "&", "_"] { nodes[sign] = nil }
        for sign in ["(", "["] { nodes[sign] = .symbol(sign, .opening) }
        for sign in [")", "]", "!", "?"] { nodes[sign] = .symbol(sign, .closing) }
        for sign in [",", ";"] { nodes[sign] = .symbol(sign, .punctuation) }
        for sign in ["=", "<", ">", ":"] { nodes[sign] = .symbol(sign, .relation) }
        for sign in ["/", "|", ".", "\"", "@", "`"] { nodes[sign] = .symbol(sign, .ordinary) }
        nodes["+"] = .symbol("+", .binary)
        nodes["*"] = .symbol("∗", .binary)
        nodes["-"] = .symbol("−", .binary)
        nodes["~"] = .space(em: 1.0 / 3)
        return nodes
    }()

    private static func pairs(_ list: String) -> [(name: String, sign: String)] {
        let words = list.split(whereSeparator: \.isWhitespace).map(String.init)
        return stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
    }

    static let spaces: [(String, Double)] = [
        (",", 3.0 / 18), ("thinspace", 3.0 / 18), (":", 4.0 / 18), (">", 4.0 / 18), ("medspace", 4.0 / 18),
        (";", 5.0 / 18), ("thickspace", 5.0 / 18), ("!", -3.0 / 18), ("negthinspace", -3.0 / 18), (" ", 1.0 / 3),
        ("enspace", 0.5), ("quad", 1), ("qquad", 2),
    ]

    private static let functions =
        "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh"
    private static let limited = "det gcd inf lim max min Pr sup"
}
