import Charts
import JSON
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
        let style = PageStyle(css: templates.css)
        var prose = ProseHTML(values: QuotedValues(evaluation: evaluation))
        let blocks = BlockViews(pageName: Self.stem(evaluation.name), numbering: Numbering(evaluation))
        let parameters = evaluation.parameters.map { parameter in
            FactView(
                name: Markup.escaped(parameter.name),
                value: Markup.escaped(parameter.value.text))
        }
        var view = PageView(
            policy: style.policy, style: style.element, version: Version.patchbook,
            windowTitle: Markup.escaped(try prose.plain(evaluation.title)), title: try prose.html(evaluation.title),
            hasParameters: !parameters.isEmpty, parameters: parameters)
        view.subtitle = evaluation.subtitle.isEmpty ? nil : try prose.html(evaluation.subtitle)
        view.author = evaluation.author.map { Markup.escaped($0) }
        let summary = try prose.plain(evaluation.subtitle)
        view.summary = summary.isEmpty ? nil : Markup.escaped(summary)
        let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
        (view.held, view.failed) = (claims.count(where: \.held), claims.count(where: { !$0.held }))
        view.tally = Self.tally(evaluation)
        for part in evaluation.parts {
            switch part {
            case .prose(let markdown): view.parts.append(PartView(prose: try prose.html(markdown)))
            case .block(let block): view.parts.append(PartView(block: try blocks.view(block, &prose)))
            }
        }
        if let footnotes = try prose.footnoteSection() { view.parts.append(PartView(prose: footnotes)) }
        view.contents = Self.contents(prose.headings)
        view.hasContents = !view.contents.isEmpty
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

    /// How many blocks gave no result, else how many claims held; leads to the first block with a failed claim, else to the first with claims.
    private static func tally(_ evaluation: Evaluation) -> TallyView? {
        let failures = evaluation.blocks.filter { $0.failure != nil }
        if let first = failures.first {
            return TallyView(
                state: "pb-failed", text: "✗ \(failures.count) of \(evaluation.blocks.count) blocks gave NO RESULT",
                target: Markup.escaped("#block-\(first.head.id)"))
        }
        let claiming = evaluation.blocks.filter { !$0.result.outcome.claims.isEmpty }
        let claims = claiming.flatMap(\.result.outcome.claims)
        guard let first = claiming.first(where: { !$0.result.outcome.claims.allSatisfy(\.held) }) ?? claiming.first
        else {
            return nil
        }
        let held = claims.count(where: \.held)
        let noun = claims.count == 1 ? "claim" : "claims"
        return TallyView(
            state: held == claims.count ? "pb-held" : "pb-failed",
            text: held == claims.count
                ? "✓ \(held) of \(claims.count) \(noun) held"
                : "✗ \(held) of \(claims.count) \(noun) held, \(claims.count - held) FAILED",
            target: Markup.escaped("#block-\(first.result.id)"))
    }

    /// A file's name without its last ending.
    static func stem(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
