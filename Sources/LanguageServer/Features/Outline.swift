import JSON
import Markdown

/// Headings, blocks, and what can be folded.
struct Outline {
    /// A heading, or a block, with the lines that belong to it.
    private struct Entry {
        let isBlock: Bool
        let lines: Range<Int>
        let name: String
        let detail: String
    }

    private let view: View
    private let text: TextOutline
    private var lastLine: Int { view.source.lineCount }

    init(_ view: View) {
        self.view = view
        text = TextOutline(view.source, from: view.firstLine)
    }

    /// Kinds of the protocol, which knows neither blocks nor headings.
    private static let function = 12
    private static let string = 15

    /// The lines of a heading's section.
    private func section(_ index: Int) -> Range<Int> {
        let heading = text.headings[index]
        let next = text.headings[(index + 1)...].first { $0.level <= heading.level }
        return heading.line..<(next?.line ?? lastLine + 1)
    }

    /// `DocumentSymbol`s: blocks and lower headings stand inside the section of their heading.
    var symbols: JSON {
        let blocks = view.fences.map { fence in
            Entry(
                isBlock: true, lines: fence.lines,
                name: view.block(fence)?.head.id ?? fence.body?["path"]?.text ?? fence.command,
                detail: "{\(fence.command)}")
        }
        let headings = text.headings.indices.map { index in
            let heading = text.headings[index]
            return Entry(
                isBlock: false, lines: section(index),
                name: heading.text.allSatisfy(\.isWhitespace) ? "…" : heading.text,
                detail: "")
        }
        let entries = (blocks + headings).sorted { $0.lines.lowerBound < $1.lines.lowerBound }
        var index = 0
        return .array(tree(entries, &index, before: lastLine + 1))
    }

    private func tree(_ entries: [Entry], _ index: inout Int, before end: Int) -> [JSON] {
        var found: [JSON] = []
        while index < entries.count, entries[index].lines.lowerBound < end {
            let entry = entries[index]
            index += 1
            let inner = entry.isBlock ? [] : tree(entries, &index, before: entry.lines.upperBound)
            let line = view.source.range(ofLine: entry.lines.lowerBound)
            found.append(
                .members([
                    "name": .string(entry.name), "detail": .string(entry.detail),
                    "kind": .int(entry.isBlock ? Self.function : Self.string),
                    "range": view.positions.range(
                        line
                            .lowerBound..<max(
                                line.upperBound, view.source.range(ofLine: entry.lines.upperBound - 1).upperBound)),
                    "selectionRange": view.positions.range(line), "children": .array(inner),
                ]))
        }
        return found
    }

    /// `FoldingRange`s: front matter, blocks, listings and sections.
    var folds: JSON {
        var lines = view.fences.map(\.lines) + text.listings + text.headings.indices.map { section($0) }
        if view.firstLine > 1 { lines.append(1..<view.firstLine) }
        let ranges = lines.map { lines in
            var end = lines.upperBound - 1
            while end > lines.lowerBound, view.source.content(ofLine: end).isEmpty { end -= 1 }
            return (start: lines.lowerBound - 1, end: end - 1)
        }
        return .array(
            ranges.filter { $0.end > $0.start }.sorted { ($0.start, $1.end) < ($1.start, $0.end) }.map {
                .members(["startLine": .int($0.start), "endLine": .int($0.end)])
            })
    }
}
