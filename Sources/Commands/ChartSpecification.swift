import Charts
import Notebooks

/// Which columns of a table become what in a chart.
struct ChartSpecification: Sendable {
    enum Mark: String, CaseIterable, Sendable {
        case line, bar, heatmap, scatter, interval
    }

    /// The table as messages name it: `sweep.layers`.
    let table: String
    let mark: Mark
    let x: String
    let y: String
    var color: String?
    var facet: String?
    var lower: String?
    var upper: String?
    var isIdentity = false
    var title: String?
    var xLabel: String?
    var yLabel: String?

    init(table: String, mark: Mark, x: String, y: String) {
        self.table = table
        self.mark = mark
        self.x = x
        self.y = y
    }

    /// The chart of these rows, with the columns it shows as its data.
    func figure(of table: Table) throws(ArgumentError) -> Figure {
        var used: [String] = []
        for column in [facet, color, x, y, lower, upper].compactMap(\.self) where !used.contains(column) {
            used.append(column)
        }
        let places = used.compactMap { table.index(of: $0) }
        let data = Table(columns: used, rows: table.rows.map { row in places.map { row[$0] } })
        let value = mark == .heatmap ? color ?? y : y
        let numbers = try self.numbers(data, value, option: mark == .heatmap ? "color" : "y")
        let across = mark == .heatmap ? "\(words(x)) and \(words(y))" : words(x)
        let title = title ?? "\(words(value)) by \(across)"
        return Figure(
            name: "chart", title: title.prefix(1).uppercased() + title.dropFirst(),
            description: description(of: numbers, value, rows: table.rows.count, across: across),
            chart: try chart(data), data: data)
    }

    private func description(of numbers: [Double], _ value: String, rows: Int, across: String) -> String {
        let finite = numbers.filter(\.isFinite)
        let lead = "A \(mark.rawValue) chart of \(words(value)) by \(across), \(rows) rows of '\(table)'."
        guard let low = finite.min(), let high = finite.max() else { return "\(lead) It has no values." }
        let plain = ValueFormat.plain
        return "\(lead) Values go from \(plain.format(.number(low))) to \(plain.format(.number(high)))."
    }

    /// A column's name as an axis says it.
    func words(_ column: String) -> String { column.replacing("_", with: " ") }

    private func chart(_ data: Table) throws(ArgumentError) -> any Chart {
        if mark == .heatmap { return try heatmap(data) }
        guard let facet else { return try SeriesChart(self, data).chart(of: data) }
        let shared = try SeriesChart(self, data)
        var panels: [SmallMultiples.Panel] = []
        for value in distinct(data, facet) {
            let rows = rows(data, facet, value)
            panels.append(SmallMultiples.Panel("\(words(facet)): \(Self.text(value))", try shared.chart(of: rows)))
        }
        return SmallMultiples(panels)
    }

    private func heatmap(_ data: Table) throws(ArgumentError) -> any Chart {
        let color = color ?? y
        let (columns, lines) = (distinct(data, x), distinct(data, y))
        var values = [[Double?]](repeating: [Double?](repeating: nil, count: columns.count), count: lines.count)
        let cells = try numbers(data, color, option: "color")
        guard let across = data[column: x], let down = data[column: y] else { return SmallMultiples([]) }
        var filled: Set<[Int]> = []
        for (index, cell) in cells.enumerated() {
            guard let column = columns.firstIndex(where: { RowFilter.isSame($0, across[index]) }),
                let line = lines.firstIndex(where: { RowFilter.isSame($0, down[index]) })
            else { continue }
            guard filled.insert([line, column]).inserted else {
                throw crowded("\(x) \(Self.text(across[index])) and \(y) \(Self.text(down[index]))", split: "'where'")
            }
            values[line][column] = cell.isFinite ? cell : nil
        }
        let finite = cells.filter(\.isFinite)
        let hasBothSigns = (finite.min() ?? 0) < 0
        return Heatmap(
            rowTitle: yLabel ?? words(y), rows: lines.map(Self.text), columnTitle: xLabel ?? words(x),
            columns: columns.map(Self.text), valueTitle: words(color), values: values,
            scale: hasBothSigns ? .diverging : .sequential)
    }

    // MARK: Columns

    /// A column's numbers; NaN where there is none.
    /// - Throws: an error for text, with the row it stands in.
    func numbers(_ data: Table, _ column: String, option: String) throws(ArgumentError) -> [Double] {
        var numbers: [Double] = []
        for (row, cell) in (data[column: column] ?? []).enumerated() {
            switch cell {
            case .int, .number: numbers.append(cell.number ?? .nan)
            case .null: numbers.append(.nan)
            case .bool, .string:
                throw ArgumentError(
                    option: option,
                    "column '\(column)' of '\(table)' must hold numbers here, and its row \(row) holds '\(Self.text(cell))'"
                )
            }
        }
        return numbers
    }

    /// A column's values in the order of their first rows, numbers in ascending order.
    func distinct(_ data: Table, _ column: String) -> [Scalar] {
        var seen: Set<String> = []
        var values: [Scalar] = []
        for cell in data[column: column] ?? [] where seen.insert(Self.key(cell)).inserted { values.append(cell) }
        guard values.allSatisfy({ $0.number?.isFinite == true }) else { return values }
        return values.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
    }

    func rows(_ data: Table, _ column: String, _ value: Scalar) -> Table {
        let place = data.index(of: column)
        return Table(
            columns: data.columns,
            rows: data.rows.filter { row in place.map { RowFilter.isSame(row[$0], value) } ?? false })
    }

    /// The error of rows that would be drawn over each other.
    func crowded(_ place: String, split: String) -> ArgumentError {
        ArgumentError(
            option: "data", "several rows of '\(table)' have \(place)",
            help: "tell them apart by \(split)")
    }

    private static func key(_ scalar: Scalar) -> String {
        if let number = scalar.number { return "n\(number)" }
        if case .string(let text) = scalar { return "s" + text.utf8.map(String.init).joined(separator: ",") }
        return "o\(text(scalar))"
    }

    static func text(_ scalar: Scalar) -> String { ValueFormat.plain.format(scalar) }
}
