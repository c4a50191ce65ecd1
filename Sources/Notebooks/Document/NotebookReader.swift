import Markdown

/// Reads a notebook and the texts that it includes into one run of parts.
struct NotebookReader {
    let project: Project?
    private var files = IncludedFiles()
    private var problems: [Diagnostic] = []
    private var blockCount = 0

    init(project: Project?) { self.project = project }

    /// The notebook of a text.
    mutating func notebook(_ source: SourceText) -> Notebook {
        if let problem = TextLimits.refusal(of: source) {
            return Notebook(
                source: source, frontMatter: FrontMatter(isRead: false), title: [.text(Self.name(of: source))],
                subtitle: [], parts: [], problems: [problem])
        }
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
        // A title ends where its scalar does, which YAML does not tell: the front matter's end bounds the search.
        let end = source.start(ofLine: firstLine)
        func inlines(_ value: YAMLValue?) -> [MarkdownInline]? {
            guard let value, let text = value.text else { return nil }
            let start = source.offset(of: value.location)
            var markdown = MarkdownParser(source, log: log)
            defer { log = markdown.log }
            return markdown.inlines(of: text, in: start..<max(start, end))
        }
        var title = inlines(frontMatter.title)
        let subtitle = inlines(frontMatter.subtitle) ?? []
        problems = log.all
        files.start(with: source, in: project)
        var parts = parts(of: source, from: firstLine)
        if title == nil, case .prose(var blocks)? = parts.first, case .heading(level: 1, let inlines)? = blocks.first {
            title = inlines
            blocks.removeFirst()
            parts.removeFirst()
            if !blocks.isEmpty { parts.insert(.prose(blocks), at: 0) }
        }
        var whole = source
        whole.included = files.texts
        return Notebook(
            source: whole, frontMatter: frontMatter, title: title ?? [.text(Self.name(of: source))],
            subtitle: subtitle, parts: parts, problems: problems)
    }

    private static func name(of source: SourceText) -> String {
        source.fileName.hasSuffix(".md") ? String(source.fileName.dropLast(3)) : source.fileName
    }

    /// The parts of one text, with those of the texts that it includes in their places.
    private mutating func parts(of source: SourceText, from firstLine: Int) -> [Notebook.Part] {
        var markdown = MarkdownParser(source, log: ProblemLog(source))
        let read = markdown.parts(from: firstLine)
        problems += markdown.log.all
        var parts: [Notebook.Part] = []
        for part in read {
            switch part {
            case .prose(let blocks): parts.append(.prose(blocks))
            case .command(let fence):
                blockCount += 1
                guard blockCount <= TextLimits.blocks else {
                    problems.append(
                        Diagnostic(
                            .tooLarge, at: fence.location, of: source,
                            "a notebook holds at most \(TextLimits.blocks) blocks"))
                    return parts
                }
                var log = ProblemLog(source)
                let block = block(fence, source: source, log: &log)
                guard fence.name == IncludeBlock.name else {
                    problems += log.all
                    parts.append(.block(block))
                    continue
                }
                let text = block.body.flatMap { body in
                    files.text(IncludeBlock(body, at: fence.location, log: &log), in: project, log: &log)
                }
                problems += log.all
                guard let text else { continue }
                if let problem = TextLimits.refusal(of: text) {
                    problems.append(problem)
                    files.end()
                    continue
                }
                parts += self.parts(of: text, from: 1)
                files.end()
            }
        }
        return parts
    }

    private func block(_ fence: CommandFence, source: SourceText, log: inout ProblemLog) -> Notebook.Block {
        let slice = YAMLSlice(source, lines: fence.body, indent: fence.location.column - 1)
        var body: YAMLValue?
        if fence.isClosed {
            body = YAMLParser.value(of: slice, subject: "this block", log: &log)
        } else {
            log.add(.unclosedBlock, at: fence.location, "the block {\(fence.name)} is opened here and never closed")
        }
        let end = fence.isClosed ? fence.body.upperBound + 1 : fence.body.upperBound
        let whole = YAMLSlice(source, lines: fence.location.line..<end, indent: fence.location.column - 1)
        return Notebook.Block(
            command: fence.name, location: fence.location, body: body, source: whole.unixText, text: source,
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
