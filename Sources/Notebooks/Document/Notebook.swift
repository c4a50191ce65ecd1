import Markdown

/// A notebook as it was written: front matter, prose and command blocks, before anything is bound.
public struct Notebook: Sendable {
    /// A command block with its body as YAML.
    public struct Block: Sendable {
        /// The command's name, as the fence says it.
        public let command: String
        /// The opening fence.
        public let location: SourceLocation
        /// Nil when the body is no YAML; the problem is among the notebook's.
        public let body: YAMLValue?
        /// The block as its author wrote it, fences included, with LF line ends.
        public let source: String
        /// The text that it stands in: the notebook, or one that it includes.
        let text: SourceText
        /// The id, also where the rest of the body cannot be read, so that references to it stay good.
        let writtenID: String?
    }

    /// One piece of the document, in order.
    public enum Part: Sendable {
        case prose([MarkdownBlock])
        case block(Block)
    }

    /// The text that it was read from, with those that it includes.
    public let source: SourceText
    /// What it says of itself at its top.
    public let frontMatter: FrontMatter
    /// The front matter's title, else a first-level heading at the very top (taken out of the prose), else the file's name.
    public let title: [MarkdownInline]
    /// The front matter's subtitle; empty when it has none.
    public let subtitle: [MarkdownInline]
    /// The document in order.
    public let parts: [Part]
    /// What is wrong so far; binding adds its own and throws them all.
    public let problems: [Diagnostic]

    /// All command blocks, in document order.
    public var blocks: [Block] { parts.compactMap { if case .block(let block) = $0 { block } else { nil } } }

    /// Reads a notebook; problems are kept in it, so that binding reports them together with its own.
    /// - Parameter project: where the texts that it includes may lie; without one it can include none.
    public static func parse(_ source: SourceText, project: Project? = nil) -> Notebook {
        var reader = NotebookReader(project: project)
        return reader.notebook(source)
    }
}
