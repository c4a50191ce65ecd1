import Charts
import Notebooks
import Values

/// Rows of a table spread over two columns as a heatmap, or as one for each value of a third column on the same colours.
struct HeatmapDrawing {
    private let specification: ChartSpecification

    init(_ specification: ChartSpecification) { self.specification = specification }

    /// The heatmap, or the small ones.
    func chart(of data: Table) throws(ArgumentError) -> any Chart {
        let color = specification.color ?? specification.y
        let finite = try specification.numbers(data, color, option: "color").filter(\.isFinite)
        guard let facet = specification.facet else { return try heatmap(data, color, finite, domain: nil) }
        let domain = finite.min().flatMap { low in finite.max().map { (low > 0 && low < $0 / 10 ? 0 : low)...$0 } }
        return SmallMultiples(
            try specification.panels(data, facet) { (rows) throws(ArgumentError) in
                try heatmap(rows, color, finite, domain: domain)
            })
    }

    private func heatmap(
        _ data: Table, _ color: String, _ all: [Double], domain: ClosedRange<Double>?
    ) throws(ArgumentError) -> Heatmap {
        let (x, y) = (specification.x, specification.y)
        let (columns, lines) = (specification.distinct(data, x), specification.distinct(data, y))
        let columnPlaces = Self.places(columns)
        let linePlaces = Self.places(lines)
        var values = [[Double?]](repeating: [Double?](repeating: nil, count: columns.count), count: lines.count)
        let cells = try specification.numbers(data, color, option: "color")
        let (across, down) = (data[column: x] ?? [], data[column: y] ?? [])
        var filled: Set<[Int]> = []
        for (index, cell) in cells.enumerated() {
            guard let column = columnPlaces[ChartSpecification.key(across[index])],
                let line = linePlaces[ChartSpecification.key(down[index])]
            else { continue }
            guard filled.insert([line, column]).inserted else {
                throw specification.crowded(
                    "\(x) \(ChartSpecification.text(across[index])) and \(y) \(ChartSpecification.text(down[index]))",
                    split: specification.facet == nil ? "'where' or 'facet'" : "'where'")
            }
            values[line][column] = cell.isFinite ? cell : nil
        }
        return Heatmap(
            rowTitle: specification.yLabel ?? specification.words(y), rows: lines.map(ChartSpecification.text),
            columnTitle: specification.xLabel ?? specification.words(x),
            columns: columns.map(ChartSpecification.text), valueTitle: specification.words(color), values: values,
            scale: (all.min() ?? 0) < 0 ? .diverging : .sequential, domain: domain)
    }

    private static func places(_ values: [Scalar]) -> [String: Int] {
        Dictionary(
            values.enumerated().map { (ChartSpecification.key($0.element), $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }
}
