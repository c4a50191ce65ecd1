import Charts
import Notebooks

/// Draws the page that lists the reports of a folder.
public struct IndexRenderer: Sendable {
    /// One report of the folder.
    public struct Entry: Sendable, Equatable {
        /// The report's title as plain text.
        public let title: String
        /// The page's file name, relative to the index: `quickstart.html`.
        public let file: String
        /// Claims that held, and that did not.
        public let held: Int
        /// Claims that did not hold.
        public let failed: Int

        /// An entry out of its parts.
        public init(title: String, file: String, held: Int, failed: Int) {
            self.title = title
            self.file = file
            self.held = held
            self.failed = failed
        }

        /// The entry of an evaluated notebook whose page is `file`.
        /// - Throws: `ReportError` when the title quotes what is not there.
        public init(_ evaluation: Evaluation, file: String) throws(ReportError) {
            let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
            let prose = ProseHTML(values: QuotedValues(evaluation: evaluation))
            self.init(
                title: try prose.plain(evaluation.title), file: file, held: claims.count(where: \.held),
                failed: claims.count(where: { !$0.held }))
        }
    }

    private let templates: PageTemplates

    /// A renderer with these templates.
    public init(templates: PageTemplates) {
        self.templates = templates
    }

    /// The index of these reports, in their order.
    public func html(_ entries: [Entry], title: String = "Reports") -> String {
        let style = PageStyle(css: templates.css)
        var view = PageView(
            policy: style.policy, style: style.element, version: Version.patchbook, windowTitle: Markup.escaped(title),
            title: Markup.escaped(title), hasParameters: false, parameters: [])
        view.parts = [PartView(prose: Self.table(entries))]
        return templates.render(view)
    }

    private static func table(_ entries: [Entry]) -> String {
        guard !entries.isEmpty else { return "<p>There are no reports here yet.</p>" }
        let rows = entries.map { entry in
            let href = LinkDestination.href("./\(entry.file)") ?? ""
            return
                "<tr><td class=\"pb-words\"><a href=\"\(href)\">\(Markup.escaped(entry.title))</a></td>\(verdict(entry))</tr>"
        }
        return """
            <div class="pb-scroll" role="group" aria-label="Reports" tabindex="0">
            <table>
            <thead><tr><th scope="col">report</th><th scope="col">claims</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            """
    }

    private static func verdict(_ entry: Entry) -> String {
        let count = entry.held + entry.failed
        guard count > 0 else { return "<td>none</td>" }
        let text = entry.failed == 0 ? "✓ \(entry.held) of \(count) held" : "✗ \(entry.failed) of \(count) FAILED"
        return
            "<td class=\"\(entry.failed == 0 ? "pb-held" : "pb-failed")\"><span class=\"pb-verdict\">\(text)</span></td>"
    }
}
