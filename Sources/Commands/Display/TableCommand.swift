import Markdown
import Notebooks
import Values

/// `{table}`: rows and columns of a table above, or of one written into the notebook.
public struct TableCommand: Command {
    /// The name in the fence.
    public static let name = "table"
    /// One line of help.
    public static let summary = "Shows a table of a block above, or one written here as CSV."
    /// What a page shows of it.
    public static let display = Display.tables

    static let data = Option.table("data", help: "the table to show, as id.table").optional
    static let csv = Option.string(
        "csv", help: "a table written here, after '|': a line of column names, then one line per row"
    ).optional
    static let path = Option.path(
        "path", help: "a file with a table as CSV: a line of column names, then one line per row"
    ).optional
    static let columns = Option.yaml(
        "columns", type: "a list of columns", help: "show these columns, in this order"
    ).naming(.columns).optional
    static let sort = Option.string(
        "sort", help: "sort the rows by this column; from the greatest down with '-' in front"
    ).naming(.columns).optional
    static let rows = Option.int("rows", in: 1..., help: "show at most this many rows").optional
    static let format = Option.yaml(
        "format", type: "a mapping from columns to formats",
        help: "how to write a column's numbers, such as {recovery: .0%, effect: .2f}"
    ).naming(.columns).optional

    static let headings = Option.yaml(
        "headings", type: "a mapping from columns to texts",
        help: "what to show as a column's heading instead of its name, such as {recovery: share of the gain}"
    ).naming(.columns).optional

    /// Every option, in the order that help lists them.
    public static var options: [OptionDeclaration] {
        data
        csv
        path
        columns
        RowFilter.option
        sort
        rows
        format
        headings
    }

    private let reference: TableReference?
    /// The table that no block produces.
    private let own: Table
    private let file: String?
    private let filter: RowFilter
    private let columns: [String]
    /// The columns that have a format.
    private let formatted: [String]
    private let order: (column: String, isDescending: Bool)?
    private let limit: Int?

    /// Binds the options; columns and formats are checked against the table.
    public init(_ arguments: Arguments) throws(ArgumentError) {
        let reference = try arguments.value(Self.data)
        let names: ColumnNames
        switch (reference, try arguments.value(Self.csv), try arguments.value(Self.path)) {
        case (let reference?, nil, nil):
            (own, file) = (Table(columns: []), nil)
            names = ColumnNames(reference)
        case (nil, let text?, nil):
            do {
                (own, file) = (try CSVReader.table(text, named: "'csv'"), nil)
            } catch {
                throw ArgumentError(
                    option: "csv", error.sentence, help: "'csv' holds the table itself, after '|'; 'path' reads a file")
            }
            names = ColumnNames(table: "csv", columns: own.columns)
        case (nil, nil, let path?):
            (own, file) = (try CSVReader.table(atPath: path, option: "path", in: arguments.project), path)
            names = ColumnNames(table: path, columns: own.columns)
        default:
            let given = ["data", "csv", "path"].filter(arguments.isGiven)
            throw ArgumentError(
                option: given.last ?? "data", "block {table} needs one of 'data', 'csv' and 'path', and only one",
                help: "'data' names a table above, 'csv' holds one, 'path' names a file with one")
        }
        self.reference = reference
        var problems = ArgumentProblems()
        filter = RowFilter(try arguments.value(RowFilter.option), of: names, &problems)
        columns = Self.columns(try arguments.value(Self.columns), of: names, &problems)
        if let text = try arguments.value(Self.sort) {
            let isDescending = text.hasPrefix("-") && !names.columns.contains(text)
            let column = isDescending ? String(text.dropFirst()) : text
            names.check(column, option: "sort", after: isDescending ? "-" : "", &problems)
            order = (column, isDescending)
        } else {
            order = nil
        }
        limit = try arguments.value(Self.rows)
        let format = try arguments.value(Self.format)
        Self.check(format, option: "format", noun: "format", shown: columns, of: names, &problems) { value in
            let format = value.text.flatMap { try? ValueFormat($0) }
            if let format, !format.showsInterval { return nil }
            let problem =
                format == nil
                ? "is not a format" : "shows an interval, and a table has the ends of intervals in columns of their own"
            return ArgumentError(
                option: "format", "\(value.inWords) \(problem)", at: value.location, code: .badFormat,
                help: ValueFormat.columnHelp)
        }
        formatted = format?.mapping?.map(\.key) ?? []
        let headings = try arguments.value(Self.headings)
        Self.check(headings, option: "headings", noun: "text", shown: columns, of: names, &problems) { value in
            guard let text = value.text, !text.isEmpty, !value.isNull else {
                return ArgumentError(option: "headings", "\(value.inWords) is not a text", at: value.location)
            }
            return nil
        }
        try problems.throwIfAny()
    }

    /// The file that the table is read from, by digest.
    public func inputs(_ reader: InputReader) throws -> [Input] {
        guard let file else { return [] }
        return [Input(name: "table file", digest: try reader.digest(ofFiles: [try reader.project.resolve(file)]))]
    }

    /// The block's outputs.
    public var outputs: Outputs { Outputs(tables: ["data": columns]) }

    /// Makes the outcome of the rows that are kept.
    public func run(_ bindings: Bindings) throws -> Outcome {
        let table = try filter.apply(to: reference.map { bindings.table($0) } ?? own).table
        var rows = table.rows
        if let order, let place = table.index(of: order.column) {
            rows = rows.enumerated().sorted { left, right in
                let (a, b) = (left.element[place], right.element[place])
                if Self.precedes(a, b, isDescending: order.isDescending) { return true }
                if Self.precedes(b, a, isDescending: order.isDescending) { return false }
                return left.offset < right.offset
            }.map(\.element)
        }
        let places = columns.compactMap { table.index(of: $0) }
        let shown = rows.prefix(limit ?? rows.count).map { row in places.map { row[$0] } }
        var outcome = Outcome()
        let made = Table(columns: columns, rows: Array(shown))
        outcome.add("data", made)
        for column in formatted {
            let cells = made[column: column]?.filter { $0 != .null } ?? []
            guard !cells.isEmpty, cells.allSatisfy({ $0.number == nil }) else { continue }
            outcome.notes.append("Column '\(column)' has a format and holds no number.")
        }
        return outcome
    }

    /// Numbers before text, nothing last whichever way the rest goes.
    private static func precedes(_ left: Scalar, _ right: Scalar, isDescending: Bool) -> Bool {
        let (leftRank, rightRank) = (rank(left), rank(right))
        if leftRank == 3 || rightRank == 3 { return leftRank < rightRank }
        let (low, high) = isDescending ? (right, left) : (left, right)
        if leftRank != rightRank { return rank(low) < rank(high) }
        switch (low, high) {
        case (.bool(let a), .bool(let b)): return !a && b
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        default: return (low.number ?? 0) < (high.number ?? 0)
        }
    }

    private static func rank(_ scalar: Scalar) -> Int {
        switch scalar {
        case .bool: 0
        case .int: 1
        case .number(let value): value.isFinite ? 1 : 3
        case .string: 2
        case .null: 3
        }
    }

    /// The columns to show; notes each that the table does not have, or that is listed twice.
    private static func columns(
        _ value: YAMLValue?, of names: ColumnNames, _ problems: inout ArgumentProblems
    ) -> [String] {
        guard let value else { return names.columns }
        guard let items = value.sequence, !items.isEmpty else {
            problems.add("columns", "'columns' takes a list of columns, not \(value.inWords)")
            return names.columns
        }
        var columns: [String] = []
        for item in items {
            guard let name = item.text, !columns.contains(name) else {
                let problem = item.text.map { "column '\($0)' is listed twice" } ?? "\(item.inWords) is not a column"
                problems.add(ArgumentError(option: "columns", problem, at: item.location))
                continue
            }
            names.check(name, option: "columns", at: item.location, &problems)
            columns.append(name)
        }
        return columns
    }

    /// Notes what is wrong with a mapping from columns; a report reads it from the block's options.
    /// - Parameters:
    ///   - noun: what the mapping gives each column.
    ///   - problem: what is wrong with one of its values.
    private static func check(
        _ value: YAMLValue?, option: String, noun: String, shown: [String], of names: ColumnNames,
        _ problems: inout ArgumentProblems, problem: (YAMLValue) -> ArgumentError?
    ) {
        guard let value else { return }
        guard let entries = value.mapping else {
            problems.add(option, "'\(option)' takes a mapping from columns to \(noun)s, not \(value.inWords)")
            return
        }
        for entry in entries {
            names.check(entry.key, option: option, at: entry.keyLocation, &problems)
            if names.columns.contains(entry.key), !shown.contains(entry.key) {
                problems.add(
                    ArgumentError(
                        option: option, "column '\(entry.key)' has a \(noun) but is not among 'columns'",
                        at: entry.keyLocation))
            }
            if let found = problem(entry.value) { problems.add(found) }
        }
    }
}
