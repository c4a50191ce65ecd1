/// A grid of values as colours: rows × columns, with a key in numbers; missing cells are hatched.
public struct Heatmap: Chart, Equatable {
    /// Which values the colours span.
    public enum Scale: Sendable, Equatable, Codable {
        /// Both signs, with zero in the middle.
        case diverging
        /// From the least value to the greatest.
        case sequential
    }

    /// What the rows are: `pair`.
    public let rowTitle: String
    /// Names of the rows, top to bottom.
    public let rows: [String]
    /// What the columns are: `layer`.
    public let columnTitle: String
    /// Names of the columns, left to right.
    public let columns: [String]
    /// The quantity in the cells with its unit.
    public let valueTitle: String
    /// `[row][column]`; `nil` where there is no value.
    public let values: [[Double?]]
    /// How values become colours.
    public let scale: Scale

    /// A heatmap of `rows.count` × `columns.count` values.
    public init(
        rowTitle: String, rows: [String], columnTitle: String, columns: [String], valueTitle: String,
        values: [[Double?]], scale: Scale
    ) {
        precondition(values.count == rows.count, "\(values.count) rows of values for \(rows.count) row names")
        for row in values {
            precondition(row.count == columns.count, "\(row.count) values in a row of \(columns.count) columns")
        }
        self.rowTitle = rowTitle
        self.rows = rows
        self.columnTitle = columnTitle
        self.columns = columns
        self.valueTitle = valueTitle
        self.values = values
        self.scale = scale
    }

    /// Above this many cells, cells of one colour become one path and carry no titles.
    private static let titleLimit = 3000
    /// Above this many rows, neighbouring rows share a line.
    private static let rowLimit = 480

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let bundled = self.bundled
        return bundled.grid.drawGrid(in: theme, bundle: bundled.size)
    }

    /// The chart with few enough rows to see: each line is the mean of `size` neighbouring rows.
    private var bundled: (grid: Heatmap, size: Int) {
        guard rows.count > Self.rowLimit else { return (self, 1) }
        let size = (rows.count + Self.rowLimit - 1) / Self.rowLimit
        let starts = Array(stride(from: 0, to: rows.count, by: size))
        let means = starts.map { start in
            columns.indices.map { column in
                let cells = values[start..<min(start + size, rows.count)].compactMap { row in
                    row[column].flatMap { $0.isDrawable ? $0 : nil }
                }
                return cells.isEmpty ? nil : cells.reduce(0, +) / Double(cells.count)
            }
        }
        let grid = Heatmap(
            rowTitle: "\(rowTitle) (each line the mean of \(size))", rows: starts.map { rows[$0] },
            columnTitle: columnTitle, columns: columns, valueTitle: valueTitle, values: means, scale: scale)
        return (grid, size)
    }

    private func drawGrid(in theme: Theme, bundle: Int) -> SVG {
        let heat = HeatScale(scale, of: values.flatMap { $0.compactMap(\.self) })
        let hasMissing = values.contains { $0.contains { $0.map { !$0.isDrawable } ?? true } }
        let frame = HeatmapFrame(self, theme: theme)
        var drawing = Drawing()
        frame.drawKey(heat, hasMissing: hasMissing, into: &drawing)
        frame.drawNames(into: &drawing)
        if hasMissing { drawing.hatch(id: "\(theme.idPrefix)-hatch") }
        if rows.count * columns.count <= Self.titleLimit {
            drawCells(heat, frame, into: &drawing)
        } else {
            drawMerged(heat, frame, into: &drawing)
        }
        if rows.isEmpty || columns.isEmpty {
            drawing.text("no values to draw", x: frame.left, y: frame.top + 14, style: "pb-tick")
        } else {
            drawing.rectangle(
                "pb-outline", x: frame.left, y: frame.top, width: frame.right - frame.left,
                height: frame.bottom - frame.top)
        }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    private func drawCells(_ heat: HeatScale, _ frame: HeatmapFrame, into drawing: inout Drawing) {
        let name = { (title: String, label: String) in title.isEmpty ? label : "\(title) \(label)" }
        for (row, cells) in values.enumerated() {
            for (column, cell) in cells.enumerated() {
                let place = "\(name(rowTitle, rows[row])), \(name(columnTitle, columns[column]))"
                let value = cell.flatMap { $0.isDrawable ? $0 : nil }
                drawing.rectangle(
                    value.map(heat.style) ?? "pb-heat-missing", x: frame.x(column), y: frame.y(row),
                    width: frame.cell.width, height: frame.cell.height,
                    title: "\(place): \(value.map { Numerals.reading($0) } ?? "missing")",
                    fill: value == nil ? "\(frame.theme.idPrefix)-hatch" : nil)
            }
        }
    }

    private func drawMerged(_ heat: HeatScale, _ frame: HeatmapFrame, into drawing: inout Drawing) {
        var paths: [String: PathData] = [:]
        for (row, cells) in values.enumerated() {
            let styles = cells.map { cell in cell.flatMap { $0.isDrawable ? heat.style(of: $0) : nil } }
            var start = 0
            while start < styles.count {
                var end = start + 1
                while end < styles.count, styles[end] == styles[start] { end += 1 }
                let (x, y) = (frame.x(start), frame.y(row))
                let (far, low) = (frame.x(end), frame.y(row + 1))
                if let style = styles[start] {
                    var path = paths[style] ?? PathData()
                    path.box(x, y, far, low)
                    paths[style] = path
                } else {
                    drawing.rectangle(
                        "pb-heat-missing", x: x, y: y, width: far - x, height: low - y,
                        fill: "\(frame.theme.idPrefix)-hatch")
                }
                start = end
            }
        }
        for (style, path) in paths.sorted(by: { $0.key < $1.key }) { drawing.path(style, path.text) }
    }
}
