import Values

/// How the rows of the same table in two runs belong together.
struct TableRows {
    /// The columns that name a row; none where rows are known by their place alone.
    let keys: [String]
    /// Those of them that do not say the same in every row.
    private let telling: [String]

    /// The shortest run of leading columns, none of them measured, that tells all rows apart in both tables.
    init(_ before: Table, _ after: Table) {
        var keys: [String] = []
        for column in before.columns {
            guard after.index(of: column) != nil, !before.isMeasured(column), !after.isMeasured(column) else { break }
            keys.append(column)
            if Self.areUnique(keys, in: before), Self.areUnique(keys, in: after) {
                self.keys = keys
                telling = keys.count > 1 ? keys.filter { before.varies($0) || after.varies($0) } : keys
                return
            }
        }
        self.keys = []
        telling = []
    }

    private static func areUnique(_ keys: [String], in table: Table) -> Bool {
        let names = table.names(keys)
        return Set(names).count == names.count
    }

    /// The rows of both tables by name: pairs of places, with nil where one has no such row, in the order of the first table.
    func matches(_ before: Table, _ after: Table) -> [(before: Int?, after: Int?)] {
        guard !keys.isEmpty else {
            return (0..<max(before.rows.count, after.rows.count)).map {
                ($0 < before.rows.count ? $0 : nil, $0 < after.rows.count ? $0 : nil)
            }
        }
        let names = (before.names(keys), after.names(keys))
        let later = Dictionary(zip(names.1, names.1.indices)) { first, _ in first }
        let known = Set(names.0)
        var found: [(before: Int?, after: Int?)] = names.0.enumerated().map { ($0, later[$1]) }
        for (place, name) in names.1.enumerated() where !known.contains(name) { found.append((nil, place)) }
        return found
    }

    /// A row in words: `layer 3, direction tuned_to_base`.
    func label(_ row: Int, of table: Table) -> String {
        keys.isEmpty ? "row \(row + 1)" : table.label(row, telling)
    }
}

extension Table {
    /// Each row by these columns.
    fileprivate func names(_ columns: [String]) -> [[Scalar.Identity]] {
        let places = columns.compactMap { index(of: $0) }
        return rows.map { row in places.map { row[$0].identity } }
    }

    /// Whether a column holds a number that was measured, and not only names and counts.
    func isMeasured(_ column: String) -> Bool {
        (self[column: column] ?? []).contains { if case .number = $0 { true } else { false } }
    }

    /// Whether a column says more than one thing.
    func varies(_ column: String) -> Bool { Set((self[column: column] ?? []).map(\.identity)).count > 1 }

    /// Some cells of a row in words: `layer 3, direction tuned_to_base`.
    func label(_ row: Int, _ columns: [String]) -> String {
        columns.compactMap { column -> String? in
            guard let place = index(of: column), rows[row][place] != .null else { return nil }
            return "\(column.replacing("_", with: " ")) \(ValueFormat.plain.format(rows[row][place]))"
        }.joined(separator: ", ")
    }

    /// The columns that hold the ends of another column's interval, by that column's name: `x_lower` and `x_upper` are those of
    /// `x`, and `lower` and `upper` those of the column before them that lies between them.
    var intervals: [String: (lower: String, upper: String)] {
        var found: [String: (lower: String, upper: String)] = [:]
        for column in columns where index(of: column + "_lower") != nil && index(of: column + "_upper") != nil {
            found[column] = (column + "_lower", column + "_upper")
        }
        guard let lower = index(of: "lower"), let upper = index(of: "upper") else { return found }
        var best: (column: String, inside: Int)?
        for place in (0..<lower).reversed() where found[columns[place]] == nil {
            let inside = rows.count { row in
                guard let value = row[place].number, let low = row[lower].number, let high = row[upper].number else {
                    return false
                }
                return low <= value && value <= high
            }
            if isMeasured(columns[place]), inside > best?.inside ?? -1 { best = (columns[place], inside) }
        }
        if let best { found[best.column] = ("lower", "upper") }
        return found
    }

    /// The cells of a row as readings by column; the ends of an interval belong to its value.
    func readings(
        _ row: Int, _ columns: [String], _ intervals: [String: (lower: String, upper: String)]
    ) -> [NamedReading] {
        let ends = Set(intervals.values.flatMap { [$0.lower, $0.upper] })
        func cell(_ column: String) -> Scalar? { index(of: column).map { rows[row][$0] } }
        return columns.filter { !ends.contains($0) }.compactMap { column in
            guard let value = cell(column) else { return nil }
            let own = intervals[column]
            return (
                column, Reading(value, lower: own.flatMap { cell($0.lower) }, upper: own.flatMap { cell($0.upper) })
            )
        }
    }
}
