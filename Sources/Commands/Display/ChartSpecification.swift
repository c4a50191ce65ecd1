import Charts
import Notebooks
import Values

/// Which columns of a table become what in a chart.
struct ChartSpecification: Sendable {
    /// The table as messages name it: `sweep.layers`.
    let table: String
    let mark: any Mark.Type
    let x: String
    /// The columns of values, a small chart each where there are several; empty for a histogram.
    var ys: [String]
    var color: String?
    /// The value of `color` that the chart is about; the other series are controls.
    var main: Scalar?
    var facet: String?
    var lower: String?
    var upper: String?
    var outerLower: String?
    var outerUpper: String?
    var isIdentity = false
    var title: String?
    var xLabel: String?
    var yLabel: String?
    var xScale = Axis.Scale.linear
    var yScale = Axis.Scale.linear

    init(table: String, mark: any Mark.Type, x: String, ys: [String]) {
        self.table = table
        self.mark = mark
        self.x = x
        self.ys = ys
    }

    /// The column of values, or the first of several; a histogram's own column.
    var y: String { ys.first ?? x }

    /// The column whose numbers the chart is about.
    var value: String { columns(mark.valueChannel).first ?? y }

    /// The columns of a channel; none for a channel that is not a column.
    func columns(_ channel: Channel) -> [String] {
        switch channel {
        case .x: [x]
        case .y: ys
        case .color: [color].compactMap(\.self)
        case .facet: [facet].compactMap(\.self)
        case .lower: [lower].compactMap(\.self)
        case .upper: [upper].compactMap(\.self)
        case .outerLower: [outerLower].compactMap(\.self)
        case .outerUpper: [outerUpper].compactMap(\.self)
        case .main, .reference, .identity, .xScale, .yScale: []
        }
    }

    /// The channels whose columns hold numbers, each with the scale of its axis.
    var numericChannels: [(channel: Channel, scale: Axis.Scale)] {
        var channels: [(channel: Channel, scale: Axis.Scale)] = []
        if let series = mark as? any SeriesMark.Type {
            if series.isNumericX { channels.append((.x, xScale)) }
            channels += [Channel.y, .lower, .upper, .outerLower, .outerUpper].map { ($0, yScale) }
        } else {
            channels.append((mark.valueChannel, .linear))
        }
        return channels
    }

    /// Takes the usual columns of interval ends where the author named none.
    mutating func findIntervals(among columns: [String]) {
        guard lower == nil, mark.channels[.lower] != nil else { return }
        let ends = ["\(y)_lower", "\(y)_upper"]
        let plain = y == "effect" ? ["lower", "upper"] : ends
        let found = [ends, plain].first { $0.allSatisfy(columns.contains) }
        (lower, upper) = (found?[0], found?[1])
    }

    /// The chart of these rows, with the columns it shows as its data.
    func figure(of rows: NumberedRows, references: [Reference]) throws(ArgumentError) -> Figure {
        try RowChecks(self, rows).check()
        let table = rows.table
        var used: [String] = []
        let columns = partsByValue(among: table.columns).flatMap {
            $0.ys + [$0.lower, $0.upper, $0.outerLower, $0.outerUpper].compactMap(\.self)
        }
        for column in [facet, color, x].compactMap(\.self) + columns where !used.contains(column) {
            used.append(column)
        }
        let data = table.selecting(used)
        let title = title ?? mark.subject(self)
        return Figure(
            name: "chart", title: title.prefix(1).uppercased() + title.dropFirst(), description: description(of: data),
            chart: try mark.graphic(self, data, references), data: data)
    }

    private func description(of data: Table) -> String {
        let rows = data.rows.count == 1 ? "1 row" : "\(Scalar.int(data.rows.count).text) rows"
        var sentences = ["\(mark.lead(self)), \(rows) of '\(table)'."]
        let values = columns(mark.valueChannel)
        for column in values {
            let numbers = data.numbers(column)
            let finite = numbers.filter(\.isFinite)
            let (one, many) = values.count > 1 ? (words(column), "Values of \(words(column))") : ("It", "Values")
            guard let low = finite.min(), let high = finite.max() else {
                sentences.append("\(one) has no values.")
                continue
            }
            sentences.append("\(many) go from \(Scalar.number(low).text) to \(Scalar.number(high).text).")
            let missing = numbers.count - finite.count
            if missing > 0 {
                let rows = missing == 1 ? "1 row has" : "\(Scalar.int(missing).text) rows have"
                sentences.append("\(rows) no value\(values.count > 1 ? " of \(words(column))" : "").")
            }
        }
        return sentences.joined(separator: " ")
    }

    /// A column's name as an axis says it.
    func words(_ column: String) -> String { column.replacing("_", with: " ") }

    /// A chart of all rows, or a small one for each value of the facet's column.
    func faceted(
        _ data: Table, _ chart: (Table) throws(ArgumentError) -> any Chart
    ) throws(ArgumentError) -> any Chart {
        guard let facet else { return try chart(data) }
        var panels: [SmallMultiples.Panel] = []
        for (value, rows) in data.groups(of: facet) {
            panels.append(SmallMultiples.Panel("\(words(facet)): \(value.text)", try chart(rows)))
        }
        return SmallMultiples(panels)
    }

    /// This specification for each column of values alone; interval ends that are given belong to the first.
    func partsByValue(among columns: [String]) -> [ChartSpecification] {
        guard ys.count > 1 else { return [self] }
        return ys.enumerated().map { index, y in
            var part = self
            part.ys = [y]
            // The small chart's title says what its values are.
            part.yLabel = ""
            if index > 0 {
                (part.lower, part.upper, part.outerLower, part.outerUpper) = (nil, nil, nil, nil)
                part.findIntervals(among: columns)
            }
            return part
        }
    }

    /// The error of rows that would be drawn over each other.
    func crowded(_ place: String, split: String) -> ArgumentError {
        ArgumentError(
            option: "data", "several rows of '\(table)' have \(place)", help: "tell them apart by \(split)")
    }
}

extension Table {
    /// A column's numbers; NaN where there is none.
    func numbers(_ column: String) -> [Double] { (self[column: column] ?? []).map { $0.number ?? .nan } }

    /// Whether a column holds integers and gaps alone.
    func isWhole(_ column: String) -> Bool {
        (self[column: column] ?? []).allSatisfy { if case .int = $0 { true } else { $0 == .null } }
    }

    /// The rows of each value of a column, in the order of their first rows, numbers in ascending order.
    func groups(of column: String) -> [(value: Scalar, rows: Table)] {
        guard let place = index(of: column) else { return [] }
        var places: [Scalar.Identity: Int] = [:]
        var groups: [(value: Scalar, rows: [[Scalar]])] = []
        for row in rows {
            let identity = row[place].identity
            if let known = places[identity] {
                groups[known].rows.append(row)
            } else {
                places[identity] = groups.count
                groups.append((row[place], [row]))
            }
        }
        if groups.allSatisfy({ $0.value.number?.isFinite == true }) {
            groups.sort { ($0.value.number ?? 0) < ($1.value.number ?? 0) }
        }
        return groups.map { ($0.value, Table(columns: columns, rows: $0.rows)) }
    }
}
