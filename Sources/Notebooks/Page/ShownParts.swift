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

    /// What a block shows by its option `show`: `auto` is what suits the command.
    public init(_ block: EvaluatedBlock) {
        let outcome = block.result.outcome
        switch block.show {
        case .auto:
            switch block.result.command {
            case "models", "pairs": facts = true
            case "table": tables = true
            case "expect": break
            default:
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
