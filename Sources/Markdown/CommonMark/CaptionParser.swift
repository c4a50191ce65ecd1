/// Markdown that stands in an option of a block.
extension MarkdownParser {
    /// The inlines of a single line of text, such as a caption, that stands somewhere in the source.
    /// - Parameter range: the bytes of the source in which it stands.
    package mutating func inlines(of text: String, in range: Range<Int>) -> [MarkdownInline] {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { "\r\n".unicodeScalars.contains($0) ? " " : $0 }))
        var place = InlinePlace(
            finder: CodeSpanFinder(source, in: range), fallback: source.location(at: range.lowerBound))
        if let inlines = paragraph(line, &place) { return inlines }
        // The text begins like a list, a heading or the like: after a mark that is not one of these it is an ordinary line.
        return Self.withoutMark(paragraph(Self.mark + line, &place) ?? [])
    }

    /// A caption, or a text like one: one line of text as a paragraph whatever it begins with, and several lines as paragraphs and lists.
    /// - Parameters:
    ///   - range: the bytes of the source in which it stands.
    ///   - location: where to report anything else.
    ///   - subject: what the text is, for that report.
    package mutating func caption(
        of text: String, in range: Range<Int>, at location: SourceLocation, subject: String = "a caption"
    ) -> [MarkdownBlock] {
        guard text.reversed().drop(while: \.isWhitespace).contains(where: \.isNewline) else {
            let line = inlines(of: text, in: range)
            return line.isEmpty ? [] : [.paragraph(line)]
        }
        var place = InlinePlace(finder: CodeSpanFinder(source, in: range), fallback: location)
        return CMarkNode.withDocument(Array(text.utf8)) { caption(of: $0, &place, subject, depth: 0) }
    }

    private mutating func caption(
        of parent: CMarkNode, _ place: inout InlinePlace, _ subject: String, depth: Int
    ) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        for node in parent.children {
            switch node.kind {
            case .paragraph: blocks.append(.paragraph(inlines(of: node, &place, depth: 0)))
            case .list(let start, let isTight) where depth < Self.deepest:
                var items: [[MarkdownBlock]] = []
                for item in node.children { items.append(caption(of: item, &place, subject, depth: depth + 1)) }
                blocks.append(.list(start: start, isTight: isTight, items: items))
            default:
                log.add(
                    .badCaption, at: place.fallback,
                    "\(subject) holds paragraphs and lists, and this one something else",
                    help: "move headings, quotations, tables, code and rules into the text")
                return blocks
            }
        }
        return blocks
    }

    /// What keeps a text from being anything but a paragraph when it stands in front.
    static let mark = "·"

    static func withoutMark(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
        guard case .text(let first)? = inlines.first else { return inlines }
        let rest = String(first.dropFirst())
        return (rest.isEmpty ? [] : [.text(rest)]) + inlines.dropFirst()
    }

    /// The inlines of a text that is one paragraph, or nothing; nil for any other text.
    private mutating func paragraph(_ text: String, _ place: inout InlinePlace) -> [MarkdownInline]? {
        CMarkNode.withDocument(Array(text.utf8)) { document in
            var nodes = document.children.makeIterator()
            guard let node = nodes.next() else { return text.allSatisfy(\.isWhitespace) ? [] : nil }
            guard nodes.next() == nil, node.kind == .paragraph else { return nil }
            return inlines(of: node, &place, depth: 0)
        }
    }
}
