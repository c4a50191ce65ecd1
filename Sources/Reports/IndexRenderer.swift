import Charts
import Notebooks
import Values

/// Draws the page that lists the reports of a folder.
public struct IndexRenderer: Sendable {
    /// One report of the folder.
    public struct Entry: Sendable, Equatable {
        /// The report's title as plain text.
        public let title: String
        /// The page's file name, relative to the index: `quickstart.html`.
        public let file: String
        /// One line on what it is about, as plain text; empty when it has none.
        public let summary: String
        /// Claims that held.
        public let held: Int
        /// Claims that did not hold.
        public let failed: Int

        /// An entry out of its parts.
        public init(title: String, file: String, summary: String = "", held: Int, failed: Int) {
            self.title = title
            self.file = file
            self.summary = summary
            self.held = held
            self.failed = failed
        }

        /// The entry of an evaluated notebook whose page is `file`.
        /// - Throws: `ReportError` when the title quotes what is not there.
        public init(_ evaluation: Evaluation, file: String) throws(ReportError) {
            let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
            let prose = ProseHTML(values: QuotedValues(evaluation: evaluation))
            self.init(
                title: try prose.plain(evaluation.title), file: file, summary: try prose.plain(evaluation.subtitle),
                held: claims.count(where: \.held), failed: claims.count(where: { !$0.held }))
        }
    }

    private let templates: PageTemplates

    /// A renderer with these templates.
    public init(templates: PageTemplates) {
        self.templates = templates
    }

    /// The index of these reports, in their order.
    /// - Parameter skipped: files of the folder that could not be read.
    public func html(_ entries: [Entry], skipped: [ReportFolder.Skipped] = [], title: String = "Reports") -> String {
        let style = PageStyle(css: templates.css)
        let failing = entries.count { $0.failed > 0 }
        let count = entries.count == 1 ? "1 report" : "\(Scalar.int(entries.count).text) reports"
        let claims = failing == 0 ? "" : failing == 1 ? ", one with a failed claim" : ", \(failing) with failed claims"
        return templates.render(
            IndexView(
                policy: style.policy, style: style.element, version: Version.patchbook,
                windowTitle: Markup.escaped(title), title: Markup.escaped(title), subtitle: count + claims,
                hasEntries: !entries.isEmpty, entries: entries.map { Self.view($0, among: entries) },
                skipped: skipped.map { Markup.escaped($0.description) }))
    }

    private static func view(_ entry: Entry, among all: [Entry]) -> EntryView {
        let count = entry.held + entry.failed
        let text = entry.failed == 0 ? "✓ \(entry.held) of \(count) held" : "✗ \(entry.failed) of \(count) FAILED"
        return EntryView(
            address: LinkDestination.href(file: entry.file), title: Markup.escaped(entry.title),
            file: all.count(where: { $0.title == entry.title }) > 1 ? Markup.escaped(entry.file) : nil,
            summary: entry.summary.isEmpty ? nil : Markup.escaped(entry.summary),
            verdict: count == 0
                ? nil : VerdictView(state: entry.failed == 0 ? "pb-held" : "pb-failed", text: "Claims: \(text)"))
    }
}
