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
    /// True while the text of a footnote is read, which mentions no other.
    private(set) var isInFootnote = false
    /// The tables by the line at which cmark has their paragraph.
    private var tables: [Int: ReadTable] = [:]

    package init(_ source: SourceText, log: ProblemLog, footnotes: Footnotes = Footnotes()) {
        self.source = source
        self.log = log
        self.footnotes = footnotes
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

    /// The inlines of a single line of text, such as a caption, that stands somewhere in the source.
    /// - Parameter range: the bytes of the source in which it stands.
    package mutating func inlines(of text: String, in range: Range<Int>) -> [MarkdownInline] {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { "\r\n".unicodeScalars.contains($0) ? " " : $0 }))
        var place = InlinePlace(
            finder: CodeSpanFinder(source, in: range), fallback: source.location(at: range.lowerBound))
        if let inlines = paragraph(line, &place) { return inlines }
        // The text begins like a list, a heading or the like: behind a mark that is none of them it is an ordinary line.
        return Self.withoutMark(paragraph(Self.mark + line, &place) ?? [])
    }

    /// A caption: one line of text as a paragraph whatever it begins with, and several lines as paragraphs and lists.
    /// - Parameters:
    ///   - range: the bytes of the source in which it stands.
    ///   - location: where to report anything else.
    package mutating func caption(of text: String, in range: Range<Int>, at location: SourceLocation) -> [MarkdownBlock]
    {
        guard text.reversed().drop(while: \.isWhitespace).contains(where: \.isNewline) else {
            let line = inlines(of: text, in: range)
            return line.isEmpty ? [] : [.paragraph(line)]
        }
        var place = InlinePlace(finder: CodeSpanFinder(source, in: range), fallback: location)
        return CMarkNode.withDocument(Array(text.utf8)) { caption(of: $0, &place, depth: 0) }
    }

    private mutating func caption(of parent: CMarkNode, _ place: inout InlinePlace, depth: Int) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        for node in parent.children {
            switch node.kind {
            case .paragraph: blocks.append(.paragraph(inlines(of: node, &place, depth: 0)))
            case .list(let start, let isTight) where depth < Self.deepest:
                var items: [[MarkdownBlock]] = []
                for item in node.children { items.append(caption(of: item, &place, depth: depth + 1)) }
                blocks.append(.list(start: start, isTight: isTight, items: items))
            default:
                log.add(
                    .badCaption, at: place.fallback,
                    "a caption holds paragraphs and lists, and this one something else",
                    help: "move headings, quotations, tables, code and rules into the text beside the block")
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
        case .quote: return [.quote(blocks(of: node, text, depth: depth))]
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
            return [.code(info: info, text: node.literal)]
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

    private mutating func blocks(of node: CMarkNode, _ text: MarkdownText, depth: Int) -> [MarkdownBlock] {
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

    // MARK: Tables

    /// Finds the tables of a document and reads their cells, all in one further document that ends with the text itself, so
    /// that reference links work in them.
    private mutating func readTables(in document: CMarkNode, _ text: MarkdownText) {
        guard source.bytes.contains(UInt8(ascii: "|")) else { return }
        var found: [(line: Int, source: TableSource)] = []
        collectTables(below: document, text, quotes: 0, depth: 0, into: &found)
        guard !found.isEmpty else { return }
        var cells = 0
        for table in found {
            cells += table.source.rows.reduce(0) { $0 + $1.count }
            guard cells <= TextLimits.cells else {
                log.add(
                    .tooLarge, at: source.location(at: table.source.rows[0].first?.lowerBound ?? 0),
                    "the tables of a text hold at most \(TextLimits.cells) cells",
                    help: "keep data in a file of its own, and name its path")
                return
            }
        }
        var bytes: [UInt8] = []
        for table in found {
            for cell in table.source.texts(source) where !cell.isEmpty {
                bytes += Self.mark.utf8
                bytes += cell
                bytes += "\n\n".utf8
            }
        }
        // Without a line that could define a reference there is nothing to resolve.
        if source.firstOffset(of: "]:", in: 0..<source.bytes.count) != nil { bytes += text.bytes }
        CMarkNode.withDocument(bytes) { cells in
            var nodes = cells.children.makeIterator()
            for table in found { tables[table.line] = read(table.source, from: &nodes) }
        }
    }

    private func collectTables(
        below node: CMarkNode, _ text: MarkdownText, quotes: Int, depth: Int,
        into found: inout [(line: Int, source: TableSource)]
    ) {
        guard depth < Self.deepest else { return }
        for child in node.children {
            switch child.kind {
            case .paragraph:
                // The text of a footnote is not a place for a table: its lines stand elsewhere.
                guard child.firstLine < child.lastLine, text.line(child.firstLine) == child.firstLine - text.frontCount
                else { continue }
                let first = text.range(child).lowerBound
                let lines = (text.line(child.firstLine)...text.line(child.lastLine)).map { line in
                    let range = source.range(ofLine: line)
                    return range.contains(first)
                        ? first..<range.upperBound : source.content(ofLine: line, quotes: quotes)
                }
                if let table = TableSource(lines, of: source) { found.append((child.firstLine, table)) }
            case .quote: collectTables(below: child, text, quotes: quotes + 1, depth: depth + 1, into: &found)
            case .list, .item: collectTables(below: child, text, quotes: quotes, depth: depth + 1, into: &found)
            default: break
            }
        }
    }

    private mutating func read(_ table: TableSource, from nodes: inout some IteratorProtocol<CMarkNode>) -> ReadTable {
        var lead: [MarkdownInline] = []
        if let start = table.lead.first?.lowerBound, let end = table.lead.last?.upperBound, let node = nodes.next() {
            lead = cell(node, start..<end)
        }
        var rows: [[[MarkdownInline]]] = []
        let width = table.alignments.count
        for row in table.rows {
            var cells: [[MarkdownInline]] = []
            for range in row {
                guard !range.isEmpty, let node = nodes.next() else {
                    cells.append([])
                    continue
                }
                cells.append(cell(node, range))
                checkCut(range)
            }
            if row.count > width, !log.isFull {
                log.add(
                    .badTable, at: source.location(at: row[width].lowerBound),
                    "the row has \(row.count) cells, but the table has \(width) columns",
                    help: "a '|' inside a cell is written '\\|'")
            }
            cells += Array(repeating: [], count: max(0, width - cells.count))
            rows.append(Array(cells.prefix(width)))
        }
        return ReadTable(
            lead: lead,
            table: MarkdownTable(alignments: table.alignments, header: rows[0], rows: Array(rows.dropFirst())))
    }

    private mutating func cell(_ node: CMarkNode, _ range: Range<Int>) -> [MarkdownInline] {
        var place = InlinePlace(
            finder: CodeSpanFinder(source, in: range), fallback: source.location(at: range.lowerBound))
        return Self.withoutMark(inlines(of: node, &place, depth: 0))
    }

    /// A quoted value whose `|` ended its cell.
    private mutating func checkCut(_ range: Range<Int>) {
        guard let start = source.firstOffset(of: "`{=", in: range),
            !source.bytes[start..<range.upperBound].contains(UInt8(ascii: "}"))
        else { return }
        log.add(
            .badTable, at: source.location(at: start), "a '|' ends the cell in the midst of this inline value",
            help: "a '|' inside a cell is written '\\|'")
    }

    /// A table with the text above it in the same paragraph.
    private struct ReadTable {
        let lead: [MarkdownInline]
        let table: MarkdownTable

        var blocks: [MarkdownBlock] { (lead.isEmpty ? [] : [.paragraph(lead)]) + [.table(table)] }
    }
}

extension TableSource {
    /// The text of the paragraph above, then of every cell, in the order in which they are read back.
    fileprivate func texts(_ source: SourceText) -> [[UInt8]] {
        let above = lead.map { Array(source.bytes[$0]) }.joined(separator: [UInt8(ascii: "\n")])
        return [Array(above)] + rows.joined().map { Self.text($0, source) }
    }
}

extension SourceText {
    /// The bytes of a line behind the marks of this many quotes.
    fileprivate func content(ofLine line: Int, quotes: Int) -> Range<Int> {
        let range = range(ofLine: line)
        var start = range.lowerBound
        for _ in 0..<quotes {
            var place = start
            while place < range.upperBound, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") {
                place += 1
            }
            guard place < range.upperBound, bytes[place] == UInt8(ascii: ">") else { break }
            start = place + 1
        }
        return start..<range.upperBound
    }
}
