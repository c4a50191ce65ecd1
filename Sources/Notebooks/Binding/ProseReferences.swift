import Markdown

/// What prose refers to, gathered for the checks before anything runs.
public struct ProseReferences: Sendable {
    /// Computed values that text quotes, in document order.
    public private(set) var values: [InlineValue] = []
    /// Figures and tables that text refers to, in document order.
    public private(set) var references: [CrossReference] = []
    /// Mentions of works of the bibliography, in document order.
    public private(set) var citations: [Citation] = []
    /// Links to places on the page itself, in document order.
    package private(set) var links: [PageLink] = []
    /// Links to files, in document order; the target is as written.
    private(set) var files: [PageLink] = []
    /// Pictures, in document order; the target is as written.
    private(set) var pictures: [PageLink] = []
    /// What may be linked to beside blocks: the headings, in document order.
    private(set) var headings: [HeadingText] = []

    /// The names by which links lead to headings, where nothing computed is in them.
    package var headingNames: [String] { PageAnchors(headings, blocks: []).headings }

    /// Where links to the page lead, as far as it is known before anything runs.
    package func anchors(blocks: Set<String>) -> PageAnchors { PageAnchors(headings, blocks: blocks) }

    /// What blocks refer to.
    public init(_ blocks: [MarkdownBlock] = []) { add(blocks) }

    /// What the text of a whole page refers to: title, subtitle and abstract, then prose, captions and descriptions as they come.
    public init(of evaluation: Evaluation) {
        add(evaluation.title + evaluation.subtitle)
        add(evaluation.publication.abstract)
        for part in evaluation.parts {
            switch part {
            case .prose(let blocks): add(blocks)
            case .block(let block):
                add(block.head.caption)
                add(block.head.alt)
            }
        }
    }

    /// Adds what blocks refer to.
    public mutating func add(_ blocks: [MarkdownBlock]) { blocks.walk { add($0) } }

    /// Adds what a run of text refers to.
    public mutating func add(_ inlines: [MarkdownInline]) { inlines.walk { add($0) } }

    private mutating func add(_ node: MarkdownNode) {
        switch node {
        case .block(.heading(_, let inlines)): headings.append(HeadingText(inlines))
        case .inline(.value(let value)): values.append(value)
        case .inline(.reference(let reference)): references.append(reference)
        case .inline(.citation(let citation)): citations.append(citation)
        case .inline(.link(let destination, _, _, let location?)):
            if destination.hasPrefix("#") {
                links.append(PageLink(target: String(destination.dropFirst()), location: location))
            } else {
                files.append(PageLink(target: destination, location: location))
            }
        case .inline(.image(let source, _, _, let location)) where MarkdownInline.isLocal(source):
            pictures.append(PageLink(target: source, location: location))
        case .block, .inline: break
        }
    }
}
