/// The headings of a text and its listings, by their lines.
package struct TextOutline: Sendable {
    package struct Heading: Sendable {
        /// 1 for the highest.
        package let level: Int
        /// The text without its marks.
        package let text: String
        /// The line on which it starts, from 1.
        package let line: Int
    }

    /// In the order of their lines; those inside lists and quotes are left out.
    package private(set) var headings: [Heading] = []
    /// The lines of each fence that is no command, fences included.
    package private(set) var listings: [Range<Int>] = []
    /// The lines of code and HTML, in order: all listings and commands among them.
    package private(set) var closed: [Range<Int>] = []

    /// - Parameter firstLine: the first line that is Markdown; lines above it are front matter.
    package init(_ source: SourceText, from firstLine: Int) {
        let start = source.start(ofLine: firstLine)
        CMarkNode.withDocument(Array(source.bytes[start...])) { document in
            for node in document.children {
                let line = node.firstLine + firstLine - 1
                let lines = line..<node.lastLine + firstLine
                if [.code, .html].contains(node.kind) { closed.append(lines) }
                switch node.kind {
                case .heading(let level):
                    headings.append(Heading(level: level, text: Self.text(of: node, depth: 0), line: line))
                case .code where CommandFence.Info(node.info) == nil:
                    listings.append(lines)
                default: break
                }
            }
        }
    }

    private static func text(of node: CMarkNode, depth: Int) -> String {
        guard depth < MarkdownParser.deepest else { return "" }
        return node.children.map { child in
            switch child.kind {
            case .text, .inlineCode, .inlineHTML: child.literal
            case .softBreak, .lineBreak: " "
            default: text(of: child, depth: depth + 1)
            }
        }.joined()
    }
}
