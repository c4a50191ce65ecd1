import Foundation

/// A work as one citation names it.
public struct CitedWork: Sendable, Equatable {
    /// What the bibliography calls it.
    public let key: String
    /// Words in front of it: `see `.
    public let prefix: String
    /// What follows it, a locator first: `, p. 3`.
    public let suffix: String
    /// False for `-@key`, whose authors the sentence names itself.
    public let showsAuthor: Bool

    /// A work with what stands around it.
    public init(key: String, prefix: String = "", suffix: String = "", showsAuthor: Bool = true) {
        self.key = key
        self.prefix = prefix
        self.suffix = suffix
        self.showsAuthor = showsAuthor
    }
}

/// How citations look.
public enum CitationStyle: String, Sendable, CaseIterable {
    /// `(Doe 2020)`, and a list by names: the author-date form of the Chicago Manual of Style.
    case authorYear = "author-year"
    /// `[1]`, and a list in the order of first mention.
    case numeric
}

/// The citations of a document in one style, with the list of what it cites.
public struct Citations: Sendable {
    /// A piece of a citation: words, or what leads to a work's entry in the list.
    public enum Part: Sendable, Equatable {
        case words(String)
        /// The names of a work that are part of the sentence.
        case names(RichText)
        case work(key: String, RichText)
    }

    /// An entry of the list.
    public struct Entry: Sendable, Equatable {
        /// What the bibliography calls it.
        public let key: String
        /// Its number; nil where citations show years.
        public let number: Int?
        /// What the list says of it.
        public let text: RichText
    }

    private let bibliography: Bibliography
    private let style: CitationStyle
    /// The keys that are cited and known, in the order of the list.
    private let order: [String]
    private let labels: [String: Label]

    /// What a citation shows of a work.
    private struct Label {
        var names: RichText
        var suffix = ""
    }

    /// - Parameter keys: what the document cites, in its order; a key may come again, and one that the bibliography lacks is left out.
    public init(_ bibliography: Bibliography, style: CitationStyle, citing keys: [String]) {
        self.bibliography = bibliography
        self.style = style
        var seen: Set<String> = []
        let cited = keys.filter { seen.insert($0).inserted }.compactMap { bibliography[$0] }
        let sorted = Self.sorted(cited)
        order = (style == .numeric ? cited : sorted).map(\.key)
        labels = Self.labels(sorted, hasSuffixes: style == .authorYear)
    }

    /// The list of what is cited.
    public var entries: [Entry] {
        order.enumerated().compactMap { index, key in
            bibliography[key].map { work in
                Entry(
                    key: key, number: style == .numeric ? index + 1 : nil,
                    text: ReferenceWriter.entry(work, yearSuffix: labels[key]?.suffix ?? ""))
            }
        }
    }

    // MARK: Citations

    /// A citation's pieces.
    /// - Parameter isInText: whether the authors are part of the sentence: `Doe (2020)`.
    public func parts(_ works: [CitedWork], isInText: Bool) -> [Part] {
        var works = works
        var parts: [Part] = []
        let (opening, closing) = style == .numeric ? ("[", "]") : ("(", ")")
        if isInText, let first = works.first {
            parts += [.names(names(first.key)), .words(" ")]
            works[0] = CitedWork(key: first.key, prefix: first.prefix, suffix: first.suffix, showsAuthor: false)
        }
        parts.append(.words(opening))
        let groups = grouped(works)
        for (index, group) in groups.enumerated() {
            if index > 0 {
                let isPlain = style == .numeric && !group[0].hasWords && !groups[index - 1][0].hasWords
                parts.append(.words(isPlain ? ", " : "; "))
            }
            for (place, work) in group.enumerated() {
                if place > 0 { parts.append(.words(group[place - 1].suffix.isEmpty ? ", " : "; ")) }
                parts += self.parts(work, showsAuthor: work.showsAuthor && place == 0)
            }
        }
        parts.append(.words(closing))
        return Self.merged(parts)
    }

    private func parts(_ work: CitedWork, showsAuthor: Bool) -> [Part] {
        var parts: [Part] = work.prefix.isEmpty ? [] : [.words(work.prefix)]
        guard let reference = bibliography[work.key] else { return parts + [.words("\(work.key)?" + work.suffix)] }
        var label = RichText()
        if style == .numeric {
            label.add(String((order.firstIndex(of: work.key) ?? 0) + 1))
        } else {
            if showsAuthor {
                label.add(names(work.key))
                // A status instead of a year follows a comma, as `n.d.` does.
                label.add(reference.issued == nil && reference.accessed == nil ? ", " : " ")
            }
            label.add(ReferenceWriter.year(of: reference, suffix: labels[work.key]?.suffix ?? "", isInText: true))
        }
        parts.append(.work(key: work.key, label))
        if let locator = Locator(work.suffix) {
            parts.append(.words(", " + text(of: locator, in: reference) + locator.rest))
        } else if !work.suffix.isEmpty {
            parts.append(.words(work.suffix))
        }
        return parts
    }

    private func text(of locator: Locator, in work: Reference) -> String {
        if style == .numeric {
            return locator.kind == "page" ? "\(locator.isPlural ? "pp." : "p.") \(locator.value)" : locator.text
        }
        let pages = PageRange.shortened(locator.value)
        guard let volume = work.text(.volume), work.kind == .report || work.isBooklike
        else {
            return locator.kind == "page" ? pages : locator.text
        }
        return locator.kind == "page" ? "\(volume):\(pages)" : "vol. \(volume), \(locator.text)"
    }

    private func names(_ key: String) -> RichText { labels[key]?.names ?? RichText(key) }

    /// Works of the same authors next to one another, at the place of the first.
    private func grouped(_ works: [CitedWork]) -> [[CitedWork]] {
        guard style == .authorYear else { return works.map { [$0] } }
        var groups: [[CitedWork]] = []
        for work in works {
            if work.showsAuthor,
                let index = groups.firstIndex(where: { $0[0].showsAuthor && names($0[0].key) == names(work.key) }),
                work.prefix.isEmpty, bibliography[work.key] != nil
            {
                groups[index].append(work)
            } else {
                groups.append([work])
            }
        }
        return groups
    }

    private static func merged(_ parts: [Part]) -> [Part] {
        var merged: [Part] = []
        for part in parts {
            if case .words(let more) = part, case .words(let words)? = merged.last {
                merged[merged.count - 1] = .words(words + more)
            } else {
                merged.append(part)
            }
        }
        return merged
    }

    // MARK: Labels

    /// By names, then year, then title.
    private static func sorted(_ works: [Reference]) -> [Reference] {
        func folded(_ text: String) -> String {
            text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).filter {
                $0.isLetter || $0.isNumber || $0 == " "
            }
        }
        let keys = works.map { work in
            let names = work.contributors?.names.map(NameList.inverted)
            let date = work.issued
            return (
                folded(names?.joined(separator: " ") ?? work.text(.title) ?? ""),
                "\(date?.year ?? "n.d.")-\((date?.month ?? 0) + 10)-\((date?.day ?? 0) + 10)",
                folded(work.text(.title) ?? "")
            )
        }
        return works.indices.sorted { keys[$0] < keys[$1] }.map { works[$0] }
    }

    private static func labels(_ works: [Reference], hasSuffixes: Bool) -> [String: Label] {
        var shown = works.map { CitationNames($0) }
        func clashes() -> [[Int]] {
            let years = works.map { ReferenceWriter.year(of: $0, suffix: "", isInText: true) }
            return Dictionary(grouping: works.indices) { [shown[$0].text.plainText, years[$0]] }.values.filter {
                $0.count > 1
            }
        }
        if hasSuffixes {
            // More names first, then initials, then letters after the year.
            for clash in clashes() { CitationNames.addNames(to: &shown, clash) }
            for clash in clashes() { CitationNames.addInitials(to: &shown, clash) }
        }
        var labels = Dictionary(
            zip(works, shown).map { ($0.key, Label(names: $1.text)) }, uniquingKeysWith: { first, _ in first })
        guard hasSuffixes else { return labels }
        for clash in clashes() {
            for (index, work) in clash.sorted().enumerated() { labels[works[work].key]?.suffix = letters(index) }
        }
        return labels
    }

    /// `a` to `z`, then `aa`.
    private static func letters(_ index: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
        return index < 26 ? letter : letters(index / 26 - 1) + letter
    }
}

extension CitedWork {
    /// Whether words around it need more than a comma to stand apart.
    fileprivate var hasWords: Bool { !prefix.isEmpty || !suffix.isEmpty }
}
