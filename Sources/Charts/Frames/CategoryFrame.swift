/// The plotting area between an axis of categories and an axis of values; categories stand side by side where their names
/// fit, else below each other.
struct CategoryFrame {
    let theme: Theme
    let categories: Categories
    let value: Scale
    /// Whether values go up and categories stand side by side.
    let isUpright: Bool
    /// Pixels from one category to the next.
    let pitch: Double
    private let axis: Axis
    private let ticks: Ticks
    /// Where the categories begin, in pixels along their axis.
    private let start: Double
    /// The far end of the categories.
    private var end: Double { start + pitch * Double(max(1, categories.names.count)) }
    /// Every how many categories one is named.
    private let stride: Int
    /// Room for the texts on the left, in pixels.
    private let labelRoom: Double
    /// Room for names of lines between the title and the categories that stand below each other.
    private let headroom: Double

    /// - Parameters:
    ///   - top: room above the chart, for a key.
    ///   - references: values of lines that must be in sight.
    init(_ categories: Categories, value axis: Axis, theme: Theme, top: Double, references: [Double] = []) {
        self.theme = theme
        self.categories = categories
        self.axis = axis
        let drawn = categories.series.flatMap(\.estimates).filter { $0.drawable.map(axis.shows) ?? false }
        let intervals = drawn.compactMap(\.interval)
        let extent = axis.range(
            of: drawn.compactMap(\.drawable) + axis.places(of: intervals) + references,
            goesOn: axis.openEnds(of: intervals))
        let count = max(1, categories.names.count)
        let widest = (categories.names.map(theme.textWidth).max() ?? 0).rounded(.up)
        let up = axis.ticks(over: extent, count: theme.valueTicks)
        let tickRoom = min((up.ticks.labels.map(theme.textWidth).max() ?? 0).rounded(.up), theme.width * 0.5)
        let upLeft = tickRoom + 14
        let upPitch = min(categories.names.isEmpty ? theme.width : 90, (theme.width - upLeft - 8) / Double(count))
        isUpright = categories.areNumbers || widest + 10 <= upPitch
        let titleHeight = theme.lineHeight + 14
        if isUpright {
            pitch = upPitch
            headroom = 0
            start = upLeft
            labelRoom = tickRoom
            let plotTop = top + (axis.title.isEmpty ? 8 : titleHeight)
            value = Scale(
                domain: up.range, start: plotTop + theme.plotHeight, end: plotTop,
                isLogarithmic: axis.scale != .linear)
            ticks = up.ticks
            stride = Ticks.stride(widest + 8, pitch: upPitch)
        } else {
            pitch = min(26, max(3, 1200 / Double(count)))
            headroom = Double(references.count) * theme.lineHeight
            start = top + headroom + (categories.title.isEmpty ? 8 : titleHeight)
            labelRoom = min(widest, theme.width * 0.4)
            let span = (labelRoom + 14)...(theme.width - 16)
            let side = axis.ticks(over: extent, count: max(2, Int((span.upperBound - span.lowerBound) / 90)))
            ticks = side.ticks
            value = Scale(
                domain: side.range, start: span.lowerBound, end: span.upperBound,
                isLogarithmic: axis.scale != .linear)
            stride = Ticks.stride(theme.lineHeight, pitch: pitch)
        }
    }

    /// Height of the whole drawing in pixels.
    var height: Double {
        let bottom = isUpright ? value.start : end
        let title = isUpright ? categories.title : axis.title
        return bottom + 8 + theme.lineHeight + (title.isEmpty ? 2 : theme.lineHeight + 4)
    }

    /// The middle of a category, along the axis of categories.
    func middle(_ index: Int) -> Double { start + (Double(index) + 0.5) * pitch }

    /// A place given along the categories and along the values.
    func place(_ along: Double, _ pixel: Double) -> (x: Double, y: Double) {
        isUpright ? (along, pixel) : (pixel, along)
    }

    /// Draws grid, axes, names and titles.
    func drawAxes(into drawing: inout Drawing) {
        if categories.isEmpty {
            let at = place((start + end) / 2, (value.start + value.end) / 2)
            drawing.text("no values to draw", x: at.x, y: at.y, style: "pb-tick", anchor: .middle)
        }
        let zero = !value.isLogarithmic && value.domain.contains(0) ? [0.0] : []
        for tick in ticks.values.filter({ $0 != 0 }) + zero {
            let pixel = value(tick)
            drawing.line(
                tick == 0 ? "pb-zero" : "pb-grid", from: place(start, pixel), to: place(end, pixel))
        }
        for (tick, label) in zip(ticks.values, ticks.labels) {
            if isUpright {
                drawing.label(
                    theme.fitted(label, into: labelRoom), x: start - 8, y: value(tick) + theme.fontSize * 0.35,
                    style: "pb-tick", anchor: .end)
            } else {
                drawing.label(label, x: value(tick), y: end + 6 + theme.fontSize, style: "pb-tick", anchor: .middle)
            }
        }
        for index in Swift.stride(from: 0, to: categories.names.count, by: stride) { drawName(index, into: &drawing) }
        if isUpright {
            drawing.line("pb-axis", from: (start, value.start), to: (end, value.start))
            drawing.text(
                theme.fitted(axis.title, into: theme.width), x: 0, y: value.end - 16, style: "pb-axis-title")
            drawing.text(
                theme.fitted(categories.title, into: theme.width), x: (start + end) / 2,
                y: height - theme.fontSize * 0.4, style: "pb-axis-title",
                anchor: .middle)
        } else {
            drawing.text(
                theme.fitted(categories.title, into: theme.width), x: 0, y: start - headroom - 16,
                style: "pb-axis-title")
            let middle = (value.start + value.end) / 2
            drawing.text(
                theme.fitted(axis.title, into: 2 * (theme.width - middle)), x: middle,
                y: height - theme.fontSize * 0.4, style: "pb-axis-title", anchor: .middle)
        }
    }

    /// Draws lines at values that the data are compared with.
    func drawReferenceLines(_ references: [Reference], into drawing: inout Drawing) {
        for reference in references where isUpright {
            let pixel = value(reference.value)
            drawing.line("pb-reference", from: place(start, pixel), to: place(end, pixel))
        }
    }

    /// Draws the names of such lines, with a halo that keeps the words legible over the data.
    func drawReferenceLabels(_ references: [Reference], into drawing: inout Drawing) {
        let lines = references.map { ($0.label, value($0.value)) }
        if isUpright {
            ReferenceLabels.draw(
                lines, theme: theme, x: (start + 2, end - 2), between: value.end, and: value.start, into: &drawing)
        } else {
            ReferenceLabels.drawUpright(
                lines, theme: theme, x: (0, theme.width), top: start - headroom, bottom: end, into: &drawing)
        }
    }

    /// An interval of values in pixels.
    func drawn(_ ends: Ends) -> DrawnInterval { DrawnInterval(ends, on: axis, value) }

    /// Draws arrowheads where an interval goes on.
    func drawArrows(_ interval: DrawnInterval, _ style: String, along: Double, into drawing: inout Drawing) {
        interval.drawArrows(style, along: along, place, from: value.start, to: value.end, into: &drawing)
    }

    private func drawName(_ index: Int, into drawing: inout Drawing) {
        let name = categories.names[index]
        if isUpright {
            drawing.label(
                name, x: middle(index), y: value.start + 6 + theme.fontSize, style: "pb-tick", anchor: .middle)
        } else {
            let shown = theme.fitted(name, into: labelRoom)
            drawing.label(
                shown, x: labelRoom, y: middle(index) + theme.fontSize * 0.35, style: "pb-tick", anchor: .end)
        }
    }
}
