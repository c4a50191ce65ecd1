/// What a walk over Markdown meets.
public enum MarkdownNode: Sendable {
    case block(MarkdownBlock)
    case inline(MarkdownInline)
}

extension MarkdownBlock {
    /// The runs of text right inside the block, and the blocks inside it; a table's cells row by row.
    var content: (inlines: [[MarkdownInline]], blocks: [[MarkdownBlock]]) {
        switch self {
        case .paragraph(let inlines), .heading(_, let inlines): ([inlines], [])
        case .quote(let blocks), .callout(_, let blocks): ([], [blocks])
        case .list(_, _, let items): ([], items)
        case .table(let table): (table.header + table.rows.joined(), [])
        case .code, .formula, .html, .thematicBreak: ([], [])
        }
    }
}

extension MarkdownInline {
    /// The text inside emphasis, a link or a picture's description; nil for what holds no text of the page.
    var inner: [MarkdownInline]? {
        switch self {
        case .emphasis(let inner), .strong(let inner), .link(_, _, let inner, _), .image(_, _, let inner, _): inner
        case .text, .softBreak, .lineBreak, .code, .formula, .html, .value, .reference, .footnote, .citation: nil
        }
    }
}

extension Sequence<MarkdownBlock> {
    /// Visits every block and every run of text in document order, each before what is inside it, and a footnote's text where it is
    /// mentioned.
    public func walk<Failure>(_ visit: (MarkdownNode) throws(Failure) -> Void) throws(Failure) {
        for block in self {
            try visit(.block(block))
            let content = block.content
            for inlines in content.inlines { try inlines.walk(visit) }
            for blocks in content.blocks { try blocks.walk(visit) }
        }
    }

    /// The blocks with each run of text replaced, footnotes included; what is inside a run is replaced before the run itself.
    public func rewritten<Failure>(
        _ change: (MarkdownInline) throws(Failure) -> MarkdownInline
    ) throws(Failure) -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        for block in self { blocks.append(try block.rewritten(change)) }
        return blocks
    }
}

extension Sequence<MarkdownInline> {
    /// Visits every run of text in order, each before what is inside it, and a footnote's text where it is mentioned.
    public func walk<Failure>(_ visit: (MarkdownNode) throws(Failure) -> Void) throws(Failure) {
        for inline in self {
            try visit(.inline(inline))
            if case .footnote(let footnote) = inline { try footnote.blocks.walk(visit) }
            try inline.inner?.walk(visit)
        }
    }

    /// The text alone, without footnotes and with line breaks as spaces.
    /// - Parameter computed: the text of a computed value, of a figure's number or of a citation.
    public func plainText<Failure>(
        _ computed: (MarkdownInline) throws(Failure) -> String
    ) throws(Failure) -> String {
        var text = ""
        for inline in self {
            switch inline {
            case .text(let words), .code(let words), .html(let words): text += words
            case .formula(let formula): text += formula.text
            case .softBreak, .lineBreak: text += " "
            case .value, .reference, .citation: text += try computed(inline)
            case .footnote: break
            case .emphasis, .strong, .link, .image: text += try inline.inner?.plainText(computed) ?? ""
            }
        }
        return text
    }

    /// The runs with each replaced, footnotes included; what is inside a run is replaced before the run itself.
    public func rewritten<Failure>(
        _ change: (MarkdownInline) throws(Failure) -> MarkdownInline
    ) throws(Failure) -> [MarkdownInline] {
        var inlines: [MarkdownInline] = []
        for inline in self { inlines.append(try change(try inline.withInner(rewritten: change))) }
        return inlines
    }
}

extension MarkdownBlock {
    fileprivate func rewritten<Failure>(
        _ change: (MarkdownInline) throws(Failure) -> MarkdownInline
    ) throws(Failure) -> MarkdownBlock {
        switch self {
        case .paragraph(let inlines): return .paragraph(try inlines.rewritten(change))
        case .heading(let level, let inlines): return .heading(level: level, try inlines.rewritten(change))
        case .quote(let blocks): return .quote(try blocks.rewritten(change))
        case .callout(let kind, let blocks): return .callout(kind, try blocks.rewritten(change))
        case .list(let start, let isTight, let items):
            var changed: [[MarkdownBlock]] = []
            for item in items { changed.append(try item.rewritten(change)) }
            return .list(start: start, isTight: isTight, items: changed)
        case .table(let table):
            var rows: [[[MarkdownInline]]] = []
            for row in [table.header] + table.rows {
                var cells: [[MarkdownInline]] = []
                for cell in row { cells.append(try cell.rewritten(change)) }
                rows.append(cells)
            }
            return .table(
                MarkdownTable(alignments: table.alignments, header: rows[0], rows: Array(rows.dropFirst())))
        case .code, .formula, .html, .thematicBreak: return self
        }
    }
}

extension MarkdownInline {
    fileprivate func withInner<Failure>(
        rewritten change: (MarkdownInline) throws(Failure) -> MarkdownInline
    ) throws(Failure) -> MarkdownInline {
        switch self {
        case .emphasis(let inner): return .emphasis(try inner.rewritten(change))
        case .strong(let inner): return .strong(try inner.rewritten(change))
        case .link(let destination, let title, let inner, let location):
            return .link(destination: destination, title: title, try inner.rewritten(change), location: location)
        case .image(let source, let title, let alt, let location):
            return .image(source: source, title: title, alt: try alt.rewritten(change), location: location)
        case .footnote(let footnote):
            return .footnote(
                Footnote(
                    label: footnote.label, location: footnote.location, blocks: try footnote.blocks.rewritten(change)))
        case .text, .softBreak, .lineBreak, .code, .formula, .html, .value, .reference, .citation: return self
        }
    }
}
