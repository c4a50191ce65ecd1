import Charts
import Notebooks
import Values

/// Which columns of a table become what in a chart.
struct ChartSpecification: Sendable {
    enum Mark: String, CaseIterable, Sendable {
        case line, bar, heatmap, scatter, interval, stem, histogram, strip
    }

    /// The table as messages name it: `sweep.layers`.
    let table: String
    let mark: Mark
    let x: String
    /// The columns of values, a small chart each where there are several; empty for a histogram.
    var ys: [String]
    var color: String?
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

    init(table: String, mark: Mark, x: String, ys: [String]) {
        self.table = table
        self.mark = mark
        self.x = x
        self.ys = ys
    }

    /// The column of values, or the first of several; a histogram's own column.
    var y: String { ys.first ?? x }

    /// The column whose numbers the chart is about.
    private var value: String { mark == .heatmap ? color ?? y : y }

    /// Takes the usual columns of interval ends where the author named none.
    mutating func findIntervals(among columns: [String]) {
        guard lower == nil, [.line, .bar, .interval, .stem].contains(mark) else { return }
        let ends = ["\(y)_lower", "\(y)_upper"]
        let plain = y == "effect" ? ["lower", "upper"] : ends
        let found = [ends, plain].first { $0.allSatisfy(columns.contains) }
        (lower, upper) = (found?[0], found?[1])
    }

    /// The chart of these rows, with the columns it shows as its data.
    func figure(of table: Table, references: [Reference]) throws(ArgumentError) -> Figure {
        var used: [String] = []
        let parts = columnsApart(among: table.columns)
        let columns = parts.flatMap { [$0.y, $0.lower, $0.upper, $0.outerLower, $0.outerUpper] }
        for column in [facet, color, x] + columns {
            if let column, !used.contains(column) { used.append(column) }
        }
        let places = used.compactMap { table.index(of: $0) }
        let data = Table(columns: used, rows: table.rows.map { row in places.map { row[$0] } })
        let across = mark == .heatmap ? "\(words(x)) and \(words(y))" : words(x)
        let all = mark == .heatmap ? words(value) : ys.map(words).joined(separator: " and ")
        let title = title ?? (mark == .histogram ? "Distribution of \(words(x))" : "\(all) by \(across)")
        return Figure(
            name: "chart", title: title.prefix(1).uppercased() + title.dropFirst(),
            description: try description(of: data, all, across), chart: try graphic(data, references), data: data)
    }

    private func description(of data: Table, _ all: String, _ across: String) throws(ArgumentError) -> String {
        let rows = "\(data.rows.count) rows of '\(table)'."
        let lead =
            switch mark {
            case .histogram: "A histogram of \(words(x)), \(rows)"
            case .strip: "Tokens coloured by \(all), \(rows)"
            default: "A \(mark.rawValue) chart of \(all) by \(across), \(rows)"
            }
        var sentences = [lead]
        for column in ys.count > 1 ? ys : [value] {
            let option = mark == .heatmap ? "color" : mark == .histogram ? "x" : "y"
            let finite = try numbers(data, column, option: option).filter(\.isFinite)
            let name = ys.count > 1 ? "Values of \(words(column))" : "Values"
            guard let low = finite.min(), let high = finite.max() else {
                sentences.append(ys.count > 1 ? "\(words(column)) has no values." : "It has no values.")
                continue
            }
            sentences.append("\(name) go from \(Scalar.number(low).text) to \(Scalar.number(high).text).")
        }
        return sentences.joined(separator: " ")
    }

    /// A column's name as an axis says it.
    func words(_ column: String) -> String { column.replacing("_", with: " ") }

    private func graphic(_ data: Table, _ references: [Reference]) throws(ArgumentError) -> any Graphic {
        switch mark {
        case .heatmap: return try HeatmapDrawing(self).chart(of: data)
        case .strip: return try strip(data)
        default: break
        }
        if ys.count > 1 {
            var panels: [SmallMultiples.Panel] = []
            for part in columnsApart(among: data.columns) {
                let chart = try SeriesChart(part, data, references: references).chart(of: data)
                panels.append(SmallMultiples.Panel(words(part.y), chart))
            }
            return SmallMultiples(panels)
        }
        let shared = try SeriesChart(self, data, references: references)
        guard let facet else { return try shared.chart(of: data) }
        return SmallMultiples(try panels(data, facet) { (rows) throws(ArgumentError) in try shared.chart(of: rows) })
    }

    /// A small chart for each value of a column.
    func panels(
        _ data: Table, _ facet: String, _ chart: (Table) throws(ArgumentError) -> any Chart
    ) throws(ArgumentError) -> [SmallMultiples.Panel] {
        var panels: [SmallMultiples.Panel] = []
        for value in distinct(data, facet) {
            panels.append(
                SmallMultiples.Panel(
                    "\(words(facet)): \(Self.text(value))", try chart(rows(data, facet, value))))
        }
        return panels
    }

    /// This specification for each column of values alone; interval ends that are given belong to the first.
    private func columnsApart(among columns: [String]) -> [ChartSpecification] {
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

    /// The rows as tokens, a passage for each value of the colour column.
    private func strip(_ data: Table) throws(ArgumentError) -> TokenStrip {
        let numbers = try numbers(data, y, option: "y")
        let texts = data[column: x] ?? []
        let kinds = color.flatMap { data[column: $0] }
        var passages: [(title: String, tokens: [TokenStrip.Token])] = []
        for (index, number) in numbers.enumerated() {
            let title = kinds.map { Self.text($0[index]) } ?? ""
            if passages.last?.title != title { passages.append((title, [])) }
            let token = TokenStrip.Token(Self.text(texts[index]), value: number.isFinite ? number : nil)
            passages[passages.count - 1].tokens.append(token)
        }
        let least = numbers.filter(\.isFinite).min() ?? 0
        return TokenStrip(
            passages.map { TokenStrip.Passage($0.title, tokens: $0.tokens) }, valueTitle: yLabel ?? words(y),
            scale: least < 0 ? .diverging : .sequential)
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

    static func key(_ scalar: Scalar) -> String {
        if let number = scalar.number { return "n\(number)" }
        if case .string(let text) = scalar { return "s" + text.utf8.map(String.init).joined(separator: ",") }
        return "o\(text(scalar))"
    }

    static func text(_ scalar: Scalar) -> String { scalar.text }
}
