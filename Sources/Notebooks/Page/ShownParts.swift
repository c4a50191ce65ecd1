import Markdown

/// Which parts of a block's outcome a page shows; whatever it asks for, what failed is shown too.
public struct ShownParts: Sendable, Equatable {
    /// Whether the block's values are shown, as names with their values.
    public var facts = false
    /// Names of the figures that are open, in the order of the option `show` or else the outcome's.
    public var figures: [String] = []
    /// Names of the figures that are folded below those.
    public var foldedFigures: [String] = []
    /// Names of the tables that are shown, in the same order.
    public var tables: [String] = []
    /// Whether identities that were checked and held are shown.
    public var checks = true
    /// Whether the block is shown as its author wrote it, folded.
    public var source = true

    /// What a block shows: by its option `show`, or as suits its command.
    public init(_ block: EvaluatedBlock) {
        let outcome = block.result.outcome
        let (allFigures, allTables) = (outcome.figures.map(\.name), outcome.tables.map(\.name))
        switch block.head.show {
        case .main:
            switch block.head.display {
            case .facts: facts = true
            case .factsAndFigures:
                facts = true
                showMain(allFigures)
            case .tables: tables = allTables
            case .claims: break
            case .figures, .authoredFigure:
                showMain(allFigures)
                if allFigures.isEmpty { tables = allTables }
                facts = allFigures.isEmpty && allTables.isEmpty
            }
        case .figures: figures = allFigures
        case .tables: tables = allTables
        case .all:
            facts = true
            figures = allFigures
            tables = allTables
        case .none:
            checks = false
            source = false
        case .parts(let names):
            figures = names.filter(allFigures.contains)
            if names.contains(BlockHead.Show.foldsOthers) {
                foldedFigures = allFigures.filter { !names.contains($0) }
            }
            tables = names.filter { allTables.contains($0) && !allFigures.contains($0) }
        }
    }

    /// A command's first figure is its main one.
    private mutating func showMain(_ names: [String]) {
        figures = Array(names.prefix(1))
        foldedFigures = Array(names.dropFirst())
    }
}

/// What a page shows of a command's outcome when the author does not say.
public enum Display: Sendable, Equatable {
    /// Its figures; its tables, or else its values, where it has none.
    case figures
    /// A figure that the author designed, whose caption is the author's alone.
    case authoredFigure
    /// Its tables; it has no figures.
    case tables
    /// Its values by name; it has no figures.
    case facts
    /// Its values by name, and its figures.
    case factsAndFigures
    /// Its claims, which every page shows; it has neither figures nor tables.
    case claims

    /// Whether a page may show figures, or tables, of a block that asks for this.
    func mayShow(_ kind: CrossReference.Kind, _ show: BlockHead.Show, of outputs: Outputs) -> Bool {
        let hasFigures = [.figures, .authoredFigure, .factsAndFigures].contains(self)
        switch (show, kind) {
        case (.none, _), (.figures, .table), (.tables, .figure): return false
        case (.figures, .figure), (.all, .figure): return hasFigures
        case (.tables, .table), (.all, .table): return self != .claims
        case (.main, .figure): return hasFigures
        case (.main, .table): return self == .figures || self == .authoredFigure || self == .tables
        case (.parts(let names), .figure):
            return names.contains(where: outputs.figures.contains)
                || hasFigures && names.contains(BlockHead.Show.foldsOthers)
        case (.parts(let names), .table):
            return names.contains { outputs.tables.keys.contains($0) && !outputs.figures.contains($0) }
        }
    }
}
