/// Where a heatmap's cells, names and key lie.
struct HeatmapFrame {
    let theme: Theme
    let map: Heatmap
    let left: Double
    let top: Double
    /// Size of one cell in pixels.
    let cell: (width: Double, height: Double)
    private let rowStride: Int
    private let columnStride: Int
    private let nameRoom: Double

    /// Where the key stands: beside its title, or below it on a narrow drawing.
    private let key: (x: Double, y: Double, width: Double)

    init(_ map: Heatmap, theme: Theme) {
        self.map = map
        self.theme = theme
        let widestRow = (map.rows.map(theme.textWidth).max() ?? 0).rounded(.up)
        nameRoom = min(widestRow, theme.width * 0.35)
        left = nameRoom + 8
        let titleWidth = map.valueTitle.isEmpty ? 0 : theme.textWidth(map.valueTitle) + 36
        let keyWidth = min(200, theme.width * 0.4)
        let isBeside = titleWidth + keyWidth + 130 <= theme.width
        key = (isBeside ? max(titleWidth, 24) : 24, isBeside ? 2 : theme.lineHeight + 6, keyWidth)
        top = key.y + 2 * theme.lineHeight + 14 + (map.rowTitle.isEmpty ? 4 : theme.lineHeight + 10)
        let (rows, columns) = (Double(max(1, map.rows.count)), Double(max(1, map.columns.count)))
        // Few rows get tall cells, many rows thin ones; a single cell does not fill the page.
        cell = (
            width: min(80, (theme.width - left - 12) / columns), height: min(24, max(1.25, 440 / rows))
        )
        rowStride = Ticks.stride(theme.lineHeight, pitch: cell.height)
        let widestColumn = map.columns.map(theme.textWidth).max() ?? 0
        columnStride = Ticks.stride(min(widestColumn, 120) + 6, pitch: cell.width)
    }

    var right: Double { x(map.columns.count) }
    var bottom: Double { y(map.rows.count) }
    var height: Double { bottom + 8 + theme.lineHeight + (map.columnTitle.isEmpty ? 2 : theme.lineHeight + 4) }

    func x(_ column: Int) -> Double { left + Double(column) * cell.width }
    func y(_ row: Int) -> Double { top + Double(row) * cell.height }

    /// Draws names of rows and columns as far as there is room, and the titles of both.
    func drawNames(into drawing: inout Drawing) {
        for row in Swift.stride(from: 0, to: map.rows.count, by: rowStride) {
            let shown = theme.fitted(map.rows[row], into: nameRoom)
            drawing.text(
                shown, x: nameRoom, y: y(row) + cell.height / 2 + theme.fontSize * 0.35, style: "pb-tick",
                anchor: .end, title: shown == map.rows[row] ? nil : map.rows[row])
        }
        for column in Swift.stride(from: 0, to: map.columns.count, by: columnStride) {
            let shown = theme.fitted(map.columns[column], into: 120)
            drawing.text(
                shown, x: x(column) + cell.width / 2, y: bottom + 4 + theme.fontSize, style: "pb-tick",
                anchor: .middle, title: shown == map.columns[column] ? nil : map.columns[column])
        }
        drawing.text(theme.fitted(map.rowTitle, into: theme.width), x: 0, y: top - 14, style: "pb-axis-title")
        let middle = max((left + right) / 2, theme.textWidth(map.columnTitle) / 2)
        drawing.text(
            map.columnTitle, x: middle, y: height - theme.fontSize * 0.4, style: "pb-axis-title", anchor: .middle)
    }

    /// Draws the key of colours with its title above the cells.
    func drawKey(_ heat: HeatScale, hasMissing: Bool, into drawing: inout Drawing) {
        drawing.text(
            theme.fitted(map.valueTitle, into: theme.width), x: 0, y: theme.fontSize - 1, style: "pb-axis-title")
        heat.drawKey(into: &drawing, x: key.x, y: key.y, width: key.width, theme: theme)
        guard hasMissing else { return }
        let x = key.x + key.width + 34
        drawing.rectangle(
            "pb-heat-missing", x: x, y: key.y, width: 14, height: 10, fill: "\(theme.idPrefix)-hatch")
        drawing.rectangle("pb-outline", x: x, y: key.y, width: 14, height: 10)
        drawing.text("missing", x: x + 20, y: key.y + 10, style: "pb-tick")
    }
}
