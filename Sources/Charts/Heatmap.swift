import Values

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
    /// The values at the ends of the colours, for maps that share them; what the values need when `nil`.
    public let domain: ClosedRange<Double>?

    /// How many decimals of its value each cell prints; it prints none where this is `nil`.
    public let decimals: Int?

    /// A heatmap of `rows.count` × `columns.count` values.
    public init(
        rowTitle: String, rows: [String], columnTitle: String, columns: [String], valueTitle: String,
        values: [[Double?]], scale: Scale, domain: ClosedRange<Double>? = nil, decimals: Int? = nil
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
        self.domain = domain
        self.decimals = decimals
    }

    /// Above this many cells, a reader can point at rows alone.
    private static let readingLimit = 3000
    /// Above this many rows, neighbouring rows share a line.
    private static let rowLimit = 480

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let bundled = self.bundled
        return bundled.drawGrid(in: theme)
    }

    /// The chart with few enough rows to see: each line is the mean of some neighbouring rows, and the rows' title says so.
    private var bundled: Heatmap {
        guard rows.count > Self.rowLimit else { return self }
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
        return Heatmap(
            rowTitle: "\(rowTitle) (each line the mean of \(size))", rows: starts.map { rows[$0] },
            columnTitle: columnTitle, columns: columns, valueTitle: valueTitle, values: means, scale: scale,
            domain: domain, decimals: decimals)
    }

    private func drawGrid(in theme: Theme) -> SVG {
        let heat = HeatScale(scale, of: values.flatMap { $0.compactMap(\.self) }, domain: domain)
        let hasMissing = values.contains { $0.contains { $0.map { !$0.isDrawable } ?? true } }
        let frame = HeatmapFrame(self, heat, hasMissing: hasMissing, theme: theme)
        var drawing = Drawing(in: theme)
        frame.drawKey(heat, into: &drawing)
        let isEmpty = rows.isEmpty || columns.isEmpty
        if !isEmpty { frame.drawNames(into: &drawing) }
        if hasMissing { drawing.hatch(id: "\(theme.idPrefix)-hatch") }
        drawCells(heat, frame, into: &drawing)
        if let decimals { drawValues(heat, frame, decimals: decimals, into: &drawing) }
        if !isEmpty { read(frame, into: &drawing) }
        if isEmpty {
            drawing.text("no values to draw", x: frame.left, y: frame.top + 14, style: "pb-tick")
        } else {
            drawing.rectangle(
                "pb-outline", x: frame.left, y: frame.top, width: frame.right - frame.left,
                height: frame.bottom - frame.top)
        }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    /// Draws neighbours of one colour as one run.
    private func drawCells(_ heat: HeatScale, _ frame: HeatmapFrame, into drawing: inout Drawing) {
        var paths: [String: PathData] = [:]
        for (row, cells) in values.enumerated() {
            let styles = cells.map { cell in cell.flatMap { $0.isDrawable ? heat.style(of: $0) : nil } }
            var start = 0
            while start < styles.count {
                var end = start + 1
                while end < styles.count, styles[end] == styles[start] { end += 1 }
                if let style = styles[start] {
                    paths[style, default: PathData()].run(start, row, length: end - start)
                } else {
                    drawMissing(start, row, end - start, frame, into: &drawing)
                }
                start = end
            }
        }
        var cells = Drawing.ofCells
        for (style, path) in paths.sorted(by: { $0.key < $1.key }) { cells.path(style, path.text) }
        drawing.addCells(
            cells, x: frame.left, y: frame.top, width: frame.cell.width, height: frame.cell.height)
    }

    /// Prints each cell's value in it, as far as there is room.
    private func drawValues(_ heat: HeatScale, _ frame: HeatmapFrame, decimals: Int, into drawing: inout Drawing) {
        let format = ValueFormat(decimals: decimals)
        for (row, line) in values.enumerated() {
            for (column, value) in line.enumerated() {
                guard let value, value.isDrawable else { continue }
                let text = format.format(.number(value))
                guard frame.hasRoom(for: text) else { continue }
                drawing.text(
                    text, x: frame.x(column) + frame.cell.width / 2,
                    y: frame.y(row) + frame.cell.height / 2 + frame.theme.fontSize * 0.35,
                    style: "pb-cell-value \(heat.style(of: value))", anchor: .middle)
            }
        }
    }

    /// Gives each cell's value to who points at it; of many cells each row's least and greatest, since all would outweigh the page.
    private func read(_ frame: HeatmapFrame, into drawing: inout Drawing) {
        guard rows.count * columns.count > Self.readingLimit else {
            drawing.read(
                Readings.Grid(
                    x: frame.left, y: frame.top, width: frame.cell.width, height: frame.cell.height, rowTitle: rowTitle,
                    rows: rows, columnTitle: columnTitle, columns: columns,
                    values: values.flatMap { row in
                        row.map { cell in
                            cell.flatMap { $0.isDrawable ? Numerals.reading($0) : nil } ?? "missing"
                        }
                    }))
            return
        }
        for (row, line) in values.enumerated() {
            let shown = line.enumerated().compactMap { column, value in
                value.flatMap { $0.isDrawable ? (column: column, value: $0) : nil }
            }
            guard let low = shown.min(by: { $0.value < $1.value }), let high = shown.max(by: { $0.value < $1.value })
            else { continue }
            drawing.read(
                "\(fixed: rowTitle.isEmpty ? "" : "\(rowTitle) ")\(rows[row]): \(Numerals.reading(low.value)) (\(columnName(low.column))) to \(Numerals.reading(high.value)) (\(columnName(high.column)))",
                x: (frame.left + frame.right) / 2, y: frame.y(row) + frame.cell.height / 2)
        }
    }

    private func columnName(_ column: Int) -> String {
        columnTitle.isEmpty ? columns[column] : "\(columnTitle) \(columns[column])"
    }

    /// Hatches cells without a value; in pixels, so that the hatching is not stretched.
    private func drawMissing(
        _ column: Int, _ row: Int, _ length: Int, _ frame: HeatmapFrame, into drawing: inout Drawing
    ) {
        drawing.rectangle(
            x: frame.x(column), y: frame.y(row), width: frame.x(column + length) - frame.x(column),
            height: frame.cell.height, fill: "\(frame.theme.idPrefix)-hatch")
    }
}
