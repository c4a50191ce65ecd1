import Markdown
import Notebooks

extension QuotedValues {
    /// Text with its computed values, its citations and the numbers of figures in their places, and without links within the page.
    func filled(_ blocks: [MarkdownBlock], _ numbering: Numbering) throws(ReportError) -> [MarkdownBlock] {
        try blocks.rewritten { (inline) throws(ReportError) in try filled(inline, numbering) }
    }

    /// A run of text, filled in the same way.
    func filled(_ inlines: [MarkdownInline], _ numbering: Numbering) throws(ReportError) -> [MarkdownInline] {
        try inlines.rewritten { (inline) throws(ReportError) in try filled(inline, numbering) }
    }

    private func filled(_ inline: MarkdownInline, _ numbering: Numbering) throws(ReportError) -> MarkdownInline {
        switch inline {
        case .value(let value): .text(try text(value))
        case .reference(let reference): .text(ProseHTML.label(reference, numbering[reference]))
        case .citation(let citation): .text(citations.text(citation))
        // Only the page itself has its places.
        case .link(let destination, let title, let inner, let location) where destination.hasPrefix("#"):
            .link(destination: "", title: title, inner, location: location)
        default: inline
        }
    }
}
