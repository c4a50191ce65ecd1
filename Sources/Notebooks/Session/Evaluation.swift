import Markdown
import Values

/// A notebook after all its blocks ran: everything that a report is drawn from.
public struct Evaluation: Sendable {
    /// One piece of the document, in order.
    public enum Part: Sendable {
        case prose([MarkdownBlock])
        case block(EvaluatedBlock)
    }

    /// The notebook's file name, without any folder: `quickstart.md`.
    public let name: String
    /// The title with its inline values.
    public let title: [MarkdownInline]
    /// The subtitle with its inline values; empty when it has none.
    public let subtitle: [MarkdownInline]
    /// Who wrote it; nil when it does not say.
    public let author: String?
    /// The seed of all randomness; 0 when none is given.
    public let seed: UInt64
    /// Parameters with the values used, in the front matter's order.
    public let parameters: [(name: String, value: Scalar)]
    /// The document in order.
    public let parts: [Part]

    /// An evaluation out of its parts.
    public init(
        name: String, title: [MarkdownInline], subtitle: [MarkdownInline] = [], author: String? = nil, seed: UInt64 = 0,
        parameters: [(name: String, value: Scalar)] = [], parts: [Part]
    ) {
        self.name = name
        self.title = title
        self.subtitle = subtitle
        self.author = author
        self.seed = seed
        self.parameters = parameters
        self.parts = parts
    }

    /// All blocks, in document order.
    public var blocks: [EvaluatedBlock] {
        parts.compactMap { if case .block(let block) = $0 { block } else { nil } }
    }

    /// A value quoted in text: parameters (`params.limit`), or `id.path`; binding made sure that it exists.
    public func value(_ path: String) -> Scalar? {
        if path.hasPrefix("params.") {
            return parameters.first { "params.\($0.name)" == path }?.value
        }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let id = path[..<dot]
        return blocks.first { $0.result.id == id }?.result.outcome.value(String(path[path.index(after: dot)...]))
    }
}

extension Evaluation {
    /// The ends of the interval of a value quoted in text, where its block hands them on.
    public func interval(of path: String) -> (lower: Scalar, upper: Scalar)? {
        guard let dot = path.firstIndex(of: ".") else { return nil }
        let stem = path[...dot]
        let name = String(path[path.index(after: dot)...])
        guard let ends = ValuePaths.interval(of: name, isKnown: { value(stem + $0) != nil }),
            let lower = value(stem + ends.lower), let upper = value(stem + ends.upper)
        else { return nil }
        return (lower, upper)
    }
}

/// A block with its result and how it wants to be shown.
public struct EvaluatedBlock: Sendable {
    /// Which parts of a block's outcome the page shows.
    public enum Show: String, Sendable, CaseIterable {
        /// What suits the command.
        case auto
        case figures, tables, all, none
    }

    /// What the block's command handed on, and from what.
    public let result: BlockResult
    /// The block's caption with its inline values, as Markdown inlines; empty when it has none.
    public let caption: [MarkdownInline]
    /// The block's own description of its first figure; empty when it has none.
    public let alt: [MarkdownInline]
    /// Which parts of the outcome the page shows.
    public let show: Show
    /// The block as its author wrote it, for the reader who wants to see it.
    public let source: String
    /// True when the author gave no id, and the id was made from the command's name.
    public let isAnonymous: Bool

    /// A result with how it wants to be shown.
    public init(
        result: BlockResult, caption: [MarkdownInline] = [], alt: [MarkdownInline] = [], show: Show = .auto,
        source: String,
        isAnonymous: Bool = false
    ) {
        self.result = result
        self.caption = caption
        self.alt = alt
        self.show = show
        self.source = source
        self.isAnonymous = isAnonymous
    }
}
