/// What the page's template may name; every text is HTML already, so templates write `{{{name}}}`.
struct PageView {
    let language = "en"
    var policy: String
    var style: String
    var version: String
    var windowTitle: String
    var title: String
    var subtitle: String?
    var author: String?
    /// The subtitle as plain text, for lists of reports.
    var summary: String?
    /// Claims that held and that did not.
    var held = 0
    var failed = 0
    var tally: TallyView?
    var hasContents = false
    var contents: [ContentsView] = []
    let hasParameters: Bool
    var parameters: [FactView]
    var parts: [PartView] = []
    var provenance: ProvenanceView?
    var results: String?
}

/// One line of the list of contents.
struct ContentsView {
    /// 1 for the headings that divide the page, 2 for those below them.
    let level: Int
    let anchor: String
    let text: String
}

/// How many claims held.
struct TallyView {
    /// `pb-held` or `pb-failed`.
    let state: String
    let text: String
    /// Address of the claims.
    let target: String
}

/// A name with its value.
struct FactView {
    let name: String
    let value: String
}

/// Prose or a block, in the notebook's order.
struct PartView {
    var prose: String?
    var block: BlockView?
}

/// One command block.
struct BlockView {
    let anchor: String
    let hasFacts: Bool
    let facts: [FactView]
    /// The block's caption where it has neither figure nor table to stand under.
    var lead: String?
    var figures: [FigureView] = []
    var tables: [TableView] = []
    var claims: String?
    var checks: String?
    var notes: [String] = []
    /// Whether anything is folded below the block; stored, since templates see nothing that is computed.
    var hasFolds = false
    /// Files of the tables that the page does not show.
    var files: String?
    var source: String?
}

/// One numbered figure.
struct FigureView {
    let anchor: String
    /// `Figure 3`
    let label: String
    /// One plain line that says what is drawn.
    let title: String
    let drawing: String
    /// The author's own words; `nil` where there are none.
    let caption: String?
    /// The figure's data as a table, for the fold.
    let data: String
    /// The figure's data as files.
    let links: String
}

/// One numbered table.
struct TableView {
    let anchor: String
    /// `Table 2`
    let label: String
    let caption: String
    let table: String
    /// The table as files.
    let links: String
}

/// What made the page.
struct ProvenanceView {
    let facts: [FactView]
    /// Digests of inputs and results, as tables in folds.
    let digests: String
}

/// What the index's template may name.
struct IndexView {
    let language = "en"
    let policy: String
    let style: String
    let version: String
    let windowTitle: String
    let title: String
    let subtitle: String
    /// Always `nil`: an index has no author, but its head is that of a report.
    let author: String? = nil
    let summary: String? = nil
    let hasEntries: Bool
    let entries: [EntryView]
}

/// One report of an index.
struct EntryView {
    let address: String
    let title: String
    let summary: String?
    let verdict: VerdictView?
}

/// What became of a report's claims.
struct VerdictView {
    /// `pb-held` or `pb-failed`.
    let state: String
    let text: String
}
