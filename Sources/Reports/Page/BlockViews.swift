import Charts
import Markdown
import Notebooks
import Values

/// Turns blocks into what the template shows.
struct BlockViews {
    /// The notebook's name without its ending, for the names of files to download.
    let pageName: String
    /// The numbers of the page's figures and tables.
    let numbering: Numbering

    /// The view of one block. What failed is shown whatever the block asks for.
    func view(_ block: EvaluatedBlock, _ prose: inout ProseHTML) throws(ReportError) -> BlockView {
        let outcome = block.result.outcome
        let parts = ShownParts(block)
        let caption = try Caption(block.head.caption, &prose)
        let facts = parts.facts ? outcome.values.map { Self.fact($0, of: block.head) } : []
        var view = BlockView(anchor: Markup.escaped("block-\(block.result.id)"), hasFacts: !facts.isEmpty, facts: facts)
        if parts.figures {
            let description = try prose.plain(block.head.alt)
            for (figure, item) in zip(outcome.figures, numbering.items(of: block.result.id, .figure)) {
                let isFirst = view.figures.isEmpty
                view.figures.append(
                    self.figure(
                        figure, item, caption: isFirst ? caption : nil,
                        description: isFirst && !description.isEmpty ? description : figure.description,
                        isAuthored: block.head.display == .authoredFigure))
            }
        }
        if parts.tables {
            let isCaptioned = view.figures.isEmpty ? caption : nil
            for (table, item) in zip(outcome.tables, numbering.items(of: block.result.id, .table)) {
                view.tables.append(
                    self.table(table, item, of: block.result, caption: view.tables.isEmpty ? isCaptioned : nil))
            }
        }
        if view.figures.isEmpty, view.tables.isEmpty, !facts.isEmpty { view.lead = caption?.html }
        view.claims = outcome.claims.map(VerdictViews.view)
        view.hasClaims = !view.claims.isEmpty
        let checks = outcome.checks.filter { parts.checks || !$0.held }
        if !checks.isEmpty {
            view.identities = VerdictViews.view(checks, label: "Identities checked by block \(block.result.id)")
        }
        view.notes = outcome.notes.map { Markup.escaped($0) }
        if let failure = block.failure {
            view.notes.append(
                "<strong class=\"pb-failed\">✗ No result.</strong> "
                    + Markup.escaped(failure.problems.map { Self.sentence($0.message) }.joined(separator: " ")))
        }
        if parts.source {
            view.source = block.head.source.isEmpty ? nil : Markup.escaped(block.head.source)
            if !parts.tables { view.files = files(of: block.result) }
            view.hasFiles = !view.files.isEmpty
            view.hasFolds = view.source != nil || view.hasFiles
        }
        return view
    }

    private func figure(
        _ figure: Figure, _ item: Numbering.Item, caption: Caption?, description: String, isAuthored: Bool
    ) -> FigureView {
        let theme = Theme(idPrefix: item.anchor, title: figure.title, description: description)
        // The author says what is to be seen, the command what is drawn: what a band holds, which way is up. Of the author's own
        // chart the command knows no more than its marks and ranges, which are for those who cannot see it.
        let explanation = isAuthored ? "" : Markup.escaped(figure.description)
        let line = caption?.line.map(Self.sentence)
        let words = explanation.isEmpty ? caption?.line : [line, explanation].compactMap(\.self).joined(separator: " ")
        let data = TableViews(figure.data, label: item.label)
        return FigureView(
            anchor: item.anchor, label: item.label, title: Markup.escaped(Self.sentence(figure.title)),
            drawing: figure.chart.markup(in: theme),
            caption: Caption(line: words, rest: caption?.rest)?.html, grid: data.folded, rest: data.rest,
            file: data.file("\(pageName)-\(item.block)-\(figure.name)"))
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
        let table = TableViews(named.table, label: item.label, formats: Self.formats(of: result))
        return TableView(
            anchor: item.anchor, label: item.label,
            caption: caption?.html ?? "<code>\(Markup.escaped("\(result.id).\(named.name)"))</code>", grid: table.open,
            more: table.more, file: table.file("\(pageName)-\(result.id)-\(named.name)"))
    }

    /// The block's tables that no figure and no table of the page shows, as files.
    private func files(of result: BlockResult) -> [FileView] {
        result.outcome.tables.filter { !$0.table.rows.isEmpty }.map { named in
            TableViews.file(
                named.table, label: "\(result.id).\(named.name)", "\(pageName)-\(result.id)-\(named.name)")
        }
    }

    /// The formats by column that a block's option `format` gives; binding made sure that each is one.
    static func formats(of result: BlockResult) -> [String: ValueFormat] {
        guard case .map(let entries)? = result.option("format") else { return [:] }
        var formats: [String: ValueFormat] = [:]
        for entry in entries {
            guard case .scalar(.string(let text)) = entry.value else { continue }
            formats[entry.key] = try? ValueFormat(text)
        }
        return formats
    }

    /// A value with its name: what its command says that it is, else its path.
    private static func fact(_ value: Outcome.Value, of head: BlockHead) -> FactView {
        FactView(name: Markup.escaped(name(of: value, head)), value: Markup.escaped(text(value.scalar)))
    }

    static func name(of value: Outcome.Value, _ head: BlockHead) -> String {
        head.outputs.value(value.path)?.words ?? value.path.replacing("_", with: " ").replacing(".", with: " ")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// A value that stands alone.
    private static func text(_ scalar: Scalar) -> String {
        switch scalar {
        case .string(let text) where text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal):
            // A digest: its beginning tells it from another, and the whole stands in the results.
            text.prefix(12) + "…"
        default: scalar.text
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
