/// What prose refers to, gathered for the checks before anything runs.
public struct ProseReferences: Sendable {
    /// Computed values that text quotes, in document order.
    public private(set) var values: [InlineValue] = []
    /// Figures and tables that text refers to, in document order.
    public private(set) var references: [CrossReference] = []
    /// Links to places on the page itself, in document order.
    private(set) var links: [PageLink] = []
    /// What may be linked to beside blocks: the headings, in document order.
    private(set) var headings: [HeadingText] = []

    /// What blocks refer to.
    public init(_ blocks: [MarkdownBlock] = []) { add(blocks) }

    /// Adds what blocks refer to.
    public mutating func add(_ blocks: [MarkdownBlock]) {
        for block in blocks {
            switch block {
            case .paragraph(let inlines): add(inlines)
            case .heading(_, let inlines):
                add(inlines)
                headings.append(HeadingText(inlines))
            case .quote(let blocks): add(blocks)
            case .list(_, _, let items): for item in items { add(item) }
            case .table(let table):
                for row in [table.header] + table.rows { for cell in row { add(cell) } }
            case .code, .html, .thematicBreak: break
            }
        }
    }

    /// Adds what a run of text refers to.
    public mutating func add(_ inlines: [MarkdownInline]) {
        for inline in inlines {
            switch inline {
            case .value(let value): values.append(value)
            case .reference(let reference): references.append(reference)
            case .footnote(let footnote): add(footnote.blocks)
            case .link(let destination, _, let inner, let location):
                if let location { links.append(PageLink(target: String(destination.dropFirst()), location: location)) }
                add(inner)
            case .emphasis(let inner), .strong(let inner), .image(_, _, let inner, _): add(inner)
            case .text, .softBreak, .lineBreak, .code, .html: break
            }
        }
    }
}
