import Markdown

/// The text of a notebook in the order of its lines, cut at its command blocks.
package enum NotebookPieces {
    /// A run of whole lines.
    package enum Piece {
        /// Front matter with its fences.
        case frontMatter(String)
        /// Prose as its author wrote it, and as it is read.
        case prose(String, [MarkdownBlock])
        /// A command block with its fences.
        case block(String)
        /// An `{include}` block with its fences, and the pieces of the text that it includes.
        case include(String, [Piece])
    }

    /// The pieces of a notebook without problems.
    package static func pieces(of source: SourceText) -> [Piece] {
        var included = source.included[...]
        var log = ProblemLog(source)
        guard let lines = FrontMatter.lines(of: source, log: &log) else {
            return pieces(of: source, from: 1, &included, cites: false)
        }
        let front = source.text(lines: 1..<lines.rest)
        let cites = Notebook.parse(source).frontMatter.bibliography != nil
        return [.frontMatter(front)] + pieces(of: source, from: lines.rest, &included, cites: cites)
    }

    private static func pieces(
        of source: SourceText, from first: Int, _ included: inout ArraySlice<SourceText>, cites: Bool
    ) -> [Piece] {
        var markdown = MarkdownParser(source, log: ProblemLog(source), hasBibliography: cites)
        var pieces: [Piece] = []
        var line = first
        var prose: [MarkdownBlock] = []
        func text(upTo end: Int) -> Piece? {
            let text = source.text(lines: line..<end)
            return text.isEmpty ? nil : .prose(text, prose)
        }
        for part in markdown.parts(from: first) {
            switch part {
            case .prose(let blocks): prose = blocks
            case .command(let fence):
                if let piece = text(upTo: fence.location.line) { pieces.append(piece) }
                prose = []
                line = fence.body.upperBound + 1
                let block = source.text(lines: fence.location.line..<line)
                if fence.name == IncludeBlock.name {
                    let inner = included.popFirst()
                    pieces.append(
                        .include(block, inner.map { self.pieces(of: $0, from: 1, &included, cites: cites) } ?? []))
                } else {
                    pieces.append(.block(block))
                }
            }
        }
        if let piece = text(upTo: source.lineCount + 1) { pieces.append(piece) }
        return pieces
    }
}

extension SourceText {
    /// Some lines with LF line ends, without blank ones around them.
    fileprivate func text(lines: Range<Int>) -> String {
        var texts = lines.map { text(range(ofLine: $0)) }[...]
        while texts.first?.allSatisfy(\.isWhitespace) == true { texts.removeFirst() }
        while texts.last?.allSatisfy(\.isWhitespace) == true { texts.removeLast() }
        return texts.joined(separator: "\n")
    }
}
