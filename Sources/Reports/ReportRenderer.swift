import Charts
import JSON
import Markdown
import Notebooks

/// Draws an evaluated notebook as one self-contained HTML page; the same evaluation gives the same bytes.
public struct ReportRenderer: Sendable {
    private let templates: PageTemplates

    /// A renderer with these templates.
    public init(templates: PageTemplates) {
        self.templates = templates
    }

    /// The page.
    /// - Parameters:
    ///   - results: what the page carries as JSON (`ResultsJSON.json(of:)`).
    ///   - stamp: further facts for the footer that the evaluation does not hold, such as the time.
    /// - Throws: `ReportError` when the text quotes what is not there.
    public func html(
        for evaluation: Evaluation, results: JSON, stamp: [(name: String, value: String)] = []
    ) throws(ReportError) -> String {
        let style = PageStyle(css: templates.css, script: templates.script)
        var prose = try ProseHTML(page: evaluation)
        let numbering = Numbering(evaluation)
        var blocks = BlockViews(numbering: numbering, referenced: Self.referenced(evaluation, numbering))
        let parameters = evaluation.parameters.map { parameter in
            FactView(
                name: Markup.escaped(parameter.name),
                value: Markup.escaped(parameter.value.text))
        }
        var view = PageView(
            policy: style.policy, style: style.element, script: style.script, version: Version.patchbook,
            windowTitle: Markup.escaped(try prose.plain(evaluation.title)), title: try prose.html(evaluation.title),
            hasParameters: !parameters.isEmpty, parameters: parameters)
        view.subtitle = evaluation.subtitle.isEmpty ? nil : try prose.html(evaluation.subtitle)
        let names = evaluation.publication.authors.map(\.name).joined(separator: ", ")
        view.author = names.isEmpty ? nil : Markup.escaped(names)
        view.front = try FrontView(evaluation, &prose)
        view.headlineData = try Self.headlineData(evaluation, prose)
        let summary = try prose.plain(evaluation.subtitle)
        view.summary = summary.isEmpty ? nil : Markup.escaped(summary)
        let claims = ClaimTally(evaluation.blocks.flatMap(\.result.outcome.claims))
        view.claimCounts = claims.data
        view.missing = evaluation.missing.map { Markup.escaped($0) }
        view.hasClaims = !claims.counts.isEmpty
        view.tally = Self.tally(evaluation)
        for part in evaluation.parts {
            switch part {
            case .prose(let markdown): view.parts.append(PartView(prose: try prose.html(markdown)))
            case .block(let block): view.parts.append(PartView(block: try blocks.view(block, &prose)))
            }
        }
        if let footnotes = try prose.footnoteSection() { view.parts.append(PartView(prose: footnotes)) }
        if let references = prose.referenceSection() { view.parts.append(PartView(prose: references)) }
        view.contents = Self.contents(prose.headings)
        view.hasContents = !view.contents.isEmpty
        view.listed = try Self.listed(evaluation, numbering, prose)
        view.provenance = Provenance.view(evaluation, stamp: stamp)
        view.results = EmbeddedResults.html(results)
        return templates.render(view)
    }

    /// The headings of the two upper levels that the page has; none where there are too few to need a list.
    private static func contents(_ headings: [(level: Int, anchor: String, text: String)]) -> [ContentsView] {
        let top = headings.map(\.level).min() ?? 1
        let shown = headings.filter { $0.level <= top + 1 }
        guard shown.count > 2 else { return [] }
        return shown.map {
            ContentsView(
                level: $0.level - top + 1, anchor: Markup.escaped($0.anchor), text: Markup.escaped($0.text))
        }
    }

    private static func headlineData(_ evaluation: Evaluation, _ prose: ProseHTML) throws(ReportError) -> String? {
        guard !evaluation.publication.headline.isEmpty else { return nil }
        let pairs = try evaluation.publication.headline.map { (headline) throws(ReportError) in
            JSON.array([.string(prose.values.name(of: headline)), .string(try prose.values.text(headline.value))])
        }
        return Markup.escaped(JSON.array(pairs).text())
    }

    /// The anchors of figures that the text refers to.
    private static func referenced(_ evaluation: Evaluation, _ numbering: Numbering) -> Set<String> {
        Set(ProseReferences(of: evaluation).references.compactMap { numbering[$0]?.anchor })
    }

    /// The figures and tables; nil where there are too few to need a list.
    private static func listed(
        _ evaluation: Evaluation, _ numbering: Numbering, _ prose: ProseHTML
    ) throws(ReportError) -> ListedView? {
        guard numbering.items.count > 2 else { return nil }
        let counts = CrossReference.Kind.allCases.compactMap { kind -> String? in
            let count = numbering.items.count { $0.kind == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
        }
        var items: [ContentsView] = []
        for block in evaluation.blocks {
            let figures = numbering.items(of: block.head.id, .figure)
            for item in figures {
                let title = block.result.outcome.figures.first { $0.name == item.name }?.title ?? item.name
                items.append(view(item, title))
            }
            for (index, item) in numbering.items(of: block.head.id, .table).enumerated() {
                let isCaptioned = figures.isEmpty && index == 0
                var title = "\(item.block).\(item.name)"
                if isCaptioned, case .paragraph(let inlines)? = block.head.caption.first {
                    title = try prose.plain(inlines)
                }
                items.append(view(item, title))
            }
        }
        return ListedView(count: counts.joined(separator: " and "), items: items)
    }

    private static func view(_ item: Numbering.Item, _ title: String) -> ContentsView {
        ContentsView(level: 1, anchor: item.anchor, text: Markup.escaped("\(item.label). \(title)"))
    }

    /// How many blocks gave no result, else how many claims of each kind held; leads to the first block with a failed claim, else to the first with claims.
    private static func tally(_ evaluation: Evaluation) -> TallyView? {
        if let missing = evaluation.missing, let first = evaluation.blocks.first(where: { $0.failure != nil }) {
            return TallyView(
                state: "pb-failed", text: "✗ \(missing)", target: Markup.escaped("#block-\(first.head.id)"))
        }
        let claiming = evaluation.blocks.filter { !$0.result.outcome.claims.isEmpty }
        let claims = ClaimTally(claiming.flatMap(\.result.outcome.claims))
        guard let words = claims.words,
            let first = claiming.first(where: { !$0.result.outcome.claims.allSatisfy(\.held) }) ?? claiming.first
        else { return nil }
        return TallyView(
            state: VerdictViews.state(claims.failed == 0), text: "\(VerdictViews.mark(claims.failed == 0)) \(words)",
            target: Markup.escaped("#block-\(first.result.id)"))
    }
}

extension Document<EvaluatedBlock> {
    /// How many blocks gave no result, in words; nil where all gave theirs.
    fileprivate var missing: String? {
        let count = blocks.count { $0.failure != nil }
        return count == 0 ? nil : "\(count) of \(blocks.count) blocks gave NO RESULT"
    }
}
