import Charts
import Markdown
import Notebooks
import Values

/// Turns blocks into what the template shows.
struct BlockViews {
    /// The numbers of the page's figures and tables.
    let numbering: Numbering
    /// The anchors of figures that the text refers to, which are open wherever they stand.
    let referenced: Set<String>
    /// Claims so far: they are counted through the page.
    private var claims = 0

    init(numbering: Numbering, referenced: Set<String>) {
        self.numbering = numbering
        self.referenced = referenced
    }

    /// The view of one block. What failed is shown whatever the block asks for.
    mutating func view(_ block: EvaluatedBlock, _ prose: inout ProseHTML) throws(ReportError) -> BlockView {
        let outcome = block.result.outcome
        let parts = ShownParts(block)
        let caption = try Caption(block.head.caption, &prose)
        let facts = parts.facts ? outcome.values.map { Self.fact($0, of: block.head) } : []
        var view = BlockView(anchor: Markup.escaped("block-\(block.result.id)"), hasFacts: !facts.isEmpty, facts: facts)
        let description = try prose.plain(block.head.alt)
        var folded: [(title: String, view: FigureView)] = []
        for item in numbering.items(of: block.result.id, .figure) {
            guard let figure = outcome.figures.first(where: { $0.name == item.name }) else { continue }
            let isFirst = view.figures.isEmpty && folded.isEmpty
            let shown = self.figure(
                figure, item, caption: isFirst ? caption : nil,
                description: isFirst ? description : "", isAuthored: block.head.display == .authoredFigure)
            if parts.figures.contains(figure.name) || referenced.contains(item.anchor) {
                view.figures.append(shown)
            } else {
                folded.append((Markup.escaped(figure.title), shown))
            }
        }
        if let first = folded.first {
            let title = view.figures.isEmpty ? first.title : nil
            let others = folded.count - (title == nil ? 0 : 1)
            let count = others == 0 ? nil : others == 1 ? "1 more figure" : "\(others) more figures"
            view.more = MoreFiguresView(
                heading: [title, count].compactMap(\.self).joined(separator: ", and "), figures: folded.map(\.view))
        }
        let isCaptioned = view.figures.isEmpty ? caption : nil
        for item in numbering.items(of: block.result.id, .table) {
            guard let table = outcome.tables.first(where: { $0.name == item.name }) else { continue }
            view.tables.append(
                self.table(table, item, of: block.result, caption: view.tables.isEmpty ? isCaptioned : nil))
        }
        if view.figures.isEmpty, view.tables.isEmpty, !facts.isEmpty { view.lead = caption?.html }
        view.claims = outcome.claims.enumerated().map { VerdictViews.view($1, number: claims + $0 + 1) }
        claims += view.claims.count
        view.hasClaims = !view.claims.isEmpty
        let checks = outcome.checks.filter { parts.checks || !$0.held }
        if !checks.isEmpty {
            view.checks = VerdictViews.view(checks, label: "What block \(block.result.id) checked of the engine")
        }
        view.notes = (outcome.notes + Self.missing(block)).map { Markup.escaped($0) }
        if let failure = block.failure {
            view.notes.append(
                "<strong class=\"pb-failed\">✗ No result.</strong> "
                    + Markup.escaped(failure.problems.map { Self.sentence($0.message) }.joined(separator: " ")))
        }
        if parts.source {
            view.source = block.head.source.isEmpty ? nil : Markup.escaped(block.head.source)
            view.data = outcome.tables.filter { !$0.table.rows.isEmpty && !parts.tables.contains($0.name) }.map {
                named in
                DataView(
                    data: Markup.escaped("\(block.result.id).\(named.name)"), rows: Self.rows(named.table),
                    isHeld: EmbeddedResults.holds(named.table))
            }
            view.hasData = !view.data.isEmpty
            view.hasFolds = view.source != nil || view.hasData
        }
        return view
    }

    /// - Parameter description: the author's, for a reader who cannot see the figure; empty for none.
    private func figure(
        _ figure: Figure, _ item: Numbering.Item, caption: Caption?, description: String, isAuthored: Bool
    ) -> FigureView {
        // The author says what is to be seen, the command what is drawn: what a band holds, which way is up. Of the author's own
        // chart the command knows no more than its marks and ranges, which are for those who cannot see it.
        let unseen = description.isEmpty && isAuthored ? figure.description : description
        let theme = Theme(idPrefix: item.anchor, title: figure.title, description: unseen)
        let explanation = isAuthored ? "" : Markup.escaped(figure.description)
        let line = caption?.line.map(Self.sentence)
        let words = explanation.isEmpty ? caption?.line : [line, explanation].compactMap(\.self).joined(separator: " ")
        let data = TableViews.fold(figure.data, label: item.label)
        return FigureView(
            anchor: item.anchor, label: item.label, title: Markup.escaped(Self.sentence(figure.title)),
            drawing: figure.chart.markup(in: theme),
            caption: Caption(line: words, rest: caption?.rest)?.html,
            data: Markup.escaped("\(item.block).\(figure.name)"), grid: data.grid, rest: data.rest)
    }

    /// A title or a caption's HTML that ends as a sentence does.
    private static func sentence(_ html: String) -> String {
        var text = html[...]
        while text.hasSuffix(">"), let tag = text.lastIndex(of: "<") { text = text[..<tag] }
        guard let last = text.last else { return html }
        return ".?!".contains(last) ? html : html + "."
    }

    private func table(
        _ named: Outcome.NamedTable, _ item: Numbering.Item, of result: BlockResult, caption: Caption?
    ) -> TableView {
        let table = TableViews(named.table, label: item.label, result: result)
        return TableView(
            anchor: item.anchor, label: item.label,
            caption: caption?.html ?? "<code>\(Markup.escaped("\(result.id).\(named.name)"))</code>",
            data: Markup.escaped("\(result.id).\(named.name)"), grid: table.open, more: table.more)
    }

    private static func rows(_ table: Table) -> String {
        table.rows.count == 1 ? "1 row" : "\(Scalar.int(table.rows.count).text) rows"
    }

    /// A sentence for each figure that the block asks for by name, and this run did not draw.
    private static func missing(_ block: EvaluatedBlock) -> [String] {
        guard case .parts(let names) = block.head.show, block.failure == nil else { return [] }
        let outcome = block.result.outcome
        return names.filter { name in
            name != BlockHead.Show.foldsOthers && !outcome.figures.contains { $0.name == name }
                && !outcome.tables.contains { $0.name == name }
        }.map { "This run drew no figure '\($0)'." }
    }

    /// A value with its name: what its command says that it is, else its path.
    private static func fact(_ value: Outcome.Value, of head: BlockHead) -> FactView {
        FactView(name: Markup.escaped(name(of: value, head)), value: Markup.escaped(text(value)))
    }

    static func name(of value: Outcome.Value, _ head: BlockHead) -> String {
        head.outputs.value(value.path)?.words ?? value.path.replacing("_", with: " ").replacing(".", with: " ")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// A value that stands alone.
    private static func text(_ value: Outcome.Value) -> String {
        switch value.scalar {
        case .string(let text) where text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal):
            // A digest: its beginning tells it from another, and the whole stands in the results.
            text.prefix(12) + "…"
        default: ValueFormat.plain(for: value.path).format(value.scalar)
        }
    }
}

/// A caption's HTML: a line that follows a figure's title, and what follows it.
private struct Caption {
    let line: String?
    let rest: String?

    /// Nil where there is neither.
    init?(line: String?, rest: String?) {
        if line == nil, rest == nil { return nil }
        self.line = line
        self.rest = rest
    }

    init?(_ blocks: [MarkdownBlock], _ prose: inout ProseHTML) throws(ReportError) {
        var blocks = blocks[...]
        var line: String?
        if case .paragraph(let inlines)? = blocks.first {
            line = try prose.html(inlines)
            blocks = blocks.dropFirst()
        }
        self.init(line: line, rest: blocks.isEmpty ? nil : try prose.html(Array(blocks)))
    }

    var html: String { [line, rest].compactMap(\.self).joined(separator: "\n") }
}
