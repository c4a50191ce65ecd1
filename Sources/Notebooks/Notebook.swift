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
        /// The id, also where the rest of the body cannot be read, so that references to it stay good.
        let writtenID: String?
    }

    /// One piece of the document, in order.
    public enum Part: Sendable {
        case prose([MarkdownBlock])
        case block(Block)
    }

    /// The text that it was read from.
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
    public static func parse(_ source: SourceText) -> Notebook {
        var log = ProblemLog(source)
        var frontMatter = FrontMatter()
        var firstLine = 1
        if let lines = FrontMatter.lines(of: source, log: &log) {
            firstLine = lines.rest
            let slice = YAMLSlice(source, lines: lines.yaml)
            if let value = YAMLParser.value(of: slice, subject: "the front matter", log: &log) {
                frontMatter = FrontMatter(value, log: &log)
            } else {
                frontMatter = FrontMatter(isRead: false)
            }
        }
        var markdown = MarkdownParser(source, log: log)
        var parts: [Part] = []
        let read = markdown.parts(from: firstLine)
        // A title ends where its scalar does, which YAML does not tell: the front matter's end bounds the search.
        let end = source.start(ofLine: firstLine)
        func inlines(_ value: YAMLValue?) -> [MarkdownInline]? {
            guard let value, let text = value.text else { return nil }
            let start = source.offset(of: value.location)
            return markdown.inlines(of: text, in: start..<max(start, end))
        }
        var title = inlines(frontMatter.title)
        let subtitle = inlines(frontMatter.subtitle) ?? []
        log = markdown.log
        for part in read {
            switch part {
            case .prose(var blocks):
                if title == nil, parts.isEmpty, case .heading(level: 1, let inlines)? = blocks.first {
                    title = inlines
                    blocks.removeFirst()
                }
                if !blocks.isEmpty { parts.append(.prose(blocks)) }
            case .command(let fence): parts.append(.block(block(fence, source: source, log: &log)))
            }
        }
        return Notebook(
            source: source, frontMatter: frontMatter, title: title ?? [.text(Self.name(of: source))],
            subtitle: subtitle,
            parts: parts, problems: log.all)
    }

    private static func name(of source: SourceText) -> String {
        source.fileName.hasSuffix(".md") ? String(source.fileName.dropLast(3)) : source.fileName
    }

    private static func block(_ fence: MarkdownParser.CommandFence, source: SourceText, log: inout ProblemLog) -> Block
    {
        let slice = YAMLSlice(source, lines: fence.body, indent: fence.location.column - 1)
        var body: YAMLValue?
        if fence.isClosed {
            body = YAMLParser.value(of: slice, subject: "this block", log: &log)
        } else {
            log.add(.unclosedBlock, at: fence.location, "the block {\(fence.name)} is opened here and never closed")
        }
        let end = fence.isClosed ? fence.body.upperBound + 1 : fence.body.upperBound
        let whole = YAMLSlice(source, lines: fence.location.line..<end, indent: fence.location.column - 1)
        return Block(
            command: fence.name, location: fence.location, body: body, source: whole.unixText,
            writtenID: body?["id"]?.text ?? slice.writtenID)
    }
}

extension YAMLSlice {
    /// The text with LF line ends, without the last one.
    fileprivate var unixText: String {
        var lines = text.split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\r"].contains($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// The value of a plain line `id: …`.
    fileprivate var writtenID: String? {
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("id:") }
        return line.map { $0.dropFirst(3).filter { !$0.isWhitespace } }
    }
}
