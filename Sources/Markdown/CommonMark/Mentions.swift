/// Footnotes and citations in runs of text.
extension MarkdownParser {
    /// The longest text in a citation's brackets, in characters.
    static let longestCitation = 2_000

    /// What replaces a line end inside brackets that may become a citation: a character that no text contains.
    static let lineEnd: Character = "\0"

    /// A run of text with its footnotes and citations.
    mutating func run(_ text: String, _ place: inout InlinePlace) -> [MarkdownInline] {
        let hasNotes = !footnotes.isEmpty && text.utf8.contains(UInt8(ascii: "^"))
        guard hasNotes || text.utf8.contains(UInt8(ascii: "@")), !place.isLinked else { return Self.lines(text) }
        var inlines: [MarkdownInline] = []
        var plain = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: { $0 == "[" || $0 == "@" }) {
            plain += rest[..<start]
            rest = rest[start...]
            if let mention = mention(in: rest, after: plain, &place) {
                if let inline = mention.inline {
                    inlines += Self.lines(plain) + [inline]
                    plain = ""
                } else {
                    plain += rest[..<mention.end]
                }
                rest = rest[mention.end...]
            } else {
                plain.append(rest.removeFirst())
            }
        }
        return inlines + Self.lines(plain + rest)
    }

    /// What begins a text: a footnote's mention or a citation, and where it ends; without an inline it is text after all.
    private mutating func mention(
        in text: Substring, after before: String, _ place: inout InlinePlace
    ) -> (inline: MarkdownInline?, end: Substring.Index)? {
        if text.first == "@" { return citation(inText: text, after: before, &place) }
        let inner = text.dropFirst()
        guard let end = inner.prefix(Self.longestCitation).firstIndex(where: { $0 == "]" || $0 == "[" }),
            inner[end] == "]"
        else {
            return nil
        }
        let content = inner[..<end]
        let after = text.index(after: end)
        if content.first == "^" { return footnotes.isEmpty ? nil : footnote(content.dropFirst(), after, &place) }
        guard content.contains("@") else { return nil }
        // Without a bibliography brackets around a name are text, unless they can be nothing else.
        guard hasBibliography || content.hasPrefix("@") || content.hasPrefix("-@") else { return nil }
        let parts = content.replacing("\0", with: " ").split(separator: ";", omittingEmptySubsequences: false)
        let items = parts.compactMap { CitationItem($0) }
        guard let first = items.first else { return nil }
        if hasBibliography, isMalformed(items, startingWith: first, of: parts.count, &place) { return (nil, after) }
        guard items.count == parts.count else { return nil }
        return citation(items, isInText: false, after, &place)
    }

    private mutating func citation(
        inText text: Substring, after before: String, _ place: inout InlinePlace
    ) -> (inline: MarkdownInline?, end: Substring.Index)? {
        guard let key = CitationItem.key(at: text.startIndex, of: text) else { return nil }
        guard hasBibliography, before.last.map(CitationItem.joins) != true else {
            // The next mention of this key is looked for after this one.
            _ = place.finder.nextCitation(of: String(key))
            return nil
        }
        var end = key.endIndex
        var suffix = ""
        // A place in the work may follow in brackets.
        let rest = text[end...].prefix(Self.longestCitation)
        if rest.hasPrefix(" ["), let close = rest.firstIndex(of: "]"), case let inner = rest[..<close].dropFirst(2),
            !inner.contains(where: { "[@^".contains($0) })
        {
            suffix = inner.first.map { $0.isNumber || $0.isLetter } == true ? ", \(inner)" : String(inner)
            suffix = suffix.replacing("\0", with: " ")
            end = rest.index(after: close)
        }
        let isOpen = before.lastIndex(of: "[").map { !before[$0...].contains("]") } == true
        let bracket = text[end...].prefix(Self.longestCitation).first { $0 == "[" || $0 == "]" }
        if isOpen || bracket == "]", !log.isFull {
            let start = place.finder.nextCitation(of: String(key))?.offset
            log.add(
                .badCitation, at: start.map { source.location(at: $0, length: key.utf8.count + 1) } ?? place.fallback,
                "the brackets around '@\(key.description.shortened)' do not end in plain text",
                help: "a citation in brackets holds no emphasis, code or links; write \\@ for the sign itself")
            return (nil, end)
        }
        return citation([CitationItem(key: String(key), suffix: suffix)], isInText: true, end, &place)
    }

    /// Whether a citation does not name one work in each of its parts, which is reported.
    private mutating func isMalformed(
        _ items: [CitationItem], startingWith start: CitationItem, of count: Int, _ place: inout InlinePlace
    ) -> Bool {
        var finder = place.finder
        var wrong: (key: String, offset: Int?, message: String)?
        if items.count < count {
            wrong = (
                start.key, place.finder.nextCitation(of: start.key)?.offset,
                "\(count - items.count == 1 ? "a part" : "\(count - items.count) parts") of the citation with '@\(start.key.shortened)' \(count - items.count == 1 ? "names" : "name") no work"
            )
            place.finder = finder
        }
        for item in items {
            guard let found = finder.nextCitation(of: item.key) else { continue }
            if found.isEscaped || source.isBracketEscaped(before: found.offset) {
                // All of it is text, as its author says.
                if items.count < count { place.finder = finder }
                return items.count < count
            }
            guard let inner = CitationItem(item.suffix[...]), let second = finder.nextCitation(of: inner.key),
                !second.isEscaped, wrong == nil
            else { continue }
            wrong = (
                inner.key, second.offset,
                "'@\(inner.key.shortened)' stands among the words after '@\(item.key.shortened)'"
            )
        }
        guard let wrong else { return false }
        if !log.isFull {
            log.add(
                .badCitation,
                at: wrong.offset.map { source.location(at: $0, length: wrong.key.utf8.count + 1) } ?? place.fallback,
                wrong.message,
                help: "a ';' stands between works in brackets, as in [see @a, p. 3; @b]; write \\@ for the sign itself")
        }
        place.finder = finder
        return true
    }

    /// A citation with the places of its keys; a backslash in front of any makes it text.
    private mutating func citation(
        _ items: [CitationItem], isInText: Bool, _ end: Substring.Index, _ place: inout InlinePlace
    ) -> (inline: MarkdownInline?, end: Substring.Index) {
        var isEscaped = false
        let found = items.map { item in
            let place = place.finder.nextCitation(of: item.key)
            isEscaped = isEscaped || place?.isEscaped == true
            return place?.offset
        }
        if !isInText, let first = found.first, let first {
            isEscaped = isEscaped || source.isBracketEscaped(before: first)
        }
        if isEscaped { return (nil, end) }
        let cited = zip(items, found).map { item, offset in
            Citation.Item(
                key: item.key, prefix: item.prefix, suffix: item.suffix, showsAuthor: item.showsAuthor,
                location: offset.map { source.location(at: $0, length: item.key.utf8.count + 1) } ?? place.fallback)
        }
        return (.citation(Citation(cited, isInText: isInText)), end)
    }

    private mutating func footnote(
        _ label: Substring, _ end: Substring.Index, _ place: inout InlinePlace
    ) -> (inline: MarkdownInline?, end: Substring.Index)? {
        guard !label.isEmpty, !label.contains(where: { $0.isWhitespace || $0 == Self.lineEnd }),
            let (offset, isEscaped) = place.finder.nextMention(of: String(label))
        else { return nil }
        if isEscaped { return (nil, end) }
        return (footnote(String(label), at: offset).map { .footnote($0) }, end)
    }

    private mutating func footnote(_ label: String, at offset: Int) -> Footnote? {
        guard !log.isFull else { return nil }
        let shown = label.shortened
        let mention = source.location(at: offset, length: label.utf8.count + 3)
        if isInFootnote {
            log.add(
                .badFootnote, at: mention, "a footnote cannot mention the footnote '\(shown)'",
                help: "write \\[^\(shown)] for the text itself")
        } else if let footnote = footnotes.mention(label) {
            return footnote
        } else {
            log.add(
                .badFootnote, at: mention, "there is no footnote '\(shown)'",
                replacements: Suggestion.closest(to: label, among: footnotes.labels).map { "[^\($0)]" },
                help: "define it as [^\(shown)]: …, or write \\[^\(shown)] for the text itself")
        }
        return nil
    }

    /// Whether a text ends inside brackets that may become a citation, which continues on the next line.
    func mayCiteOn(_ text: String) -> Bool {
        guard hasBibliography || text.utf8.contains(UInt8(ascii: "@")),
            let start = text.suffix(Self.longestCitation).lastIndex(of: "[")
        else { return false }
        return !text[start...].contains("]")
    }

    /// Text with its line ends as soft breaks.
    private static func lines(_ text: String) -> [MarkdownInline] {
        if text.isEmpty { return [] }
        guard text.utf8.contains(0) else { return [.text(text)] }
        var inlines: [MarkdownInline] = []
        for (index, line) in text.split(separator: lineEnd, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { inlines.append(.softBreak) }
            if !line.isEmpty { inlines.append(.text(String(line))) }
        }
        return inlines
    }
}

extension SourceText {
    /// Whether a backslash makes the nearest `[` in front of a place plain text.
    fileprivate func isBracketEscaped(before place: Int) -> Bool {
        let near = bytes[max(0, place - MarkdownParser.longestCitation)..<place]
        return near.lastIndex(of: UInt8(ascii: "[")).map(bytes.isEscaped(at:)) ?? false
    }
}
