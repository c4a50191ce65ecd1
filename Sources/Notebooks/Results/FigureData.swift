import JSON
import Values

/// The data of a figure as results carry it: rows of one of its block's tables where they are some, else a table of its own.
enum FigureData {
    /// `{"table": "layers", "columns": […], "rows": [[0, 12]]}`: some columns of the rows from 0 to 11 of that table, all of them
    /// where `columns` and `rows` are left out; or `{"columns": […], "rows": [[…], …]}`.
    static func json(of data: Table, among tables: [Outcome.NamedTable]) -> JSON {
        for named in tables {
            let places = data.columns.compactMap(named.table.index(of:))
            guard places.count == data.columns.count, let runs = runs(of: data, in: named.table, places) else {
                continue
            }
            var members = [JSON.Member("table", .string(named.name))]
            if data.columns != named.table.columns {
                members.append(JSON.Member("columns", .array(data.columns.map { .string($0) })))
            }
            if runs != [0..<named.table.rows.count] {
                members.append(
                    JSON.Member("rows", .array(runs.map { .array([.int($0.lowerBound), .int($0.upperBound)]) })))
            }
            return .object(members)
        }
        return data.json
    }

    /// The rows of a table that hold the data in the data's order, as runs of neighbours; nil where they do not.
    private static func runs(of data: Table, in table: Table, _ places: [Int]) -> [Range<Int>]? {
        var runs: [Range<Int>] = []
        var next = 0
        for row in data.rows {
            while next < table.rows.count, !zip(row, places).allSatisfy({ $0.isWritten(like: table.rows[next][$1]) }) {
                next += 1
            }
            guard next < table.rows.count else { return nil }
            if let last = runs.last, last.upperBound == next {
                runs[runs.count - 1] = last.lowerBound..<next + 1
            } else {
                runs.append(next..<next + 1)
            }
            next += 1
        }
        return runs
    }
}

extension Scalar {
    /// Whether JSON writes both the same way.
    fileprivate func isWritten(like other: Scalar) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            left.bitPattern == right.bitPattern || !left.isFinite && !right.isFinite
        case (.number(let value), .null), (.null, .number(let value)): !value.isFinite
        default: self == other
        }
    }
}
