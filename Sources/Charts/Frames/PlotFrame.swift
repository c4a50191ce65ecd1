/// The plotting area between two numeric axes, with its ticks, grid and zero lines.
struct PlotFrame {
    let theme: Theme
    let x: Scale
    let y: Scale
    private let xAxis: Axis
    private let yAxis: Axis
    private let xTicks: Ticks
    private let yTicks: Ticks
    /// Room inside the plotting area, left and right of the data.
    private let gutter: Double
    private let headroom: Double
    /// Room for the labels of the y axis.
    private let labelRoom: Double

    /// Edges of the plotting area in pixels.
    var left: Double { x.start }
    var right: Double { x.end }
    var top: Double { y.end }
    var bottom: Double { y.start }

    /// Height of the whole drawing in pixels.
    var height: Double {
        bottom + 8 + theme.lineHeight + (xAxis.title.isEmpty ? 2 : theme.lineHeight + 4)
    }

    /// Whether both axes have a place for a point.
    func shows(_ point: Point) -> Bool { xAxis.shows(point.x) && yAxis.shows(point.y) }

    /// An interval of heights in pixels.
    func drawn(_ ends: Ends) -> DrawnInterval { DrawnInterval(ends, on: yAxis, y) }

    /// Lays the axes out.
    /// - Parameters:
    ///   - top: room above the y axis' title, for a legend.
    ///   - rightMargin: room beside the plotting area, for labels.
    ///   - headroom: room between the y axis' title and the plotting area, for names of upright lines.
    ///   - isSquare: the same range on both axes, and a square area.
    init(
        theme: Theme, x xAxis: Axis, _ xRange: ClosedRange<Double>, y yAxis: Axis, _ yRange: ClosedRange<Double>,
        top: Double = 0, rightMargin: Double = 12, headroom: Double = 0, isSquare: Bool = false
    ) {
        self.theme = theme
        self.xAxis = xAxis
        self.yAxis = yAxis
        let y = yAxis.ticks(over: yRange, count: theme.valueTicks)
        yTicks = y.ticks
        let widest = (yTicks.labels.map(theme.textWidth).max() ?? 0).rounded(.up)
        labelRoom = max(0, min(widest, theme.width - rightMargin - 72))
        let left = labelRoom + 12
        var width = max(60, theme.width - left - rightMargin)
        var height = theme.plotHeight
        self.headroom = headroom
        let plotTop = top + headroom + (yAxis.title.isEmpty ? 8 : theme.lineHeight + 14)
        if isSquare {
            width = min(width, theme.plotHeight * 1.4)
            height = width
            gutter = 0
            xTicks = yTicks
        } else {
            gutter = min(14, (width * 0.03).rounded())
            xTicks = Self.fittingTicks(xAxis, xRange, width: width, theme: theme)
        }
        self.x = Scale(
            domain: isSquare ? y.range : xRange, start: left + gutter, end: left + width - gutter,
            isLogarithmic: xAxis.scale != .linear)
        self.y = Scale(
            domain: y.range, start: plotTop + height, end: plotTop, isLogarithmic: yAxis.scale != .linear)
    }

    /// As many ticks as leave some air between their labels.
    private static func fittingTicks(
        _ axis: Axis, _ range: ClosedRange<Double>, width: Double, theme: Theme
    ) -> Ticks {
        // An axis of few layers labels every one of them.
        let span = range.upperBound - range.lowerBound
        var count =
            axis.isWhole && axis.scale == .linear ? max(1, Int(min(span.rounded(), 30))) : max(3, Int(width / 75))
        if axis.scale == .log2 { count = 16 }
        while true {
            let ticks = axis.ticks(inside: range, count: count)
            let widest = ticks.labels.map(theme.textWidth).max() ?? 0
            if count == 1 || Double(ticks.values.count) * (widest + 14) <= width { return ticks }
            count -= 1
        }
    }

    /// Draws what lies behind the data: grid, axis, tick labels and titles.
    /// - Parameter xGrid: grid lines for the x axis too, as in a scatter plot.
    func drawAxes(into drawing: inout Drawing, xGrid: Bool = false) {
        let edge = (left: left - gutter, right: right + gutter)
        for value in yTicks.values where value != 0 {
            drawing.line("pb-grid", from: (edge.left, y(value)), to: (edge.right, y(value)))
        }
        for value in xTicks.values where xGrid && value != 0 {
            drawing.line("pb-grid", from: (x(value), top), to: (x(value), bottom))
        }
        if !y.isLogarithmic, y.domain.contains(0) {
            drawing.line("pb-zero", from: (edge.left, y(0)), to: (edge.right, y(0)))
        }
        if xGrid, xTicks.values.contains(0) { drawing.line("pb-zero", from: (x(0), top), to: (x(0), bottom)) }
        for value in xTicks.values {
            drawing.line("pb-axis", from: (x(value), bottom), to: (x(value), bottom + 5))
        }
        drawing.line("pb-axis", from: (edge.left, bottom), to: (edge.right, bottom))
        for (value, label) in zip(yTicks.values, yTicks.labels) {
            drawing.label(
                theme.fitted(label, into: labelRoom), x: edge.left - 8, y: y(value) + theme.fontSize * 0.35,
                style: "pb-tick", anchor: .end)
        }
        for (value, label) in zip(xTicks.values, xTicks.labels) {
            drawing.label(label, x: x(value), y: bottom + 6 + theme.fontSize, style: "pb-tick", anchor: .middle)
        }
        drawing.text(
            theme.fitted(yAxis.title, into: theme.width), x: 0, y: top - headroom - 16, style: "pb-axis-title")
        let middle = (edge.left + edge.right) / 2
        drawing.text(
            theme.fitted(xAxis.title, into: 2 * min(middle, theme.width - middle)), x: middle,
            y: bottom + 8 + theme.lineHeight + theme.fontSize, style: "pb-axis-title", anchor: .middle)
    }

    /// Draws lines at heights that the data are compared with; their labels come later, over the data.
    func drawReferenceLines(_ references: [Reference], into drawing: inout Drawing) {
        for reference in references {
            let pixel = y(reference.value)
            drawing.line("pb-reference", from: (left - gutter, pixel), to: (right + gutter, pixel))
        }
    }

    /// Draws the names of such lines, with a halo that keeps the words legible over the data.
    func drawReferenceLabels(_ references: [Reference], into drawing: inout Drawing) {
        let edge = (left: left - gutter + 2, right: right + gutter - 2)
        ReferenceLabels.draw(
            references.map { ($0.label, y($0.value)) }, theme: theme, x: edge, between: top, and: bottom, into: &drawing
        )
    }

    /// Draws upright lines that the data are compared with, their names in the headroom, one below the other.
    func drawUprightReferences(_ references: [Reference], into drawing: inout Drawing) {
        ReferenceLabels.drawUpright(
            references.map { ($0.label, x($0.value)) }, theme: theme, x: (left, right), top: top - headroom,
            bottom: bottom, into: &drawing)
    }

    /// A short grey line where there is nothing to draw.
    func drawEmptyNote(into drawing: inout Drawing) {
        let note = theme.fitted("no values to draw", into: theme.width - left - 4)
        let middle = max((left + right) / 2, left + theme.textWidth(note) / 2 + 2)
        drawing.text(note, x: middle, y: (top + bottom) / 2, style: "pb-tick", anchor: .middle)
    }
}
