import Charts
import Markdown
import Notebooks
import Values

/// What a block shows, as Markdown and drawings, for formats that are not pages.
struct BlockPieces {
    /// One thing that a block shows.
    enum Piece {
        case text([MarkdownBlock])
        case figure(ShownFigure)
        case table(ShownTable)
    }

    /// A numbered figure.
    struct ShownFigure {
        let item: Numbering.Item
        /// The drawing as it can stand alone; nil for a figure that is no drawing, such as a text token by token.
        let svg: String?
        /// What it shows, for those who cannot see it.
        let description: String
        /// Number, title and caption.
        let caption: [MarkdownBlock]
        let data: Table
    }

    /// A numbered table.
    struct ShownTable {
        let item: Numbering.Item
        let caption: [MarkdownBlock]
        let table: Table
        /// The rows that fit a page, with the digits that their values have everywhere.
        let shown: [MarkdownBlock]
    }

    let values: QuotedValues
    let numbering: Numbering
    let style: ChartStyle

    init(_ evaluation: Evaluation, _ templates: PageTemplates) {
        values = QuotedValues(evaluation: evaluation)
        numbering = Numbering(evaluation)
        style = ChartStyle(css: templates.css)
    }

    /// What a page shows of the block, in the same order; what failed is shown whatever the block asks for.
    func pieces(of block: EvaluatedBlock) throws(ReportError) -> [Piece] {
        let outcome = block.result.outcome
        let parts = ShownParts(block)
        let caption = try values.filled(block.head.caption, numbering)
        let alt = try ProseHTML(values: values).plain(block.head.alt)
        var pieces: [Piece] = []
        var isCaptioned = caption.isEmpty
        /// The author's caption belongs to the first thing that a block shows.
        func captioned(_ label: String, _ title: String, _ words: String) -> [MarkdownBlock] {
            defer { isCaptioned = true }
            let own = isCaptioned ? [] : caption
            var line: [MarkdownInline] = [
                .strong([.text(title.isEmpty ? "\(label)." : "\(label). \(Self.sentence(title))")])
            ]
            var rest = own[...]
            if case .paragraph(let inlines)? = own.first {
                line += [.text(" ")] + inlines
                rest = rest.dropFirst()
            }
            if !words.isEmpty { line.append(.text(" " + words)) }
            return [.paragraph(line)] + rest
        }
        if parts.facts, !outcome.values.isEmpty {
            if numbering.items(of: block.result.id).isEmpty, !isCaptioned { pieces.append(.text(caption)) }
            pieces.append(.text([.list(start: nil, isTight: true, items: outcome.values.map { fact($0, block.head) })]))
        }
        for (index, item) in numbering.items(of: block.result.id, .figure).enumerated() {
            guard let figure = outcome.figures.first(where: { $0.name == item.name }) else { continue }
            let description = index == 0 && !alt.isEmpty ? alt : figure.description
            // A file has no page around it: names of lines stand in its key.
            let theme = Theme(idPrefix: item.anchor, title: figure.title, description: description, margin: 0)
            let svg = (figure.chart as? any Chart).map { style.standalone($0.draw(in: theme).markup) }
            let words = block.head.display == .authoredFigure ? "" : figure.description
            pieces.append(
                .figure(
                    ShownFigure(
                        item: item, svg: svg, description: description,
                        caption: captioned(item.label, figure.title, words), data: figure.data)))
        }
        for item in numbering.items(of: block.result.id, .table) {
            guard let table = outcome.table(item.name) else { continue }
            let views = TableViews(table, label: item.label, result: block.result)
            pieces.append(
                .table(
                    ShownTable(
                        item: item, caption: captioned(item.label, "", ""), table: table, shown: views.markdown)))
        }
        let verdicts = self.verdicts(outcome, parts)
        if !verdicts.isEmpty { pieces.append(.text([.list(start: nil, isTight: true, items: verdicts)])) }
        let notes =
            outcome.notes
            + (block.failure.map { ["No result. " + $0.problems.map(\.message).joined(separator: ". ")] } ?? [])
        pieces += notes.map { .text([.quote([.paragraph([.strong([.text("Note.")]), .text(" " + $0)])])]) }
        return pieces
    }

    private func fact(_ value: Outcome.Value, _ head: BlockHead) -> [MarkdownBlock] {
        [
            .paragraph([
                .text("\(BlockViews.name(of: value, head)): \(ValueFormat.plain(for: value.path).format(value.scalar))")
            ])
        ]
    }

    private func verdicts(_ outcome: Outcome, _ parts: ShownParts) -> [[MarkdownBlock]] {
        let claims = outcome.claims.map { claim -> [MarkdownInline] in
            let others = claim.others.map { ", \($0.path) is \($0.scalar.text)" }.joined()
            let because = claim.because.isEmpty ? "" : ". " + claim.because
            return [
                .strong([.text(VerdictViews.word(claim.held))]), .text(" \(claim.kind.rawValue) "), .code(claim.claim),
                .text(" (found \(claim.foundText)\(others))\(because)"),
            ]
        }
        let checks = outcome.checks.filter { parts.checks || !$0.held }.map { check -> [MarkdownInline] in
            let unit = check.unit.isEmpty ? "" : " \(check.unit)"
            return [
                .strong([.text(VerdictViews.word(check.held))]),
                .text(
                    " \(check.name): found \(Scalar.number(check.found).text)\(unit), allowed "
                        + "\(Scalar.number(check.tolerance).text)\(unit)"),
            ]
        }
        return (claims + checks).map { [.paragraph($0)] }
    }

    /// A title that ends as a sentence does.
    private static func sentence(_ text: String) -> String {
        text.last.map { ".?!".contains($0) } ?? true ? text : text + "."
    }
}

extension TableViews {
    /// The rows that a page shows, with what it leaves out in words.
    var markdown: [MarkdownBlock] {
        let (header, rows, isNumeric) = shown
        guard !header.isEmpty else { return [] }
        let table = MarkdownTable(
            alignments: isNumeric.map { $0 ? .right : .left }, header: header.map { [.text($0)] },
            rows: rows.map { row in row.map { [.text($0)] } })
        return [.table(table)] + (left.map { [.paragraph([.text($0 + ".")])] } ?? [])
    }
}
