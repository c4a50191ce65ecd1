import Charts
import Notebooks

/// Turns blocks into what the template shows, counting figures and tables through the page.
struct BlockViews {
    /// The notebook's name without its ending, for the names of files to download.
    let pageName: String
    private var figureCount = 0
    private var tableCount = 0

    init(pageName: String) {
        self.pageName = pageName
    }

    /// The view of one block. What failed is shown whatever the block asks for.
    mutating func view(_ block: EvaluatedBlock, _ prose: ProseHTML) throws(ReportError) -> BlockView {
        let outcome = block.result.outcome
        let parts = ShownParts(block)
        let caption = block.caption.isEmpty ? nil : try prose.html(block.caption)
        let facts = parts.facts ? outcome.values.map(Self.fact) : []
        var view = BlockView(anchor: Markup.escaped("block-\(block.result.id)"), hasFacts: !facts.isEmpty, facts: facts)
        if parts.figures {
            let description = try prose.plain(block.alt)
            for (index, figure) in outcome.figures.enumerated() {
                view.figures.append(
                    self.figure(
                        figure, of: block.result, caption: index == 0 ? caption : nil,
                        description: index == 0 && !description.isEmpty ? description : figure.description))
            }
        }
        if parts.tables {
            let isCaptioned = view.figures.isEmpty ? caption : nil
            for (index, table) in outcome.tables.enumerated() {
                view.tables.append(self.table(table, of: block.result, caption: index == 0 ? isCaptioned : nil))
            }
        }
        if view.figures.isEmpty, view.tables.isEmpty, !facts.isEmpty { view.lead = caption }
        if !outcome.claims.isEmpty { view.claims = VerdictHTML.claims(outcome.claims) }
        let checks = outcome.checks.filter { parts.checks || !$0.held }
        if !checks.isEmpty {
            view.checks = VerdictHTML.checks(checks, label: "Identities checked by block \(block.result.id)")
        }
        view.notes = outcome.notes.map { Markup.escaped($0) }
        if parts.source { view.source = Markup.escaped(block.source) }
        return view
    }

    private mutating func figure(
        _ figure: Figure, of result: BlockResult, caption: String?, description: String
    ) -> FigureView {
        figureCount += 1
        let anchor = "figure-\(figureCount)"
        let theme = Theme(idPrefix: anchor, title: figure.title, description: description)
        let title = Markup.escaped(figure.title)
        let label = "Figure \(figureCount)"
        let data = TableHTML(table: figure.data, fileName: "\(pageName)-\(result.id)-\(figure.name)")
        return FigureView(
            anchor: anchor, label: label, plate: caption == nil ? nil : title,
            drawing: figure.chart.draw(in: theme).markup, caption: caption ?? title,
            data: data.foldedHTML(label: "Data of \(label)"))
    }

    private mutating func table(
        _ named: Outcome.NamedTable, of result: BlockResult, caption: String?
    ) -> TableView {
        tableCount += 1
        let label = "Table \(tableCount)"
        let html = TableHTML(
            table: named.table, fileName: "\(pageName)-\(result.id)-\(named.name)", formats: Self.formats(of: result))
        return TableView(
            anchor: "table-\(tableCount)", label: label,
            caption: caption ?? "<code>\(Markup.escaped("\(result.id).\(named.name)"))</code>",
            table: html.html(label: label))
    }

    /// The formats by column that a block's option `format` gives; binding made sure that each is one.
    private static func formats(of result: BlockResult) -> [String: ValueFormat] {
        guard case .map(let entries)? = result.option("format") else { return [:] }
        var formats: [String: ValueFormat] = [:]
        for entry in entries {
            guard case .scalar(.string(let text)) = entry.value else { continue }
            formats[entry.key] = try? ValueFormat(text)
        }
        return formats
    }

    private static func fact(_ value: Outcome.Value) -> FactView {
        FactView(
            name: Markup.escaped(value.path.replacing("_", with: " ").replacing(".", with: " ")),
            value: Markup.escaped(text(value.scalar)))
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// A value that stands alone: thousands apart, at most four digits that count.
    private static func text(_ scalar: Scalar) -> String {
        switch scalar {
        case .int(let value): Numerals.whole(value)
        case .number(let value): Numerals.reading(value)
        case .string(let text) where text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal):
            // A digest: its beginning tells it from another, and the whole stands in the results.
            text.prefix(12) + "…"
        default: ColumnFormat([]).text(scalar)
        }
    }
}
