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

/// Rows by the values of their columns: `where: {direction: tuned_to_base, layer: [4, 5, 6]}`.
struct RowFilter: Sendable {
    /// One column with the values it may have.
    private struct Condition: Sendable {
        let column: String
        let values: [Scalar]
    }

    private let conditions: [Condition]
    private let table: String

    static let option = Option.yaml(
        "where", type: "a mapping from columns to a value or a list of values",
        help: "keep the rows whose columns have these values, such as {control: none, layer: [4, 5]}"
    ).naming(.columns).optional

    /// Reads the conditions, and notes each that the table cannot meet.
    init(_ value: YAMLValue?, of names: ColumnNames, _ problems: inout ArgumentProblems) {
        table = names.table
        var conditions: [Condition] = []
        if let value, value.mapping == nil {
            problems.add("where", "'where' takes a mapping from columns to values, not \(value.inWords)")
        }
        for entry in value?.mapping ?? [] {
            names.check(entry.key, option: "where", at: entry.keyLocation, &problems)
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
            throw ArgumentError(
                option: "where", "'where' keeps none of the \(table.rows.count) rows of '\(self.table)'")
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
