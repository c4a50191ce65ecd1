import Markdown
import Notebooks
import Values

/// Names of a table's columns, checked when a block is bound.
struct ColumnNames: Sendable {
    /// The table as messages name it: `sweep.layers`.
    let table: String
    let columns: [String]

    init(_ reference: TableReference) {
        table = "\(reference.block).\(reference.table)"
        columns = reference.columns
    }

    init(table: String, columns: [String]) {
        self.table = table
        self.columns = columns
    }

    /// Notes a problem when there is no column of this name.
    /// - Parameter sign: what stands in front of the name.
    func check(
        _ name: String, option: String, at location: SourceLocation? = nil, after sign: String = "",
        _ problems: inout ArgumentProblems
    ) {
        guard !columns.contains(name) else { return }
        problems.add(
            ArgumentError(
                option: option, "table '\(table)' has no column '\(name)'", at: location,
                replacements: Suggestion.closest(to: name, among: columns).map { sign + $0 },
                help: "its columns are " + columns.map { "'\($0)'" }.joined(separator: ", ")))
    }
}

/// Values that some columns may have: `where: {direction: tuned_to_base, layer: [4, 5, 6]}`.
struct RowConditions: Sendable {
    /// One column with the values it may have.
    struct Condition: Sendable {
        let column: String
        let values: [Scalar]
    }

    let conditions: [Condition]

    static let option = Option.yaml(
        "where", type: "a mapping from columns to a value or a list of values",
        help: "keep the rows whose columns have these values, such as {control: none, layer: [4, 5]}"
    ).naming(.columns).optional

    /// Reads the conditions, and notes what is none.
    init(_ value: YAMLValue?, _ problems: inout ArgumentProblems) {
        if let value, value.mapping == nil {
            problems.add("where", "'where' takes a mapping from columns to values, not \(value.inWords)")
        }
        var conditions: [Condition] = []
        for entry in value?.mapping ?? [] {
            var values: [Scalar] = []
            for item in entry.value.sequence ?? [entry.value] {
                guard let scalar = item.scalar else {
                    problems.add(
                        ArgumentError(
                            option: "where", "column '\(entry.key)' is compared with values, not with \(item.inWords)",
                            at: item.location))
                    continue
                }
                values.append(scalar)
            }
            conditions.append(Condition(column: entry.key, values: values))
        }
        self.conditions = conditions
    }
}

extension RowConditions.Condition {
    /// Most values that a message lists.
    private static let most = 6

    /// What a column holds that has none of the values, and what may have been meant; nil where it has one of them.
    func miss(among cells: [Scalar]) -> (words: String, help: String?)? {
        guard !cells.contains(where: { cell in values.contains { $0.isSame(as: cell) } }) else { return nil }
        var seen: Set<Scalar.Identity> = []
        let held = cells.filter { seen.insert($0.identity).inserted }
        let shown = held.count > Self.most ? held.prefix(Self.most - 1) : held[...]
        let more = held.count > shown.count ? " and \(held.count - shown.count) more" : ""
        let words = "column '\(column)' has " + shown.map(Self.words).joined(separator: ", ") + more
        for value in values {
            if let cell = held.first(where: { Self.withoutQuotes($0).isSame(as: Self.withoutQuotes(value)) }) {
                let isText = value.kind == .text
                return (words, "column '\(column)' has \(Self.words(cell)) \(isText ? "without" : "in") quotes")
            }
        }
        let texts = held.compactMap { if case .string(let text) = $0 { text } else { nil } }
        let close = values.flatMap { Suggestion.closest(to: $0.plainText, among: texts) }
        return (words, Suggestion.question(Array(close.prefix(3))))
    }

    private static func words(_ value: Scalar) -> String {
        if case .string(let text) = value { "'\(text.shortened)'" } else { value.plainText }
    }

    /// What a text would be without quotes.
    private static func withoutQuotes(_ value: Scalar) -> Scalar {
        guard case .string(let text) = value else { return value }
        return YAMLValue(.scalar(text, isPlain: true), at: SourceLocation(line: 1, column: 1)).scalar ?? value
    }
}

/// The rows of a table that meet conditions.
struct RowFilter: Sendable {
    private let conditions: [RowConditions.Condition]
    private let table: String

    static let option = RowConditions.option

    /// Reads the conditions, and notes each that the table cannot meet.
    init(_ value: YAMLValue?, of names: ColumnNames, _ problems: inout ArgumentProblems) {
        table = names.table
        for entry in value?.mapping ?? [] {
            names.check(entry.key, option: "where", at: entry.keyLocation, &problems)
        }
        conditions = RowConditions(value, &problems).conditions
    }

    /// The rows that every condition holds for.
    /// - Throws: an error when none is left of a table that has some.
    func apply(to table: Table) throws(ArgumentError) -> NumberedRows {
        let places = conditions.map { table.index(of: $0.column) }
        let kept = table.rows.indices.filter { row in
            zip(conditions, places).allSatisfy { condition, place in
                guard let place else { return false }
                return condition.values.contains { $0.isSame(as: table.rows[row][place]) }
            }
        }
        if kept.isEmpty, !table.rows.isEmpty {
            let missed = conditions.compactMap { $0.miss(among: table[column: $0.column] ?? []) }
            let rows =
                table.rows.count == 1 ? "does not keep the one row" : "keeps none of the \(table.rows.count) rows"
            throw ArgumentError(
                option: "where",
                "'where' \(rows) of '\(self.table)': "
                    + (missed.isEmpty ? "no row meets all conditions" : missed.map(\.words).joined(separator: "; ")),
                help: missed.compactMap(\.help).first)
        }
        return NumberedRows(
            table: Table(columns: table.columns, rows: kept.map { table.rows[$0] }), numbers: kept.map { $0 + 1 })
    }
}

/// Rows of a table with the numbers that they have in it, from 1.
struct NumberedRows: Sendable {
    let table: Table
    let numbers: [Int]
}
