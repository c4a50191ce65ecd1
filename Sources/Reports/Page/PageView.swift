/// What the page's template may name; every text is HTML already, so templates write `{{{name}}}`.
struct PageView {
    let language = "en"
    var policy: String
    var style: String
    var script: String
    var version: String
    var windowTitle: String
    var title: String
    var subtitle: String?
    /// The authors' names, for the page's head element.
    var author: String?
    var front: FrontView?
    /// The subtitle as plain text, for lists of reports.
    var summary: String?
    /// The headline values as JSON, `[[name, value], …]`, for lists of reports; nil without any.
    var headlineData: String?
    /// How many claims of each kind held, for lists of reports.
    var claimCounts = ""
    /// How many blocks gave no result, in words, for lists of reports; nil where all gave theirs.
    var missing: String?
    var tally: TallyView?
    var hasContents = false
    var contents: [ContentsView] = []
    /// The page's figures and tables, and how many they are, in words.
    var listed: ListedView?
    /// Whether any claim failed, or held, so that a reader may look at some alone.
    var hasClaims = false
    let hasParameters: Bool
    var parameters: [FactView]
    var parts: [PartView] = []
    var provenance: ProvenanceView?
    var results: String?

    static let fields: [String: TemplateField] = HeadFields.all.merging([
        "title": .text, "subtitle": .text, "headlineData": .text, "claimCounts": .text, "missing": .text,
        "tally": .view(TallyView.fields),
        "hasContents": .text, "contents": .view(ContentsView.fields), "front": .view(FrontView.fields),
        "listed": .view(ListedView.fields), "hasClaims": .text, "hasParameters": .text,
        "parameters": .view(FactView.fields), "parts": .view(PartView.fields),
        "provenance": .view(ProvenanceView.fields), "results": .text,
    ]) { first, _ in first }
}

/// What the head of every page may name.
enum HeadFields {
    static let all: [String: TemplateField] = [
        "language": .text, "policy": .text, "style": .text, "script": .text, "version": .text, "windowTitle": .text,
        "author": .text,
        "summary": .text,
    ]
}

/// One line of the list of contents.
struct ContentsView {
    /// 1 for the headings that divide the page, 2 for those below them.
    let level: Int
    let anchor: String
    let text: String

    static let fields: [String: TemplateField] = ["level": .text, "anchor": .text, "text": .text]
}

/// The figures and tables of a page.
struct ListedView {
    /// `13 figures and 1 table`
    let count: String
    let items: [ContentsView]

    static let fields: [String: TemplateField] = ["count": .text, "items": .view(ContentsView.fields)]
}

/// How many claims held.
struct TallyView {
    /// `pb-held` or `pb-failed`.
    let state: String
    let text: String
    /// Address of the claims.
    let target: String

    static let fields: [String: TemplateField] = ["state": .text, "text": .text, "target": .text]
}

/// A name with its value.
struct FactView {
    let name: String
    let value: String

    static let fields: [String: TemplateField] = ["name": .text, "value": .text]
}

/// Prose or a block, in the notebook's order.
struct PartView {
    var prose: String?
    var block: BlockView?

    static let fields: [String: TemplateField] = ["prose": .text, "block": .view(BlockView.fields)]
}

/// What made the page.
struct ProvenanceView {
    let facts: [FactView]
    /// Digests of inputs and results.
    let digests: [DigestView]

    static let fields: [String: TemplateField] = [
        "facts": .view(FactView.fields), "digests": .view(DigestView.fields),
    ]
}

/// A block's key, or the digest of an input.
struct DigestView {
    let name: String
    /// The block's command; `nil` for an input.
    let command: String?
    let digest: String

    static let fields: [String: TemplateField] = ["name": .text, "command": .text, "digest": .text]
}

/// What the index's template may name.
struct IndexView {
    let language = "en"
    let policy: String
    let style: String
    let script: String
    let version: String
    let windowTitle: String
    let title: String
    let subtitle: String
    /// Always `nil`: an index has no author, but its head is that of a report.
    let author: String? = nil
    let summary: String? = nil
    let hasEntries: Bool
    let entries: [EntryView]
    /// Files of the folder that could not be read, one sentence each.
    let skipped: [String]

    static let fields: [String: TemplateField] = HeadFields.all.merging([
        "title": .text, "subtitle": .text, "hasEntries": .text, "entries": .view(EntryView.fields), "skipped": .texts,
    ]) { first, _ in first }
}

/// One report of an index.
struct EntryView {
    let address: String
    let title: String
    /// The page's file, where another report has the same title.
    let file: String?
    let summary: String?
    let hasHeadline: Bool
    let headline: [FactView]
    let verdict: VerdictView?
    /// The report's first chart as an SVG element; nil without any.
    let figure: String?

    static let fields: [String: TemplateField] = [
        "address": .text, "title": .text, "file": .text, "summary": .text, "hasHeadline": .text,
        "headline": .view(FactView.fields), "verdict": .view(VerdictView.fields), "figure": .text,
    ]
}

/// What became of a report's claims.
struct VerdictView {
    /// `pb-held` or `pb-failed`.
    let state: String
    let text: String

    static let fields: [String: TemplateField] = ["state": .text, "text": .text]
}
