import Charts
import Markdown
import Notebooks
import Values

/// A page that no notebook wrote: headings, paragraphs, tables and figures in order.
struct PageParts {
    private(set) var parts: [Evaluation.Part] = []
    /// What the page is made from, for its footer.
    private let inputs: [Input]

    /// A page that is made from files with these names.
    init(files: [Input]) {
        // A footer begins each name with a capital letter, which would be another file's.
        inputs = files.map { Input(name: "file \($0.name)", digest: $0.digest) }
    }

    mutating func add(_ blocks: [MarkdownBlock]) { parts.append(.prose(blocks)) }

    mutating func heading(_ text: String) { add([.heading(level: 2, [.text(text)])]) }

    mutating func paragraph(_ text: String) { add([.paragraph([.text(text)])]) }

    /// A table with its caption, under a heading of its own; nothing where it has no rows.
    mutating func table(_ id: String, _ title: String, _ caption: String, _ table: Table) {
        guard !table.rows.isEmpty else { return }
        heading(title)
        var outcome = Outcome()
        outcome.add("rows", table)
        add(id, .tables, caption: caption, outcome)
    }

    /// A figure by itself.
    mutating func figure(_ id: String, _ figure: Figure) {
        var outcome = Outcome()
        outcome.figures = [figure]
        add(id, .figures, outcome)
    }

    /// Claims with their verdicts.
    mutating func claims(_ id: String, _ claims: [ClaimVerdict]) {
        var outcome = Outcome()
        outcome.claims = claims
        add(id, .claims, outcome)
    }

    private mutating func add(_ id: String, _ display: Display, caption: String = "", _ outcome: Outcome) {
        let head = BlockHead(
            id: id, command: "compare", caption: caption.isEmpty ? [] : [.paragraph([.text(caption)])],
            display: display, source: "")
        // The footer names each input once, whichever block has it.
        let result = BlockResult(
            id: id, command: "compare", options: [], inputs: inputs, key: "", digest: "", outcome: outcome)
        parts.append(.block(EvaluatedBlock(head: head, run: .success(result))))
    }

    /// The whole page.
    func evaluation(_ name: String, title: [MarkdownInline], subtitle: String) -> Evaluation {
        Evaluation(name: name, title: title, subtitle: [.text(subtitle)], parts: parts)
    }
}
