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
        let kept = columns.filter { !names.contains($0) }
        return kept.count < columns.count ? selecting(kept) : self
    }

    /// The same rows with these columns alone, in this order; names that there is no column of are left out.
    public func selecting(_ names: [String]) -> Table {
        let places = names.compactMap { index(of: $0) }
        return Table(columns: places.map { columns[$0] }, rows: rows.map { row in places.map { row[$0] } })
    }

    /// The place of a column, by name.
    public func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    /// All scalars of one column, top to bottom.
    public subscript(column name: String) -> [Scalar]? {
        index(of: name).map { index in rows.map { $0[index] } }
    }
}
