/// Pipe tables of a document, which cmark reads as paragraphs.
extension MarkdownParser {
    /// A table with the text above it in the same paragraph.
    struct ReadTable {
        let lead: [MarkdownInline]
        let table: MarkdownTable

        var blocks: [MarkdownBlock] { (lead.isEmpty ? [] : [.paragraph(lead)]) + [.table(table)] }
    }

    /// Finds the tables of a document and reads their cells, all in one further document that ends with the text itself, so
    /// that reference links work in them.
    mutating func readTables(in document: CMarkNode, _ text: MarkdownText) {
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
}

extension TableSource {
    /// The text of the paragraph above, then of every cell, in the order in which they are read back.
    fileprivate func texts(_ source: SourceText) -> [[UInt8]] {
        let above = lead.map { Array(source.bytes[$0]) }.joined(separator: [UInt8(ascii: "\n")])
        return [Array(above)] + rows.joined().map { Self.text($0, source) }
    }
}

extension SourceText {
    /// The bytes of a line after the marks of this many quotes.
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
