/// The text that cmark reads: the source with its footnotes moved to the front, each in a quote of its own, and the way back.
struct MarkdownText {
    let source: SourceText
    /// What cmark reads.
    private(set) var bytes: [UInt8]
    /// The footnotes, in the order of their quotes.
    let footnotes: [FootnoteDefinition]
    /// For each line put in front: its line in the source, and how many bytes further right its text stands there.
    private var front: [(line: Int, shift: Int)] = []

    /// - Parameters:
    ///   - bytes: the source, with what is no Markdown made blank, line by line.
    ///   - footnotes: the footnotes to move.
    init(_ source: SourceText, bytes: [UInt8], footnotes: [FootnoteDefinition] = []) {
        self.source = source
        self.footnotes = footnotes
        guard !footnotes.isEmpty else {
            self.bytes = bytes
            return
        }
        var moved: [UInt8] = []
        var rest = bytes
        for footnote in footnotes {
            for range in footnote.lines {
                let place = source.location(at: range.lowerBound)
                front.append((line: place.line, shift: place.column - 3))
                moved += "> ".utf8
                moved += source.bytes[range]
                moved.append(UInt8(ascii: "\n"))
            }
            front.append((line: footnote.location.line, shift: 0))
            moved.append(UInt8(ascii: "\n"))
            for line in footnote.sourceLines {
                for offset in source.range(ofLine: line) { rest[offset] = UInt8(ascii: " ") }
            }
        }
        self.bytes = moved + rest
    }

    /// How many lines were put in front.
    var frontCount: Int { front.count }

    /// The source's line of a line that cmark read.
    func line(_ line: Int) -> Int {
        line <= front.count ? front[line - 1].line : line - front.count
    }

    /// The source's place of a node.
    func location(_ node: CMarkNode) -> SourceLocation {
        let shift = node.firstLine <= front.count ? front[node.firstLine - 1].shift : 0
        return SourceLocation(
            line: line(node.firstLine), column: max(1, node.firstColumn + shift), file: source.file)
    }

    /// The source's place of the first line of a node.
    func opening(_ node: CMarkNode) -> SourceLocation {
        let start = source.offset(of: location(node))
        return source.location(of: start..<max(start, source.content(ofLine: line(node.firstLine)).upperBound))
    }

    /// The source's bytes of a node's lines, from its place on.
    func range(_ node: CMarkNode) -> Range<Int> {
        let start = source.offset(of: location(node))
        return start..<max(start, source.start(ofLine: line(node.lastLine) + 1))
    }
}
