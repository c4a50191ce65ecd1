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
    /// Whether names of columns run upwards.
    private let isUpright: Bool
    /// Height of the columns' names in pixels.
    private let nameHeight: Double
    private static let uprightRoom = 110.0

    /// Where the key stands: beside its title, or below it on a narrow drawing.
    private let key: (x: Double, y: Double, width: Double)
    /// Where the key's sample of a missing cell stands; nil where no cell is missing.
    private let missing: (x: Double, y: Double)?
    private static let missingWord = "missing"

    init(_ map: Heatmap, _ heat: HeatScale, hasMissing: Bool, theme: Theme) {
        self.map = map
        self.theme = theme
        let widestRow = (map.rows.map(theme.textWidth).max() ?? 0).rounded(.up)
        nameRoom = min(widestRow, theme.width * 0.35)
        left = nameRoom + 8
        let titleWidth = map.valueTitle.isEmpty ? 0 : theme.textWidth(map.valueTitle) + 20
        let keyWidth = heat.keyWidth(min(200, theme.width * 0.4), theme: theme)
        let sampleWidth = hasMissing ? 40 + theme.textWidth(Self.missingWord) : 0
        let isBeside = titleWidth + keyWidth + sampleWidth <= theme.width
        key = (isBeside ? titleWidth : 0, isBeside ? 2 : theme.lineHeight + 6, keyWidth)
        let keyEnd = key.y + HeatScale.keyHeight(in: theme)
        let fits = key.x + keyWidth + sampleWidth <= theme.width
        missing = hasMissing ? (x: fits ? key.x + keyWidth + 20 : 0, y: fits ? key.y : keyEnd + 4) : nil
        let bottom = max(keyEnd, missing.map { $0.y + theme.fontSize } ?? 0)
        top = bottom + 12 + (map.rowTitle.isEmpty ? 0 : theme.lineHeight + 4)
        let (rows, columns) = (Double(max(1, map.rows.count)), Double(max(1, map.columns.count)))
        // Few rows get tall cells, many rows thin ones; a single cell does not fill the page.
        cell = (
            width: min(80, (theme.width - left - 12) / columns), height: min(24, max(1.25, 440 / rows))
        )
        rowStride = Ticks.stride(theme.lineHeight, pitch: cell.height)
        let widestColumn = map.columns.map(theme.textWidth).max() ?? 0
        // Names that are not numbers are each needed, so they stand upright where they do not fit side by side.
        let areNumbers = map.columns.allSatisfy(Numerals.isNumber)
        isUpright = !areNumbers && min(widestColumn, 120) + 6 > cell.width && cell.width >= 6
        nameHeight = isUpright ? min(widestColumn, Self.uprightRoom) + 4 : theme.lineHeight
        columnStride =
            isUpright
            ? Ticks.stride(theme.fontSize + 1, pitch: cell.width)
            : Ticks.stride(min(widestColumn, 120) + 6, pitch: cell.width)
    }

    var right: Double { x(map.columns.count) }
    var bottom: Double { y(map.rows.count) }
    var height: Double { bottom + 8 + nameHeight + (map.columnTitle.isEmpty ? 2 : theme.lineHeight + 4) }

    func x(_ column: Int) -> Double { left + Double(column) * cell.width }
    func y(_ row: Int) -> Double { top + Double(row) * cell.height }

    /// Whether a text fits into one cell.
    func hasRoom(for text: String) -> Bool {
        theme.textWidth(text) + 2 <= cell.width && theme.fontSize + 2 <= cell.height
    }

    /// Draws names of rows and columns as far as there is room, and the titles of both.
    func drawNames(into drawing: inout Drawing) {
        for row in Swift.stride(from: 0, to: map.rows.count, by: rowStride) {
            let shown = theme.fitted(map.rows[row], into: nameRoom)
            drawing.text(
                shown, x: nameRoom, y: y(row) + cell.height / 2 + theme.fontSize * 0.35, style: "pb-tick",
                anchor: .end)
        }
        for column in Swift.stride(from: 0, to: map.columns.count, by: columnStride) {
            let shown = theme.fitted(map.columns[column], into: isUpright ? Self.uprightRoom : 120)
            let middle = x(column) + cell.width / 2
            drawing.label(
                shown, x: isUpright ? middle + theme.fontSize * 0.35 : middle,
                y: bottom + (isUpright ? 6 : 4 + theme.fontSize), style: "pb-tick",
                anchor: isUpright ? .end : .middle, isUpright: isUpright)
        }
        drawing.text(theme.fitted(map.rowTitle, into: theme.width), x: 0, y: top - 9, style: "pb-axis-title")
        drawing.text(
            theme.fitted(map.columnTitle, into: theme.width), x: (left + right) / 2, y: height - theme.fontSize * 0.4,
            style: "pb-axis-title", anchor: .middle)
    }

    /// Draws the key of colours with its title above the cells.
    func drawKey(_ heat: HeatScale, into drawing: inout Drawing) {
        drawing.text(
            theme.fitted(map.valueTitle, into: theme.width), x: 0, y: theme.fontSize - 1, style: "pb-axis-title")
        heat.drawKey(into: &drawing, x: key.x, y: key.y, width: key.width, theme: theme)
        guard let missing else { return }
        drawing.rectangle(
            x: missing.x, y: missing.y, width: 14, height: 10, fill: "\(theme.idPrefix)-hatch")
        drawing.rectangle("pb-outline", x: missing.x, y: missing.y, width: 14, height: 10)
        drawing.text(Self.missingWord, x: missing.x + 20, y: missing.y + 10, style: "pb-tick")
    }
}
