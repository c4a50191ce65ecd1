import Values

/// Points counted in square cells of a plot: what a scatter of thousands shows, with a key that says so.
struct PointCounts {
    /// Side of a cell in pixels.
    private static let size = 8.0

    private let frame: PlotFrame
    private let total: Int
    /// `[row][column]`, from the top left of the plot.
    private var counts: [[Int]]

    init(_ points: [Point], in frame: PlotFrame) {
        self.frame = frame
        total = points.count
        let columns = max(1, Int(((frame.right - frame.left) / Self.size).rounded(.up)))
        let rows = max(1, Int(((frame.bottom - frame.top) / Self.size).rounded(.up)))
        counts = Array(repeating: Array(repeating: 0, count: columns), count: rows)
        for point in points {
            let column = Int((frame.x(point.x) - frame.left) / Self.size)
            let row = Int((frame.y(point.y) - frame.top) / Self.size)
            counts[min(max(row, 0), rows - 1)][min(max(column, 0), columns - 1)] += 1
        }
    }

    /// Draws the cells, and the key with its top at `y`.
    func draw(into drawing: inout Drawing, keyAt y: Double) {
        let theme = frame.theme
        let most = counts.flatMap(\.self).max() ?? 1
        // From the fourth step on, so that one single point stands out from the page.
        let heat = HeatScale(.sequential, of: [], domain: 1...Double(max(2, most)), first: 4)
        var paths: [String: PathData] = [:]
        for (row, line) in counts.enumerated() {
            for (column, count) in line.enumerated() where count > 0 {
                paths[heat.style(of: Double(count)), default: PathData()].run(column, row, length: 1)
                drawing.read(
                    count == 1 ? "1 point" : "\(String(count)) points",
                    x: frame.left + (Double(column) + 0.5) * Self.size, y: frame.top + (Double(row) + 0.5) * Self.size)
            }
        }
        var cells = Drawing.ofCells
        for (style, path) in paths.sorted(by: { $0.key < $1.key }) { cells.path(style, path.text) }
        drawing.addCells(cells, x: frame.left, y: frame.top, width: Self.size, height: Self.size)
        let width = heat.keyWidth(min(160, theme.width * 0.3), theme: theme)
        let note = theme.fitted("\(Scalar.int(total).text) points, counted in cells", into: theme.width - width - 20)
        drawing.text(note, x: 0, y: y + theme.fontSize - 1, style: "pb-axis-title")
        heat.drawKey(into: &drawing, x: theme.textWidth(note) + 20, y: y + 2, width: width, theme: theme)
    }
}
