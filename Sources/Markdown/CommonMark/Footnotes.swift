/// The footnotes that a text defines, and which of them its prose and its captions mention.
package struct Footnotes: Sendable {
    private var definitions: [FootnoteDefinition] = []
    private var read: [String: Footnote] = [:]
    private var mentioned: Set<String> = []

    package init() {}

    init(_ definitions: [FootnoteDefinition]) { self.definitions = definitions }

    /// False for a text without any, where `[^name]` is the text that CommonMark takes it for.
    var isEmpty: Bool { definitions.isEmpty }

    /// The labels, for suggestions.
    var labels: [String] { read.keys.sorted() }

    mutating func define(_ key: String, _ footnote: Footnote) { read[key] = footnote }

    /// The footnote of a label, which counts as mentioned from now on.
    mutating func mention(_ label: String) -> Footnote? {
        let key = label.lowercased()
        guard let footnote = read[key] else { return nil }
        mentioned.insert(key)
        return footnote
    }

    /// Adds a problem for each footnote that nothing mentions.
    package func checkMentions(_ log: inout ProblemLog) {
        for definition in definitions where !mentioned.contains(definition.key) && !log.isFull {
            let label = definition.label.shortened
            log.add(
                .badFootnote, at: definition.location, "the footnote '\(label)' is defined here and never mentioned",
                help: "mention it where it belongs, as [^\(label)]")
        }
    }
}

/// The lines of a text that are not prose at top level.
struct TextAreas {
    /// Lists and quotes.
    let nested: [ClosedRange<Int>]
    /// Every area that holds no footnote, in order: lists, quotes, HTML and fenced code.
    let closed: [ClosedRange<Int>]
    /// Code inside lists and quotes.
    private let code: [ClosedRange<Int>]

    init(_ document: CMarkNode, _ text: MarkdownText, _ source: SourceText) {
        var nested: [ClosedRange<Int>] = []
        var closed: [ClosedRange<Int>] = []
        var code: [ClosedRange<Int>] = []
        for node in document.children {
            let lines = node.firstLine...node.lastLine
            switch node.kind {
            // Code by indentation may be the further text of a footnote.
            case .code where text.range(node).isEmpty || !"`~".utf8.contains(source.bytes[text.range(node).lowerBound]):
                break
            case .code, .html: closed.append(lines)
            case .list, .quote:
                closed.append(lines)
                nested.append(lines)
                Self.addCode(below: node, depth: 0, to: &code)
            default: break
            }
        }
        (self.nested, self.closed, self.code) = (nested, closed, code)
    }

    func isCode(_ line: Int) -> Bool { code.contains { $0.contains(line) } }

    private static func addCode(below node: CMarkNode, depth: Int, to code: inout [ClosedRange<Int>]) {
        guard depth < MarkdownParser.deepest else { return }
        for child in node.children {
            switch child.kind {
            case .code, .html: code.append(child.firstLine...child.lastLine)
            case .list, .quote, .item: addCode(below: child, depth: depth + 1, to: &code)
            default: break
            }
        }
    }
}
