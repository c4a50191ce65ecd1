/// Quotes whose first line is a kind in brackets, `> [!NOTE]`, as forges write what a reader should not miss.
extension MarkdownParser {
    /// A quote, or the callout that its first line makes of it.
    mutating func quote(_ node: CMarkNode, _ text: MarkdownText, depth: Int) -> MarkdownBlock {
        var blocks = blocks(of: node, text, depth: depth)
        var children = node.children.makeIterator()
        guard let first = children.next(), first.kind == .paragraph,
            let mark = CalloutMark(at: source.offset(of: text.location(first)), of: source),
            case .paragraph(var inlines)? = blocks.first, case .text(let words)? = inlines.first,
            words.hasPrefix("[!\(mark.word)]")
        else { return .quote(blocks) }
        guard mark.isAlone else {
            log.add(
                .badCallout, at: source.location(of: mark.range),
                "the first line of a callout is its kind and nothing else",
                help: "write the text below it, on a line of its own that begins with '>'")
            return .quote(blocks)
        }
        guard let kind = Callout(rawValue: mark.word.lowercased()) else {
            let known = Callout.allCases.map { $0.rawValue.uppercased() }
            log.add(
                .badCallout, at: source.location(of: mark.range),
                "there is no callout '[!\(mark.word.shortened)]'",
                replacements: Suggestion.closest(to: mark.word, among: known).map { "[!\($0)]" },
                help: "the callouts are " + known.map { "[!\($0)]" }.joined(separator: ", "))
            return .quote(blocks)
        }
        blocks.removeFirst()
        inlines.removeFirst()
        if let next = inlines.first, next == .softBreak || next == .lineBreak { inlines.removeFirst() }
        return .callout(kind, (inlines.isEmpty ? [] : [.paragraph(inlines)]) + blocks)
    }
}

/// `[!NOTE]` at the start of a paragraph.
private struct CalloutMark {
    let word: String
    /// The brackets with the word.
    let range: Range<Int>
    /// Whether nothing else stands on the line.
    let isAlone: Bool

    init?(at start: Int, of source: SourceText) {
        let line = source.range(ofLine: source.location(at: start).line)
        let bytes = source.bytes[start..<max(start, line.upperBound)]
        guard bytes.starts(with: "[!".utf8), let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let word = bytes[(start + 2)..<end]
        guard !word.isEmpty,
            word.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.word = String(decoding: word, as: UTF8.self)
        range = start..<(end + 1)
        isAlone = bytes[(end + 1)...].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
