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
    var tally: TallyView?
    let hasParameters: Bool
    var parameters: [FactView]
    var parts: [PartView] = []
    var provenance: ProvenanceView?
    var results: String?

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
    var source: String?
}

/// One numbered figure.
struct FigureView {
    let anchor: String
    /// `Figure 3`
    let label: String
    /// The line above the chart; `nil` when the caption says it.
    let plate: String?
    let drawing: String
    let caption: String
    /// The figure's data as a table, for the fold.
    let data: String
}

/// One numbered table.
struct TableView {
    let anchor: String
    /// `Table 2`
    let label: String
    let caption: String
    let table: String
}

/// What made the page.
struct ProvenanceView {
    let facts: [FactView]
    /// Digests of inputs and results, as tables in folds.
    let digests: String
}
