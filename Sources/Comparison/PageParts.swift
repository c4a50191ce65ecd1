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

    /// What a table calls a column, and how it writes its numbers.
    struct Heading {
        let column: String
        let name: String
        /// Empty for the format of all values.
        let format: String
    }

    /// A table with its caption, under a heading of its own; nothing where it has no rows.
    mutating func table(
        _ id: String, _ title: String, _ caption: String, _ table: Table, headings: [Heading] = []
    ) {
        guard !table.rows.isEmpty else { return }
        heading(title)
        var outcome = Outcome()
        outcome.add("rows", table)
        func option(_ name: String, _ text: (Heading) -> String) -> (name: String, value: OptionValue) {
            (
                name,
                .map(headings.map { OptionValue.MapEntry(key: $0.column, value: .scalar(.string(text($0)))) })
            )
        }
        let options = headings.isEmpty ? [] : [option("headings", \.name), option("format", \.format)]
        add(id, .tables, caption: caption, options: options, outcome)
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

    private mutating func add(
        _ id: String, _ display: Display, caption: String = "",
        options: [(name: String, value: OptionValue)] = [], _ outcome: Outcome
    ) {
        let head = BlockHead(
            id: id, command: "compare", caption: caption.isEmpty ? [] : [.paragraph([.text(caption)])],
            display: display, source: "")
        // The footer names each input once, whichever block has it.
        let result = BlockResult(
            id: id, command: "compare", options: options, inputs: inputs, key: "", digest: "", outcome: outcome)
        parts.append(.block(EvaluatedBlock(head: head, run: .success(result))))
    }

    /// The whole page of these runs.
    func evaluation(
        _ name: String, title: [MarkdownInline], subtitle: String, of runs: [Results]
    ) -> Evaluation {
        let seeds = Set(runs.map { $0.versions.first { $0.key == "seed" }?.value.int })
        var page = Evaluation(name: name, title: title, subtitle: [.text(subtitle)], parts: parts)
        page.hasOneSeed = seeds.count == 1
        if let seed = seeds.first ?? nil { page.seed = UInt64(clamping: seed) }
        return page
    }
}
