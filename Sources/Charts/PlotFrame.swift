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

    /// Edges of the plotting area in pixels.
    var left: Double { x.start }
    var right: Double { x.end }
    var top: Double { y.end }
    var bottom: Double { y.start }

    /// Height of the whole drawing in pixels.
    var height: Double {
        bottom + 8 + theme.lineHeight + (xAxis.title.isEmpty ? 2 : theme.lineHeight + 4)
    }

    /// Lays the axes out.
    /// - Parameters:
    ///   - top: room above the y axis' title, for a legend.
    ///   - rightMargin: room beside the plotting area, for labels.
    ///   - isSquare: the same range on both axes, and a square area.
    init(
        theme: Theme, x xAxis: Axis, _ xRange: ClosedRange<Double>, y yAxis: Axis, _ yRange: ClosedRange<Double>,
        top: Double = 0, rightMargin: Double = 12, isSquare: Bool = false
    ) {
        self.theme = theme
        self.xAxis = xAxis
        self.yAxis = yAxis
        let y = yAxis.ticks(over: yRange, count: max(2, Int(theme.plotHeight / 45)))
        yTicks = y.ticks
        let left = (yTicks.labels.map(theme.textWidth).max() ?? 0).rounded(.up) + 12
        var width = max(60, theme.width - left - rightMargin)
        var height = theme.plotHeight
        let plotTop = top + (yAxis.title.isEmpty ? 8 : theme.lineHeight + 14)
        if isSquare {
            width = min(width, theme.plotHeight * 1.4)
            height = width
            gutter = 0
            xTicks = yTicks
        } else {
            gutter = min(14, (width * 0.03).rounded())
            xTicks = Self.fittingTicks(xRange, width: width, isWhole: xAxis.isWhole, theme: theme)
        }
        self.x = Scale(domain: isSquare ? y.range : xRange, start: left + gutter, end: left + width - gutter)
        self.y = Scale(domain: y.range, start: plotTop + height, end: plotTop)
    }

    /// As many ticks as leave some air between their labels.
    private static func fittingTicks(
        _ range: ClosedRange<Double>, width: Double, isWhole: Bool, theme: Theme
    ) -> Ticks {
        // An axis of few layers labels every one of them.
        let span = range.upperBound - range.lowerBound
        var count = isWhole ? max(1, Int(min(span.rounded(), 30))) : max(2, Int(width / 80))
        while true {
            let ticks = Ticks(in: range, count: count, isWhole: isWhole)
            let widest = ticks.labels.map(theme.textWidth).max() ?? 0
            if count == 1 || Double(ticks.values.count) * (widest + 14) <= width { return ticks }
            count -= 1
        }
    }

    /// Draws what lies behind the data: grid, axis, tick labels and titles.
    /// - Parameter xGrid: grid lines for the x axis too, as in a scatter plot.
    func drawAxes(into drawing: inout Drawing, xGrid: Bool = false) {
        let edge = (left: left - gutter, right: right + gutter)
        for (value, label) in zip(yTicks.values, yTicks.labels) {
            let pixel = y(value)
            drawing.line(value == 0 ? "pb-zero" : "pb-grid", from: (edge.left, pixel), to: (edge.right, pixel))
            drawing.text(
                label, x: edge.left - 8, y: pixel + theme.fontSize * 0.35, style: "pb-tick", anchor: .end)
        }
        if !yTicks.values.contains(0), y.domain.contains(0) {
            drawing.line("pb-zero", from: (edge.left, y(0)), to: (edge.right, y(0)))
        }
        for (value, label) in zip(xTicks.values, xTicks.labels) {
            let pixel = x(value)
            if xGrid {
                drawing.line(value == 0 ? "pb-zero" : "pb-grid", from: (pixel, top), to: (pixel, bottom))
            }
            drawing.line("pb-axis", from: (pixel, bottom), to: (pixel, bottom + 5))
            drawing.text(label, x: pixel, y: bottom + 6 + theme.fontSize, style: "pb-tick", anchor: .middle)
        }
        drawing.line("pb-axis", from: (edge.left, bottom), to: (edge.right, bottom))
        drawing.text(
            theme.fitted(yAxis.title, into: theme.width), x: 0, y: top - 16, style: "pb-axis-title")
        let middle = (edge.left + edge.right) / 2
        drawing.text(
            theme.fitted(xAxis.title, into: 2 * min(middle, theme.width - middle)), x: middle,
            y: bottom + 8 + theme.lineHeight + theme.fontSize, style: "pb-axis-title", anchor: .middle)
    }

    /// A short grey line where there is nothing to draw.
    func drawEmptyNote(into drawing: inout Drawing) {
        drawing.text(
            "no values to draw", x: (left + right) / 2, y: (top + bottom) / 2, style: "pb-tick", anchor: .middle)
    }
}
