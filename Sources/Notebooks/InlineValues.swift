extension MarkdownBlock {
    /// All computed values that the block quotes, in document order.
    public var inlineValues: [InlineValue] {
        switch self {
        case .paragraph(let inlines), .heading(_, let inlines): inlines.flatMap(\.inlineValues)
        case .quote(let blocks): blocks.flatMap(\.inlineValues)
        case .list(_, _, let items): items.flatMap { $0.flatMap(\.inlineValues) }
        case .code, .html, .thematicBreak: []
        }
    }
}

extension MarkdownInline {
    /// All computed values that the run quotes, in document order.
    public var inlineValues: [InlineValue] {
        switch self {
        case .value(let value): [value]
        case .emphasis(let inlines), .strong(let inlines), .link(_, _, let inlines), .image(_, _, let inlines, _):
            inlines.flatMap(\.inlineValues)
        case .text, .softBreak, .lineBreak, .code, .html: []
        }
    }
}
