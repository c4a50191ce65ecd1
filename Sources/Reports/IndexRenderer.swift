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
        /// The headline values, each with its name, as plain text.
        public let headline: [Headline]
        /// How many claims of each kind held.
        public let claims: ClaimTally
        /// How many blocks gave no result, in words; empty where all gave theirs.
        public let missing: String
        /// Its first chart as an SVG element of ours; empty without any.
        public let figure: String

        /// A value with its name.
        public struct Headline: Sendable, Equatable {
            /// What the value is.
            public let name: String
            /// The value as the report's page writes it.
            public let value: String

            /// A value with its name.
            public init(name: String, value: String) {
                self.name = name
                self.value = value
            }
        }

        /// An entry out of its parts.
        public init(
            title: String, file: String, summary: String = "", headline: [Headline] = [],
            claims: ClaimTally = ClaimTally(), missing: String = "", figure: String = ""
        ) {
            self.title = title
            self.file = file
            self.summary = summary
            self.headline = headline
            self.claims = claims
            self.missing = missing
            self.figure = figure
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
        let style = PageStyle(css: templates.css, script: templates.script)
        let count = entries.count == 1 ? "1 report" : "\(Scalar.int(entries.count).text) reports"
        func words(_ count: Int, _ one: String, _ many: String) -> String {
            count == 0 ? "" : count == 1 ? ", one with \(one)" : ", \(count) with \(many)"
        }
        let problems =
            words(entries.count { $0.claims.failed > 0 }, "a failed claim", "failed claims")
            + words(entries.count { !$0.missing.isEmpty }, "blocks without a result", "blocks without a result")
        return templates.render(
            IndexView(
                policy: style.policy, style: style.element, script: style.script, version: Version.patchbook,
                windowTitle: Markup.escaped(title), title: Markup.escaped(title), subtitle: count + problems,
                hasEntries: !entries.isEmpty,
                entries: entries.enumerated().map { Self.view($1, number: $0 + 1, among: entries) },
                skipped: skipped.map { Markup.escaped($0.description) }))
    }

    private static func view(_ entry: Entry, number: Int, among all: [Entry]) -> EntryView {
        let held = entry.claims.failed == 0 && entry.missing.isEmpty
        let words = [entry.missing, entry.claims.words ?? ""].filter { !$0.isEmpty }.joined(separator: "; ")
        return EntryView(
            address: LinkDestination.href(file: entry.file), title: Markup.escaped(entry.title),
            file: all.count(where: { $0.title == entry.title }) > 1 ? Markup.escaped(entry.file) : nil,
            summary: entry.summary.isEmpty ? nil : Markup.escaped(entry.summary), hasHeadline: !entry.headline.isEmpty,
            headline: entry.headline.map { FactView(name: Markup.escaped($0.name), value: Markup.escaped($0.value)) },
            verdict: words.isEmpty
                ? nil
                : VerdictView(
                    state: VerdictViews.state(held), text: "\(VerdictViews.mark(held)) \(Markup.escaped(words))"),
            // Each report counts its figures from 1; an index holds one of each.
            figure: entry.figure.isEmpty ? nil : SmallFigure.markup(entry.figure, number: number))
    }
}
