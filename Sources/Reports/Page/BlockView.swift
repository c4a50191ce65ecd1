/// One command block, as its template may name it.
struct BlockView {
    let anchor: String
    let hasFacts: Bool
    let facts: [FactView]
    /// The block's caption where it has neither figure nor table to stand under.
    var lead: String?
    var figures: [FigureView] = []
    /// Figures that are folded below those.
    var more: MoreFiguresView?
    var tables: [TableView] = []
    var hasClaims = false
    var claims: [ClaimView] = []
    var checks: ChecksView?
    var notes: [String] = []
    /// Whether anything is folded below the block; stored, since templates see nothing that is computed.
    var hasFolds = false
    var hasData = false
    /// Tables that the page's results hold and the page does not show.
    var data: [DataView] = []
    var source: String?

    static let fields: [String: TemplateField] = [
        "anchor": .text, "hasFacts": .text, "facts": .view(FactView.fields), "lead": .text,
        "figures": .view(FigureView.fields), "more": .view(MoreFiguresView.fields), "tables": .view(TableView.fields),
        "hasClaims": .text,
        "claims": .view(ClaimView.fields), "checks": .view(ChecksView.fields), "notes": .texts,
        "hasFolds": .text, "hasData": .text, "data": .view(DataView.fields), "source": .text,
    ]
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
    /// Where the page's results hold the data: `sweep.effects`.
    let data: String
    /// The figure's data for the fold, where it is small.
    let grid: GridView?
    /// What of the data the fold does not show, in words.
    let rest: String?

    static let fields: [String: TemplateField] = [
        "anchor": .text, "label": .text, "title": .text, "drawing": .text, "caption": .text, "data": .text,
        "grid": .view(GridView.fields), "rest": .text,
    ]
}

/// Figures that are folded, below a block's main one or in its place.
struct MoreFiguresView {
    /// What the fold is called: by its first figure where the block has no open one, and how many figures it holds.
    let heading: String
    let figures: [FigureView]

    static let fields: [String: TemplateField] = [
        "heading": .text, "figures": .view(FigureView.fields),
    ]
}

/// One numbered table.
struct TableView {
    let anchor: String
    /// `Table 2`
    let label: String
    let caption: String
    /// Where the page's results hold the table: `sweep.layers`.
    let data: String
    let grid: GridView
    /// The rows that are folded; `nil` where all are open.
    let more: MoreRowsView?

    static let fields: [String: TemplateField] = [
        "anchor": .text, "label": .text, "caption": .text, "data": .text, "grid": .view(GridView.fields),
        "more": .view(MoreRowsView.fields),
    ]
}

/// The rows of a table that are folded under the first.
struct MoreRowsView {
    /// How many they are.
    let count: String
    let grid: GridView?
    /// What the page does not show, in words.
    let rest: String?

    static let fields: [String: TemplateField] = ["count": .text, "grid": .view(GridView.fields), "rest": .text]
}

/// A grid of cells.
struct GridView {
    /// What a reader hears on the way in; `nil` where the grid fits every page, so that nobody must be able to scroll it.
    let scroller: String?
    /// How the grid is printed where it is wider than a sheet of paper: a class of the style sheet.
    let print: String?
    /// What is not printed, in words.
    let cut: String?
    let header: [HeaderView]
    /// The cells of each row as HTML: a page has too many of them for a template each.
    let rows: [String]

    static let fields: [String: TemplateField] = [
        "scroller": .text, "print": .text, "cut": .text, "header": .view(HeaderView.fields), "rows": .texts,
    ]
}

/// The head of a column.
struct HeaderView {
    let name: String
    /// Whether the column holds words, which stand on the left.
    let isWords: Bool

    static let fields: [String: TemplateField] = ["name": .text, "isWords": .text]
}

/// A table that the page does not show.
struct DataView {
    /// Where the page's results hold it: `sweep.layers`.
    let data: String
    /// How many rows it has, in words.
    let rows: String
    /// Whether the page's results hold its rows.
    let isHeld: Bool

    static let fields: [String: TemplateField] = ["data": .text, "rows": .text, "isHeld": .text]
}

/// A claim with its verdict.
struct ClaimView {
    /// `claim-3`: claims are counted through the page.
    let anchor: String
    let number: Int
    /// `pb-held` or `pb-failed`.
    let state: String
    let verdict: String
    /// `prediction`, `identity` or `exploratory`.
    let kind: String
    let claim: String
    /// What the claim was judged on.
    let found: String
    /// A number with all its digits; `nil` for anything else.
    let exact: String?
    /// The interval that a difference was judged on, in brackets, or why there is none; `nil` for other claims.
    let ends: String?
    /// The other values that it names.
    let others: [OtherValueView]
    let because: String?

    static let fields: [String: TemplateField] = [
        "anchor": .text, "number": .text, "state": .text, "verdict": .text, "kind": .text, "claim": .text,
        "found": .text, "exact": .text, "ends": .text, "others": .view(OtherValueView.fields), "because": .text,
    ]
}

/// A value that a claim compares with. No field is called as one of the claim's: a section on a missing one would find that.
struct OtherValueView {
    let path: String
    let value: String
    /// A number with all its digits; `nil` for anything else.
    let digits: String?

    static let fields: [String: TemplateField] = ["path": .text, "value": .text, "digits": .text]
}

/// What a block checked of the engine.
struct ChecksView {
    /// What a reader hears on the way in.
    let label: String
    let hasFailed: Bool
    /// How many there are, in words.
    let count: String
    let rows: [CheckView]

    static let fields: [String: TemplateField] = [
        "label": .text, "hasFailed": .text, "count": .text, "rows": .view(CheckView.fields),
    ]
}

/// A check with what was found and how much is allowed.
struct CheckView {
    /// `pb-held` or `pb-failed`.
    let state: String
    let name: String
    let found: String
    let allowed: String
    let verdict: String

    static let fields: [String: TemplateField] = [
        "state": .text, "name": .text, "found": .text, "allowed": .text, "verdict": .text,
    ]
}
