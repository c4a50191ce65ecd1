import Values

/// Reads CommonMark, pipe tables and footnotes into plain values.
package struct MarkdownParser {
    /// Blocks and inlines nested deeper than this are refused, so that no walk over them can exhaust the stack.
    static let deepest = 100

    package enum Part {
        case prose([MarkdownBlock])
        case command(CommandFence)
    }

    let source: SourceText
    package var log: ProblemLog
    /// The footnotes of the document, which its captions mention too.
    package var footnotes = Footnotes()
    /// Whether the document has works to cite, so that `@key` is no mere text.
    let hasBibliography: Bool
    /// True while the text of a footnote is read, which mentions no other.
    private(set) var isInFootnote = false
    /// The tables by the line at which cmark has their paragraph.
    var tables: [Int: ReadTable] = [:]

    package init(
        _ source: SourceText, log: ProblemLog, footnotes: Footnotes = Footnotes(), hasBibliography: Bool = false
    ) {
        self.source = source
        self.log = log
        self.footnotes = footnotes
        self.hasBibliography = hasBibliography
    }

    /// The parts of the document, read in one go so that reference links work across command blocks.
    /// - Parameter firstLine: the first line that is Markdown; lines above it count as blank.
    package mutating func parts(from firstLine: Int) -> [Part] {
        var bytes = source.bytes
        for offset in 0..<source.start(ofLine: firstLine)
        where bytes[offset] != UInt8(ascii: "\n") && bytes[offset] != UInt8(ascii: "\r") {
            bytes[offset] = UInt8(ascii: " ")
        }
        var text = MarkdownText(source, bytes: bytes)
        if FootnoteDefinition.mayExist(in: source, from: firstLine) {
            text = MarkdownText(source, bytes: bytes, footnotes: definitions(from: firstLine, bytes: bytes))
        }
        footnotes = Footnotes(text.footnotes)
        return CMarkNode.withDocument(text.bytes) { document in
            var nodes = document.children.makeIterator()
            read(text.footnotes, from: &nodes, text)
            readTables(in: document, text)
            var parts: [Part] = []
            var prose: [MarkdownBlock] = []
            while let node = nodes.next() {
                if let fence = CommandFence(node, in: text, log: &log) {
                    if !prose.isEmpty { parts.append(.prose(prose)) }
                    prose = []
                    parts.append(.command(fence))
                } else {
                    prose += self.blocks(node, text, depth: 0) ?? []
                }
            }
            if !prose.isEmpty { parts.append(.prose(prose)) }
            return parts
        }
    }

    // MARK: Footnotes

    /// The footnotes of the source: lines that look like one and stand in no code, list or quote.
    private mutating func definitions(from firstLine: Int, bytes: [UInt8]) -> [FootnoteDefinition] {
        let plain = MarkdownText(source, bytes: bytes)
        let areas = CMarkNode.withDocument(bytes) { document in TextAreas(document, plain, source) }
        for definition in FootnoteDefinition.nested(in: source, areas) where !log.isFull {
            log.add(
                .badFootnote, at: definition, "a footnote is defined inside a list or a quote",
                help:
                    "definitions stand at top level, after an empty line; write \\\(source.quote(definition)) for the text itself"
            )
        }
        let closed = areas.closed
        var next = 0
        let found = FootnoteDefinition.all(in: source, from: firstLine) { line in
            while next < closed.count, closed[next].upperBound < line { next += 1 }
            return next >= closed.count || !closed[next].contains(line)
        }
        var first: [String: FootnoteDefinition] = [:]
        return found.filter { definition in
            guard let other = first[definition.key] else {
                first[definition.key] = definition
                return true
            }
            guard !log.isFull else { return true }
            log.add(
                .badFootnote, at: definition.location,
                "the footnote '\(definition.label.shortened)' is already defined on line \(other.location.line)")
            return true
        }
    }

    private mutating func read(
        _ definitions: [FootnoteDefinition], from nodes: inout some IteratorProtocol<CMarkNode>, _ text: MarkdownText
    ) {
        isInFootnote = true
        for definition in definitions {
            guard let quote = nodes.next() else { break }
            let blocks = blocks(of: quote, text, depth: 1)
            footnotes.define(
                definition.key,
                Footnote(label: definition.label, location: definition.location, blocks: blocks))
        }
        isInFootnote = false
    }

    // MARK: Blocks

    /// A node as blocks: a paragraph may hold text and a table; nil after adding a problem for one that is too deep.
    private mutating func blocks(_ node: CMarkNode, _ text: MarkdownText, depth: Int) -> [MarkdownBlock]? {
        guard depth < Self.deepest else {
            log.add(.tooDeep, at: text.location(node), "blocks are nested more than \(Self.deepest) deep")
            return nil
        }
        switch node.kind {
        case .paragraph:
            if let table = tables[node.firstLine] { return table.blocks }
            return [.paragraph(inlines(of: node, text))]
        case .heading(let level): return [.heading(level: level, inlines(of: node, text))]
        case .quote: return [quote(node, text, depth: depth)]
        case .list(let start, let isTight):
            var items: [[MarkdownBlock]] = []
            for item in node.children { items.append(blocks(of: item, text, depth: depth + 1)) }
            return [.list(start: start, isTight: isTight, items: items)]
        case .code:
            let info = node.info
            if let fence = CommandFence.Info(info), depth > 0 {
                log.add(
                    .nestedCommand, at: text.opening(node),
                    "the block {\(fence.name)} stands inside a list or a quote; command blocks stand at top level")
            }
            return [info == "math" ? formula(node, text) : .code(info: info, text: node.literal)]
        case .html: return html(node, text).map { [.html($0)] } ?? []
        case .thematicBreak: return [.thematicBreak]
        case let kind: preconditionFailure("cmark gave a block of kind \(kind)")
        }
    }

    /// Raw HTML without its comments; nil when nothing else is there.
    private mutating func html(_ node: CMarkNode, _ text: MarkdownText) -> String? {
        var left = ""
        var rest = node.literal[...]
        while let start = rest.firstRange(of: "<!--") {
            left += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "-->") else {
                let opening = source.firstOffset(of: "<!--", in: text.range(node)) ?? text.range(node).lowerBound
                log.add(
                    .unclosedComment, at: source.location(at: opening, length: 4),
                    "a comment begins here and hides the rest of the text: no '-->' ends it")
                return nil
            }
            rest = rest[end.upperBound...]
        }
        left += rest
        return left.allSatisfy(\.isWhitespace) ? nil : left
    }

    mutating func blocks(of node: CMarkNode, _ text: MarkdownText, depth: Int) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        for child in node.children {
            guard let found = self.blocks(child, text, depth: depth + 1) else { break }
            blocks += found
        }
        return blocks
    }

    private mutating func inlines(of leaf: CMarkNode, _ text: MarkdownText) -> [MarkdownInline] {
        var place = InlinePlace(
            finder: CodeSpanFinder(source, in: text.range(leaf)), fallback: text.location(leaf))
        return inlines(of: leaf, &place, depth: 0)
    }
}
