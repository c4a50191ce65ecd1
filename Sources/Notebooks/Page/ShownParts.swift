import Markdown

/// Which parts of a block's outcome a page shows; whatever it asks for, what failed is shown too.
public struct ShownParts: Sendable, Equatable {
    /// The block's values, as names with their values.
    public var facts = false
    /// Its figures, each with a number.
    public var figures = false
    /// Its tables, each with a number.
    public var tables = false
    /// Identities that were checked and held.
    public var checks = true
    /// The block as its author wrote it, folded.
    public var source = true

    /// What a block shows: by its option `show`, or as suits its command.
    public init(_ block: EvaluatedBlock) {
        let outcome = block.result.outcome
        switch block.head.show {
        case .auto:
            switch block.head.display {
            case .facts: facts = true
            case .factsAndFigures:
                facts = true
                figures = !outcome.figures.isEmpty
            case .tables: tables = true
            case .claims: break
            case .figures, .authoredFigure:
                figures = !outcome.figures.isEmpty
                tables = !figures && !outcome.tables.isEmpty
                facts = !figures && !tables
            }
        case .figures: figures = true
        case .tables: tables = true
        case .all:
            facts = true
            figures = true
            tables = true
        case .none:
            checks = false
            source = false
        }
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
    func mayShow(_ kind: CrossReference.Kind, _ show: BlockHead.Show) -> Bool {
        let hasFigures = [.figures, .authoredFigure, .factsAndFigures].contains(self)
        switch (show, kind) {
        case (.none, _), (.figures, .table), (.tables, .figure): return false
        case (.figures, .figure), (.all, .figure): return hasFigures
        case (.tables, .table), (.all, .table): return self != .claims
        case (.auto, .figure): return hasFigures
        case (.auto, .table): return self == .figures || self == .authoredFigure || self == .tables
        }
    }
}
