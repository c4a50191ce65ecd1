/// A pattern in which every class follows the tables of Hugging Face's `tokenizers`.
///
/// Oniguruma looks up `\p{…}` among definitions of ours first, but `\w`, `\d` and `[:punct:]` in its own tables alone, and
/// those differ from one version to the next; so they are written as `\p{…}`.
struct PatternClasses {
    /// The pattern.
    private(set) var text = ""
    /// The classes that it names, in small letters, without spaces, hyphens and underscores.
    private(set) var names: Set<String> = []

    /// What other names for a class, or for several together, are written as.
    private static let written: [String: [String]] = [
        "letter": ["l"], "mark": ["m"], "combiningmark": ["m"], "number": ["n"], "symbol": ["s"], "punctuation": ["p"],
        "punct": ["p"], "uppercaseletter": ["lu"], "lowercaseletter": ["ll"], "modifierletter": ["lm"],
        "otherletter": ["lo"], "nonspacingmark": ["mn"], "spacingmark": ["mc"], "decimalnumber": ["nd"],
        "digit": ["nd"], "othernumber": ["no"], "dashpunctuation": ["pd"], "otherpunctuation": ["po"],
        "mathsymbol": ["sm"], "othersymbol": ["so"], "format": ["cf"], "alphabetic": ["alpha"], "lowercase": ["lower"],
        "uppercase": ["upper"],
        "alnum": ["alpha", "nd"], "graph": visible, "print": visible + ["zs"], "posixpunct": ["p", "s"],
    ]
    private static let visible = ["l", "m", "n", "p", "s", "cf", "co"]

    /// What `\w` takes outside of brackets, and `[\w]` does not.
    private static let loneWords = "²³¹¼½¾"

    /// The letters of this script that Unicode 15 and 15.1 added, of which Swift knows no scripts.
    private static let newHan = "\u{2B739}\u{2EBF0}-\u{2EE5D}\u{31350}-\u{323AF}"

    init(_ pattern: String) {
        let scalars = Array(pattern.unicodeScalars)
        var (position, depth) = (0, 0)
        func name(from start: Int, to end: [Unicode.Scalar]) -> (name: String, isNegated: Bool, next: Int)? {
            guard let stop = (start..<scalars.count).first(where: { scalars[$0...].starts(with: end) }) else {
                return nil
            }
            var letters = scalars[start..<stop].filter { !" -_".unicodeScalars.contains($0) }
            let isNegated = letters.first == "^"
            if isNegated { letters.removeFirst() }
            return (letters.map { String($0) }.joined().lowercased(), isNegated, stop + end.count)
        }
        while position < scalars.count {
            let rest = scalars[position...]
            if rest.starts(with: ["\\"]), let letter = rest.dropFirst().first {
                if "wWdD".unicodeScalars.contains(letter) {
                    let isNegated = letter.properties.isUppercase
                    add(
                        letter.properties.lowercaseMapping == "w" ? "word" : "nd", isNegated: isNegated,
                        isInside: depth > 0)
                } else if "pP".unicodeScalars.contains(letter), rest.dropFirst(2).first == "{",
                    let found = name(from: position + 3, to: ["}"])
                {
                    add(found.name, isNegated: found.isNegated != (letter == "P"), isInside: depth > 0)
                    position = found.next
                    continue
                } else {
                    text.unicodeScalars += [rest[position], letter]
                }
                position += 2
            } else if depth > 0, rest.starts(with: ["[", ":"]), let found = name(from: position + 2, to: [":", "]"]),
                Self.posix.contains(found.name)
            {
                add(found.name == "punct" ? "posixpunct" : found.name, isNegated: found.isNegated, isInside: true)
                position = found.next
            } else {
                var count = 1
                if rest.starts(with: ["["]) {
                    depth += 1
                    // A bracket that closes at once is a letter of the class.
                    if rest.dropFirst(count).first == "^" { count += 1 }
                    if rest.dropFirst(count).first == "]" { count += 1 }
                } else if rest.starts(with: ["]"]) {
                    depth = max(0, depth - 1)
                }
                text.unicodeScalars += rest.prefix(count)
                position += count
            }
        }
    }

    /// The classes in brackets that depend on the version of Unicode.
    private static let posix: Set<String> = [
        "alnum", "alpha", "digit", "graph", "lower", "print", "punct", "upper", "word",
    ]

    /// Writes a class.
    /// - Parameter isInside: whether it is in a bracket.
    private mutating func add(_ name: String, isNegated: Bool, isInside: Bool) {
        let parts = Self.written[name] ?? [name]
        names.formUnion(parts)
        let extra = name == "word" && !isInside ? Self.loneWords : name == "han" ? Self.newHan : ""
        if parts.count == 1, extra.isEmpty {
            text += "\\\(isNegated ? "P" : "p"){\(parts[0])}"
        } else {
            text += "[\(isNegated ? "^" : "")\(parts.map { "\\p{\($0)}" }.joined())\(extra)]"
        }
    }
}
