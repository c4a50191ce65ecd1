/// The place in a work that a citation names, cut off from the words after it: `p. 3, and elsewhere`.
struct Locator: Equatable {
    /// `page`, `chapter`
    let kind: String
    /// `3`, `12–15`
    let value: String
    /// What follows.
    let rest: String

    /// The locator at the start of what follows a key, after a comma or not; nil where there is none.
    init?(_ suffix: String) {
        var text = suffix[...]
        while let first = text.first, first.isWhitespace || first == "," { text.removeFirst() }
        var kind = "page"
        let word = text.prefix { !$0.isWhitespace && !$0.isNumber }
        if let known = Self.kinds[String(word).lowercased()] {
            kind = known
            text = text.dropFirst(word.count).drop(while: \.isWhitespace)
        } else if !word.isEmpty, !Self.isRoman(word) {
            return nil
        }
        guard let first = text.first, first.isNumber || Self.isRoman(text.prefix { $0.isLetter }) else { return nil }
        var end = text.startIndex
        var index = text.startIndex
        // Numbers with letters, dashes between them, and commas where another number follows.
        while index < text.endIndex {
            let sign = text[index]
            if sign.isNumber || sign.isLetter || "-–—.:".contains(sign) {
                index = text.index(after: index)
                if sign.isNumber || sign.isLetter { end = index }
            } else if sign == ",", let next = text[text.index(after: index)...].first(where: { !$0.isWhitespace }),
                next.isNumber
            {
                index = text.index(after: index)
                while index < text.endIndex, text[index].isWhitespace { index = text.index(after: index) }
            } else {
                break
            }
        }
        let value = text[..<end]
        guard value.contains(where: { $0.isNumber }) || Self.isRoman(value) else { return nil }
        self.kind = kind
        self.value = String(value).replacing("--", with: "–").replacing("-", with: "–")
        rest = String(text[end...])
    }

    /// Whether it names several.
    var isPlural: Bool { value.contains { "–,&".contains($0) } }

    /// How a citation shows it.
    var text: String {
        guard let label = Self.labels[kind] else { return value }
        return "\(isPlural ? label.plural : label.single) \(value)"
    }

    private static func isRoman(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.allSatisfy { "ivxlcdm–-".contains($0) }
    }

    private static let kinds: [String: String] = {
        var kinds: [String: String] = [:]
        for (kind, words) in [
            ("page", "p. pp. page pages p pp"), ("chapter", "chap. chaps. chapter chapters"),
            ("section", "sec. secs. section sections § §§"), ("figure", "fig. figs. figure figures"),
            ("paragraph", "para. paras. paragraph paragraphs ¶ ¶¶"), ("line", "l. ll. line lines"),
            ("volume", "vol. vols. volume volumes"), ("part", "pt. pts. part parts"), ("note", "n. nn. note notes"),
            ("book", "bk. bks. book books"), ("column", "col. cols. column columns"),
            ("folio", "fol. fols. folio folios"),
            ("issue", "no. nos. number numbers issue"), ("verse", "v. vv. verse verses"),
        ] {
            for word in words.split(separator: " ") { kinds[String(word)] = kind }
        }
        return kinds
    }()

    private static let labels: [String: (single: String, plural: String)] = [
        "chapter": ("chap.", "chaps."), "section": ("sec.", "secs."), "figure": ("fig.", "figs."),
        "paragraph": ("para.", "paras."), "line": ("l.", "ll."), "volume": ("vol.", "vols."), "part": ("pt.", "pts."),
        "note": ("n.", "nn."), "book": ("bk.", "bks."), "column": ("col.", "cols."), "folio": ("fol.", "fols."),
        "issue": ("no.", "nos."), "verse": ("v.", "vv."),
    ]
}
