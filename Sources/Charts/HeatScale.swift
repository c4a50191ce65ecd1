/// From a value to one of 21 steps of colour, each a class of the style sheet.
struct HeatScale: Equatable {
    private static let steps = 20

    let kind: Heatmap.Scale
    /// The values at the two ends of the colour steps.
    let domain: ClosedRange<Double>
    /// Whether values lie beyond the ends and share the end's colour.
    let isClipped: Bool

    /// A scale for these values; a few far outliers do not wash out the rest, and the legend says so.
    init(_ kind: Heatmap.Scale, of values: [Double]) {
        self.kind = kind
        let values = values.filter(\.isDrawable)
        switch kind {
        case .diverging:
            let sizes = values.map(abs).sorted()
            let largest = sizes.last ?? 0
            let typical = sizes.isEmpty ? 0 : sizes[Int(Double(sizes.count - 1) * 0.98)]
            isClipped = typical > 0 && largest > 2 * typical
            let limit = isClipped ? typical : largest > 0 ? largest : 1
            domain = -limit...limit
        case .sequential:
            isClipped = false
            let (low, high) = (values.min() ?? 0, values.max() ?? 1)
            domain = low < high ? low...high : low...(low + 1)
        }
    }

    /// The class of a value's step: `pb-heat-n10`…`pb-heat-z`…`pb-heat-p10`, or `pb-heat-s0`…`pb-heat-s20`.
    func style(of value: Double) -> String {
        let share = (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        return style(ofStep: Int((min(max(share, 0), 1) * Double(Self.steps)).rounded()))
    }

    /// Draws the key, `width` pixels wide with its top left at (`x`, `y`), numbers below.
    func drawKey(into drawing: inout Drawing, x: Double, y: Double, width: Double, theme: Theme) {
        let cell = width / Double(Self.steps + 1)
        for step in 0...Self.steps {
            drawing.rectangle(
                style(ofStep: step), x: x + Double(step) * cell, y: y, width: cell + 0.2, height: 10)
        }
        drawing.rectangle("pb-outline", x: x, y: y, width: width, height: 10)
        let base = y + 12 + theme.fontSize
        let low = (isClipped ? "≤ " : "") + Numerals.reading(domain.lowerBound, digits: 2)
        let high = (isClipped ? "≥ " : "") + Numerals.reading(domain.upperBound, digits: 2)
        drawing.text(low, x: x, y: base, style: "pb-tick", anchor: kind == .diverging ? .middle : .start)
        drawing.text(high, x: x + width, y: base, style: "pb-tick", anchor: kind == .diverging ? .middle : .end)
        if kind == .diverging { drawing.text("0", x: x + width / 2, y: base, style: "pb-tick", anchor: .middle) }
    }

    private func style(ofStep step: Int) -> String {
        guard kind == .diverging else { return "pb-heat-s\(step)" }
        let half = Self.steps / 2
        return step == half ? "pb-heat-z" : step < half ? "pb-heat-n\(half - step)" : "pb-heat-p\(step - half)"
    }
}
