/// A table of scalars with named columns; every row is as wide as the columns.
public struct Table: Sendable, Equatable {
    /// Column names, in the order they are shown and written.
    public let columns: [String]
    /// Rows of `columns.count` scalars each.
    public private(set) var rows: [[Scalar]]

    /// A table; each row must hold one scalar per column.
    public init(columns: [String], rows: [[Scalar]] = []) {
        self.columns = columns
        self.rows = []
        for row in rows { append(row) }
    }

    /// Adds one row of `columns.count` scalars.
    public mutating func append(_ row: [Scalar]) {
        precondition(row.count == columns.count, "a row of \(row.count) in a table of \(columns.count) columns")
        rows.append(row)
    }

    /// The same table without some columns.
    public func without(_ names: [String]) -> Table {
        let kept = columns.indices.filter { !names.contains(columns[$0]) }
        guard kept.count < columns.count else { return self }
        return Table(columns: kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } })
    }

    /// The place of a column, by name.
    public func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    /// All scalars of one column, top to bottom.
    public subscript(column name: String) -> [Scalar]? {
        index(of: name).map { index in rows.map { $0[index] } }
    }
}
