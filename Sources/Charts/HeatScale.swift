/// From a value to one of 21 steps of colour, each a class of the style sheet.
struct HeatScale: Equatable {
    private static let steps = 20

    let kind: Heatmap.Scale
    /// The values at the two ends of the colour steps.
    let domain: ClosedRange<Double>
    /// Whether values lie beyond the ends and share the end's colour.
    let isClipped: Bool
    /// The steps that values use, which the key shows: one half of a diverging scale where all have one sign.
    private let used: ClosedRange<Int>
    /// The first step of a sequential scale.
    private let first: Int

    /// A scale for these values; a few far outliers do not wash out the rest, and the key says so.
    /// - Parameters:
    ///   - domain: the values at the two ends, for maps that share a scale; what the values need when `nil`.
    ///   - first: the palest step; not 0 where the least value must stand out from the page.
    init(_ kind: Heatmap.Scale, of values: [Double], domain: ClosedRange<Double>? = nil, first: Int = 0) {
        self.kind = kind
        self.first = kind == .diverging ? 0 : first
        let values = values.filter(\.isDrawable)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        switch kind {
        case .diverging:
            let sizes = (values + [domain?.lowerBound, domain?.upperBound].compactMap(\.self)).map(abs).sorted()
            let largest = sizes.last ?? 0
            let typical = sizes.isEmpty || domain != nil ? largest : sizes[Int(Double(sizes.count - 1) * 0.98)]
            isClipped = typical > 0 && largest > 2 * typical
            let limit = isClipped ? typical : largest > 0 ? largest : 1
            self.domain = -limit...limit
            let least = domain?.lowerBound ?? low
            let greatest = domain?.upperBound ?? high
            let half = Self.steps / 2
            used =
                values.isEmpty
                ? 0...Self.steps : least >= 0 ? half...Self.steps : greatest <= 0 ? 0...half : 0...Self.steps
        case .sequential:
            isClipped = false
            // Amounts that begin close to zero begin at zero.
            let start = low > 0 && low < high / 10 ? 0 : low
            self.domain = domain ?? (start < high ? start...high : start...(start + 1))
            used = first...Self.steps
        }
    }

    /// The class of a value's step: `pb-heat-n10`…`pb-heat-z`…`pb-heat-p10`, or `pb-heat-s0`…`pb-heat-s20`.
    func style(of value: Double) -> String { style(ofStep: step(of: value)) }

    private func step(of value: Double) -> Int {
        let span = domain.upperBound - domain.lowerBound
        let share = span > 0 ? min(max((value - domain.lowerBound) / span, 0), 1) : 0
        return first + Int((share * Double(Self.steps - first)).rounded())
    }

    /// Draws the key, `width` pixels wide with its top left at (`x`, `y`), numbers below.
    func drawKey(into drawing: inout Drawing, x: Double, y: Double, width: Double, theme: Theme) {
        let cell = width / Double(used.count)
        for (place, step) in used.enumerated() {
            drawing.rectangle(
                style(ofStep: step), x: x + Double(place) * cell, y: y, width: cell + 0.2, height: 10)
        }
        drawing.rectangle("pb-outline", x: x, y: y, width: width, height: 10)
        let base = y + 12 + theme.fontSize
        let half = Self.steps / 2
        let isWhole = used.count > half + 1 && kind == .diverging
        let (left, right) =
            kind == .sequential
            ? (domain.lowerBound, domain.upperBound)
            : (used.lowerBound == half ? 0 : domain.lowerBound, used.upperBound == half ? 0 : domain.upperBound)
        let low = (isClipped && left != 0 ? "≤ " : "") + Numerals.reading(left)
        let high = (isClipped && right != 0 ? "≥ " : "") + Numerals.reading(right)
        drawing.text(low, x: x, y: base, style: "pb-tick", anchor: isWhole ? .middle : .start)
        drawing.text(high, x: x + width, y: base, style: "pb-tick", anchor: isWhole ? .middle : .end)
        if isWhole { drawing.text("0", x: x + width / 2, y: base, style: "pb-tick", anchor: .middle) }
    }

    private func style(ofStep step: Int) -> String {
        guard kind == .diverging else { return "pb-heat-s\(step)" }
        let half = Self.steps / 2
        return step == half ? "pb-heat-z" : step < half ? "pb-heat-n\(half - step)" : "pb-heat-p\(step - half)"
    }
}
