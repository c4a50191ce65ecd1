import Markdown
import References
import Values

/// A notebook in order, whatever its blocks hold: what was written, what is bound, or what came out.
public struct Document<Block: Sendable>: Sendable {
    /// One piece of the document, in order.
    public enum Part: Sendable {
        case prose([MarkdownBlock])
        case block(Block)
    }

    /// The notebook's file name, without any folder: `quickstart.md`.
    public var name: String
    /// The title with its inline values.
    public var title: [MarkdownInline]
    /// The subtitle with its inline values; empty when it has none.
    public var subtitle: [MarkdownInline]
    /// Authors, date, abstract and headline values.
    public var publication: Publication
    /// The seed of all randomness; 0 when none is given.
    public var seed: UInt64
    /// False for a page of several runs that have seeds of their own.
    public var hasOneSeed = true
    /// Parameters with the values used, in the front matter's order.
    public var parameters: [(name: String, value: Scalar)]
    /// The library that results are calculated with, its version and its kernels.
    public var arithmetic: String
    /// The document in order.
    public var parts: [Part]
    /// The works that it may cite; nil without a bibliography.
    public var citationSource: CitationSource?

    /// A document out of its parts.
    public init(
        name: String, title: [MarkdownInline], subtitle: [MarkdownInline] = [],
        publication: Publication = Publication(), seed: UInt64 = 0, parameters: [(name: String, value: Scalar)] = [],
        arithmetic: String = "", parts: [Part], citationSource: CitationSource? = nil
    ) {
        self.name = name
        self.title = title
        self.subtitle = subtitle
        self.publication = publication
        self.seed = seed
        self.parameters = parameters
        self.arithmetic = arithmetic
        self.parts = parts
        self.citationSource = citationSource
    }

    /// All blocks, in document order.
    public var blocks: [Block] { parts.compactMap { if case .block(let block) = $0 { block } else { nil } } }

    /// The same document with each block turned into another, in order; without those that turn into nothing.
    public func map<Other, Failure>(_ change: (Block) throws(Failure) -> Other?) throws(Failure) -> Document<Other> {
        var changed: [Document<Other>.Part] = []
        for part in parts {
            switch part {
            case .prose(let blocks): changed.append(.prose(blocks))
            case .block(let block): if let other = try change(block) { changed.append(.block(other)) }
            }
        }
        return Document<Other>(
            name: name, title: title, subtitle: subtitle, publication: publication, seed: seed, parameters: parameters,
            arithmetic: arithmetic, parts: changed, citationSource: citationSource)
    }
}

/// The works that a document may cite, and how its citations look.
public struct CitationSource: Sendable, Equatable {
    /// The works by key.
    public let bibliography: Bibliography
    /// How citations look.
    public let style: CitationStyle

    /// Works with the style of their citations.
    public init(_ bibliography: Bibliography, style: CitationStyle = .authorYear) {
        self.bibliography = bibliography
        self.style = style
    }
}

/// What a block is on its page, whatever came of it.
public struct BlockHead: Sendable {
    /// The block's id, given or made from its command's name.
    public let id: String
    /// True when the author gave no id.
    public let isAnonymous: Bool
    /// The command's name, as the fence says it.
    public let command: String
    /// The caption's paragraphs and lists with their inline values; empty when it has none.
    public var caption: [MarkdownBlock] = []
    /// The author's description of the first figure; empty when it has none.
    public var alt: [MarkdownInline] = []
    /// Which parts of the outcome the page shows.
    public var show = Show.main
    /// What the page shows where the block does not say.
    public var display = Display.figures
    /// What the bound block produces, for the names on a page.
    public var outputs = Outputs()
    /// The block as its author wrote it, fences included, with LF line ends.
    public let source: String
    /// The opening fence.
    public let location: SourceLocation

    /// A block's place on its page.
    public init(
        id: String, isAnonymous: Bool = false, command: String, caption: [MarkdownBlock] = [],
        alt: [MarkdownInline] = [], show: Show = .main, display: Display = .figures, source: String,
        location: SourceLocation = SourceLocation(line: 1, column: 1)
    ) {
        self.id = id
        self.isAnonymous = isAnonymous
        self.command = command
        self.caption = caption
        self.alt = alt
        self.show = show
        self.display = display
        self.source = source
        self.location = location
    }
}
