/// Names as text.
enum NameList {
    /// More names than this are cut after the first in citations.
    static let mostInText = 3
    /// More names than this are cut in the list, after this many.
    static let mostInList = 10
    static let shownInList = 7

    /// `Ada Lovelace`
    static func natural(_ name: PersonName) -> String {
        if name.isLiteral { return name.family }
        return [name.given, name.particle, name.family, name.suffix].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// `Lovelace, Ada`
    static func inverted(_ name: PersonName) -> String {
        if name.isLiteral { return name.family }
        let given = [name.given, name.particle].filter { !$0.isEmpty }.joined(separator: " ")
        return [name.family, given, name.suffix].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// `van der Berg`
    static func short(_ name: PersonName) -> String {
        name.particle.isEmpty ? name.family : "\(name.particle) \(name.family)"
    }

    /// `A. van der Berg`, which tells two of one family apart.
    static func initialed(_ name: PersonName) -> String {
        if name.isLiteral || name.given.isEmpty { return short(name) }
        let initials = name.given.split { $0 == " " || $0 == "." }.map { word in
            word.split(separator: "-").compactMap(\.first).map { "\($0)." }.joined(separator: "-")
        }
        return initials.joined(separator: " ") + " " + short(name)
    }

    /// Names with commas between them and an "and" before the last.
    static func joined(_ names: [String], hasOthers: Bool, alwaysComma: Bool = false) -> String {
        if hasOthers { return names.joined(separator: ", ") + (names.count > 1 ? ", et al." : " et al.") }
        guard let last = names.last, names.count > 1 else { return names.joined() }
        let first = names.dropLast().joined(separator: ", ")
        return names.count > 2 || alwaysComma ? "\(first), and \(last)" : "\(first) and \(last)"
    }

    /// The names of a list entry, the first with the family in front.
    static func list(_ names: [PersonName]) -> String { cut(names, first: inverted, alwaysComma: true) }

    /// The names of editors and translators, in natural order.
    static func run(_ names: [PersonName]) -> String { cut(names, first: natural, alwaysComma: false) }

    private static func cut(_ names: [PersonName], first: (PersonName) -> String, alwaysComma: Bool) -> String {
        let (known, hasOthers) = split(names)
        let isCut = known.count > mostInList
        let texts = known.prefix(isCut ? shownInList : mostInList).enumerated().map {
            $0 == 0 ? first($1) : natural($1)
        }
        return joined(texts, hasOthers: hasOthers || isCut, alwaysComma: alwaysComma)
    }

    /// The names without the one that stands for others.
    static func split(_ names: [PersonName]) -> (known: [PersonName], hasOthers: Bool) {
        (names.filter { $0 != .others }, names.contains(.others))
    }
}
