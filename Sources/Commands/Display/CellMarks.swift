import Charts
import Notebooks
import Values

/// Counts of one column's values.
enum HistogramMark: Mark {
    static let (name, noun, plural) = ("histogram", "histogram", "histograms")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .color: .optional, .main: .optional, .facet: .optional, .reference: .optional,
    ]
    static let valueChannel = Channel.x

    static func subject(_ chart: ChartSpecification) -> String { "distribution of \(chart.words(chart.x))" }
    static func lead(_ chart: ChartSpecification) -> String { "A histogram of \(chart.words(chart.x))" }

    static func graphic(
        _ chart: ChartSpecification, _ rows: Table, _ references: [Reference]
    ) throws(ArgumentError) -> any Graphic {
        let keys = SeriesKeys(chart, rows)
        var x = Axis(chart.xLabel ?? chart.words(chart.x), isWhole: rows.isWhole(chart.x))
        if chart.facet != nil { x = x.spanning(rows.numbers(chart.x) + references.map(\.value)) }
        return try chart.faceted(rows) { rows in
            let samples = zip(keys.all.enumerated(), keys.rows(rows)).map { key, rows in
                Histogram.Sample(
                    keys.label(key.element), role: keys.role(key.element, key.offset), values: rows.numbers(chart.x))
            }
            return Histogram(x: x, samples: samples, references: references, countTitle: chart.yLabel ?? "count")
        }
    }
}

/// Rows spread over two columns, the colour of each cell a third; facets share their colours.
enum HeatmapMark: Mark {
    static let (name, noun, plural) = ("heatmap", "heatmap", "heatmaps")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .y: .required("the column from top to bottom"),
        .color: .required("the column of values in its cells"), .facet: .optional,
    ]
    static let valueChannel = Channel.color
    private static let mostCells = 1_000_000

    static func subject(_ chart: ChartSpecification) -> String {
        "\(chart.words(chart.value)) by \(chart.words(chart.x)) and \(chart.words(chart.y))"
    }

    static func graphic(
        _ chart: ChartSpecification, _ rows: Table, _ references: [Reference]
    ) throws(ArgumentError) -> any Graphic {
        let finite = rows.numbers(chart.value).filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        let domain = (low > 0 && low < high / 10 ? 0 : low)...high
        return try chart.faceted(rows) { (rows) throws(ArgumentError) in
            try map(
                chart, rows, scale: low < 0 ? .diverging : .sequential,
                domain: chart.facet == nil || finite.isEmpty ? nil : domain)
        }
    }

    private static func map(
        _ chart: ChartSpecification, _ rows: Table, scale: Heatmap.Scale, domain: ClosedRange<Double>?
    ) throws(ArgumentError) -> Heatmap {
        let columns = rows.groups(of: chart.x).map(\.value)
        let lines = rows.groups(of: chart.y).map(\.value)
        guard columns.count * lines.count <= mostCells else {
            throw ArgumentError(
                option: "mark",
                "a heatmap of \(Scalar.int(lines.count).text) by \(Scalar.int(columns.count).text) cells is too large to draw"
            )
        }
        let (columnPlaces, linePlaces) = (places(columns), places(lines))
        var values = [[Double?]](repeating: [Double?](repeating: nil, count: columns.count), count: lines.count)
        var filled = Set<Int>()
        let cells = rows.numbers(chart.value)
        let (across, down) = (rows[column: chart.x] ?? [], rows[column: chart.y] ?? [])
        for (index, cell) in cells.enumerated() {
            guard let column = columnPlaces[across[index].identity], let line = linePlaces[down[index].identity] else {
                continue
            }
            guard filled.insert(line * columns.count + column).inserted else {
                throw chart.crowded(
                    "\(chart.x) \(across[index].text) and \(chart.y) \(down[index].text)",
                    split: chart.facet == nil ? "'where' or 'facet'" : "'where'")
            }
            values[line][column] = cell.isFinite ? cell : nil
        }
        return Heatmap(
            rowTitle: chart.yLabel ?? chart.words(chart.y), rows: lines.map(\.text),
            columnTitle: chart.xLabel ?? chart.words(chart.x), columns: columns.map(\.text),
            valueTitle: chart.words(chart.value), values: values, scale: scale, domain: domain)
    }

    private static func places(_ values: [Scalar]) -> [Scalar.Identity: Int] {
        Dictionary(
            values.enumerated().map { ($0.element.identity, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Rows as tokens of a text, each on the colour of its value.
enum StripMark: Mark {
    static let (name, noun, plural) = ("strip", "strip", "strips")
    static let channels: [Channel: Channel.Use] = [
        .x: .optional, .y: .required("the column of values"), .color: .optional,
    ]

    static func lead(_ chart: ChartSpecification) -> String { "Tokens coloured by \(chart.words(chart.y))" }

    static func graphic(
        _ chart: ChartSpecification, _ rows: Table, _ references: [Reference]
    ) throws(ArgumentError) -> any Graphic {
        let numbers = rows.numbers(chart.y)
        let texts = rows[column: chart.x] ?? []
        let kinds = chart.color.flatMap { rows[column: $0] }
        var passages: [(title: String, tokens: [TokenStrip.Token])] = []
        for (index, number) in numbers.enumerated() {
            let title = kinds?[index].text ?? ""
            if passages.last?.title != title { passages.append((title, [])) }
            // A token that is a number is a text all the same: its digits must not be rounded.
            let text = if case .string(let text) = texts[index] { text } else { texts[index].text }
            passages[passages.count - 1].tokens.append(
                TokenStrip.Token(text, value: number.isFinite ? number : nil))
        }
        let least = numbers.filter(\.isFinite).min() ?? 0
        return TokenStrip(
            passages.map { TokenStrip.Passage($0.title, tokens: $0.tokens) },
            valueTitle: chart.yLabel ?? chart.words(chart.y), scale: least < 0 ? .diverging : .sequential)
    }
}
