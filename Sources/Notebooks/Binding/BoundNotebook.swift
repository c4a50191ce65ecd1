import Markdown
import Values

/// A notebook whose every block is bound: all that can be checked before anything runs is right.
public struct BoundNotebook: Sendable {
    /// One piece of the document, in order.
    public enum Part: Sendable {
        case prose([MarkdownBlock])
        case block(BoundBlock)
    }

    /// The text that it was read from.
    public let source: SourceText
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
    /// How its paths are resolved.
    public let project: Project
    /// The document in order.
    public let parts: [Part]

    /// All blocks, in document order.
    public var blocks: [BoundBlock] { parts.compactMap { if case .block(let block) = $0 { block } else { nil } } }
}

/// A block with its command bound to its options.
public struct BoundBlock: Sendable {
    /// An option in its normal form.
    public struct NormalOption: Sendable {
        /// The option as data.
        public let declaration: OptionDeclaration
        /// The value, parameters filled in.
        public let value: OptionValue
        /// Where its value stands; nil when the author did not give it.
        public let location: SourceLocation?
    }

    /// The block's id, given or made from its command's name.
    public let id: String
    /// True when the author gave no id.
    public let isAnonymous: Bool
    /// The command's name.
    public let name: String
    /// The command with its options taken.
    public let command: any Command
    /// The command's own options, in the order of their declaration.
    public let options: [NormalOption]
    /// The ids of the blocks it refers to, in document order.
    public let references: [String]
    /// The caption with its inline values; empty when it has none.
    public let caption: [MarkdownInline]
    /// The author's description of the first figure; empty when it has none.
    public let alt: [MarkdownInline]
    /// Which parts of the outcome the page shows.
    public let show: EvaluatedBlock.Show
    /// The block as its author wrote it.
    public let source: String
    /// The opening fence.
    public let location: SourceLocation
}
