import Markdown
import References

/// Reads a notebook and the texts that it includes into one run of parts.
struct NotebookReader {
    let project: Project?
    private var files: IncludedFiles
    private var fences: [WrittenBlock] = []
    private var problems: [Diagnostic] = []
    private var blockCount = 0
    /// Whether the notebook names works to cite.
    private var hasBibliography = false
    /// The footnotes of each text, by its number.
    private var footnotes: [Int: Footnotes] = [:]

    init(project: Project?, unsaved: [String: [UInt8]]) {
        self.project = project
        files = IncludedFiles(unsaved: unsaved)
    }

    /// The notebook of a text.
    mutating func notebook(_ source: SourceText) -> Notebook {
        if let problem = TextLimits.refusal(of: source) {
            return Notebook(
                source: source, frontMatter: FrontMatter(isRead: false),
                document: Document(name: source.fileName, title: [.text(Self.name(of: source))], parts: []),
                fences: [], problems: [problem], textFiles: [], missingFiles: [], footnotes: [])
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
        if let place = FrontMatter.late(in: source, from: firstLine) {
            FrontMatter.addLate(at: place, to: &log)
            // What it declares is unknown, so uses of it are not reported as well.
            frontMatter.isRead = false
        }
        problems = log.all
        files.start(with: source, in: project)
        hasBibliography = frontMatter.bibliography != nil
        var parts = parts(of: source, from: firstLine)
        // A title ends where its scalar does: the front matter's end bounds the search.
        let end = source.start(ofLine: firstLine)
        var title = inlines(frontMatter.title, of: source, end: end)
        let subtitle = inlines(frontMatter.subtitle, of: source, end: end) ?? []
        var publication = frontMatter.publication
        publication.abstract = blocks(frontMatter.abstract, of: source, end: end)
        if title == nil, case .prose(var blocks)? = parts.first, case .heading(level: 1, let inlines)? = blocks.first {
            title = inlines
            blocks.removeFirst()
            parts.removeFirst()
            if !blocks.isEmpty { parts.insert(.prose(blocks), at: 0) }
        }
        // The last of the texts: those that are included count in the order of their blocks.
        let citationSource = citationSource(frontMatter, of: source)
        var whole = source
        whole.included = files.texts
        return Notebook(
            source: whole, frontMatter: frontMatter,
            document: Document(
                name: source.fileName, title: title ?? [.text(Self.name(of: source))], subtitle: subtitle,
                publication: publication, seed: frontMatter.seed, parts: parts, citationSource: citationSource),
            fences: fences, problems: problems, textFiles: files.paths, missingFiles: files.missing,
            footnotes: (0...files.texts.count).map { footnotes[$0] ?? Footnotes() })
    }

    /// The works that the front matter names.
    private mutating func citationSource(_ frontMatter: FrontMatter, of source: SourceText) -> CitationSource? {
        guard let value = frontMatter.bibliography, let path = value.text else { return nil }
        var log = ProblemLog(source)
        let text = files.bibliography(path, at: value.location, in: project, log: &log)
        problems += log.all
        guard let text else { return nil }
        let (bibliography, found) = Bibliography.read(text.bytes)
        problems += found.map { problem in
            let written = text.text(problem.range)
            return Diagnostic(
                .badBibliography, at: text.location(of: problem.range), of: text, problem.description,
                replacements: Suggestion.closest(to: written, among: problem.known), help: problem.help)
        }
        return CitationSource(bibliography, style: frontMatter.citationStyle)
    }

    /// The inlines of a text of the front matter.
    private mutating func inlines(_ value: YAMLValue?, of source: SourceText, end: Int) -> [MarkdownInline]? {
        guard let value, let text = value.text else { return nil }
        let start = source.offset(of: value.location)
        var markdown = MarkdownParser(
            source, log: ProblemLog(source), footnotes: footnotes[0] ?? Footnotes(),
            hasBibliography: hasBibliography)
        let inlines = markdown.inlines(of: text, in: start..<max(start, end))
        problems += markdown.log.all
        footnotes[0] = markdown.footnotes
        return inlines
    }

    /// The paragraphs and lists of a text of the front matter.
    private mutating func blocks(_ value: YAMLValue?, of source: SourceText, end: Int) -> [MarkdownBlock] {
        guard let value, let text = value.text else { return [] }
        let start = source.offset(of: value.location)
        var markdown = MarkdownParser(
            source, log: ProblemLog(source), footnotes: footnotes[0] ?? Footnotes(), hasBibliography: hasBibliography)
        let blocks = markdown.caption(of: text, in: start..<max(start, end), at: value.location, subject: "an abstract")
        problems += markdown.log.all
        footnotes[0] = markdown.footnotes
        return blocks
    }

    private static func name(of source: SourceText) -> String {
        source.fileName.hasSuffix(".md") ? String(source.fileName.dropLast(3)) : source.fileName
    }

    /// The parts of one text, with those of the texts that it includes in their places.
    private mutating func parts(of source: SourceText, from firstLine: Int) -> [Document<WrittenBlock>.Part] {
        var markdown = MarkdownParser(source, log: ProblemLog(source), hasBibliography: hasBibliography)
        let read = markdown.parts(from: firstLine)
        problems += markdown.log.all
        footnotes[source.file] = markdown.footnotes
        var parts: [Document<WrittenBlock>.Part] = []
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
                fences.append(block)
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

    private func block(_ fence: CommandFence, source: SourceText, log: inout ProblemLog) -> WrittenBlock {
        let slice = YAMLSlice(source, lines: fence.body, indent: fence.location.column - 1)
        var body: YAMLValue?
        if fence.isClosed {
            body = YAMLParser.value(of: slice, subject: "this block", log: &log)
        } else {
            log.add(.unclosedBlock, at: fence.location, "the block {\(fence.name)} is opened here and never closed")
        }
        let end = fence.isClosed ? fence.body.upperBound + 1 : fence.body.upperBound
        let whole = YAMLSlice(source, lines: fence.location.line..<end, indent: fence.location.column - 1)
        return WrittenBlock(
            command: fence.name, location: fence.location, nameLocation: fence.nameLocation,
            lines: fence.location.line..<end, body: body,
            source: whole.unixText, text: source,
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
