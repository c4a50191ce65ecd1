/// A pipe table found in the lines of a paragraph, before its cells are read: GitHub's form of tables.
struct TableSource {
    /// The lines of the paragraph above the header; empty when the table starts it.
    let lead: [Range<Int>]
    let alignments: [MarkdownTable.Alignment]
    /// The bytes of each cell, the header's row first.
    let rows: [[Range<Int>]]

    /// The table in a paragraph; nil when it has no line such as `| --- | --: |` under a line of as many cells.
    /// - Parameter lines: the bytes of the paragraph's lines, without what the quotes around it begin them with.
    init?(_ lines: [Range<Int>], of source: SourceText) {
        guard lines.count > 1 else { return nil }
        for index in 1..<lines.count {
            guard let alignments = Self.alignments(lines[index], source) else { continue }
            let header = Self.cells(lines[index - 1], source)
            guard header.count == alignments.count, Self.holdsBar(lines[index - 1], source) else { continue }
            lead = Array(lines[..<(index - 1)])
            self.alignments = alignments
            rows = [header] + lines[(index + 1)...].map { Self.cells($0, source) }
            return
        }
        return nil
    }

    /// The bytes of a cell as Markdown: `\|` stands for `|`, also in code.
    static func text(_ cell: Range<Int>, _ source: SourceText) -> [UInt8] {
        var text: [UInt8] = []
        var place = cell.lowerBound
        while place < cell.upperBound {
            if source.bytes[place] == UInt8(ascii: "\\"), place + 1 < cell.upperBound,
                source.bytes[place + 1] == UInt8(ascii: "|")
            {
                place += 1
            }
            text.append(source.bytes[place])
            place += 1
        }
        return text
    }

    private static func holdsBar(_ line: Range<Int>, _ source: SourceText) -> Bool {
        source.bytes[line].contains(UInt8(ascii: "|"))
    }

    /// The alignments of a delimiter row; nil for any other line.
    private static func alignments(_ line: Range<Int>, _ source: SourceText) -> [MarkdownTable.Alignment]? {
        guard source.bytes[line].allSatisfy({ " \t|:-".utf8.contains($0) }), holdsBar(line, source) else { return nil }
        var alignments: [MarkdownTable.Alignment] = []
        for cell in cells(line, source) {
            var marks = source.bytes[cell]
            let isLeft = marks.first == UInt8(ascii: ":")
            if isLeft { marks.removeFirst() }
            let isRight = marks.last == UInt8(ascii: ":")
            if isRight { marks.removeLast() }
            guard !marks.isEmpty, marks.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
            alignments.append(isLeft ? (isRight ? .center : .left) : isRight ? .right : .none)
        }
        return alignments
    }

    /// The cells of a line, split at each `|` that no backslash stands before.
    private static func cells(_ line: Range<Int>, _ source: SourceText) -> [Range<Int>] {
        let line = trimmed(line, source)
        var cells: [Range<Int>] = []
        var start = line.lowerBound
        var place = start
        if place < line.upperBound, source.bytes[place] == UInt8(ascii: "|") {
            start += 1
            place += 1
        }
        while place < line.upperBound {
            switch source.bytes[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "|"):
                cells.append(trimmed(start..<place, source))
                start = place + 1
            default: break
            }
            place += 1
        }
        if start < line.upperBound { cells.append(trimmed(start..<line.upperBound, source)) }
        return cells
    }

    private static func trimmed(_ range: Range<Int>, _ source: SourceText) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, source.bytes[start] == UInt8(ascii: " ") || source.bytes[start] == UInt8(ascii: "\t") {
            start += 1
        }
        while end > start, source.bytes[end - 1] == UInt8(ascii: " ") || source.bytes[end - 1] == UInt8(ascii: "\t") {
            end -= 1
        }
        return start..<end
    }
}
