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
        let domain = domain?.clamped(to: -1e150...1e150)
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

    /// The numbers at the ends of the key, as far as each has half of the drawing's width.
    private func ends(_ theme: Theme) -> (low: String, high: String) {
        let half = Self.steps / 2
        let (left, right) =
            kind == .sequential
            ? (domain.lowerBound, domain.upperBound)
            : (used.lowerBound == half ? 0 : domain.lowerBound, used.upperBound == half ? 0 : domain.upperBound)
        let low = (isClipped && left != 0 ? "≤ " : "") + Numerals.reading(left)
        let high = (isClipped && right != 0 ? "≥ " : "") + Numerals.reading(right)
        let room = (theme.width - 12) / 2
        return (theme.fitted(low, into: room), theme.fitted(high, into: room))
    }

    /// The key's width: at least this, and more where its numbers need it.
    func keyWidth(_ least: Double, theme: Theme) -> Double {
        let (low, high) = ends(theme)
        return max(least, theme.textWidth(low) + theme.textWidth(high) + 12)
    }

    /// The height of a key with its numbers.
    static func keyHeight(in theme: Theme) -> Double { 12 + theme.fontSize + 4 }

    /// Draws the key, `width` pixels wide with its top left at (`x`, `y`), numbers below.
    func drawKey(into drawing: inout Drawing, x: Double, y: Double, width: Double, theme: Theme) {
        let cell = width / Double(used.count)
        var cells = Drawing.ofCells
        for (place, step) in used.enumerated() {
            var run = PathData()
            run.run(place, 0, length: 1)
            cells.path(style(ofStep: step), run.text)
        }
        drawing.addCells(cells, x: x, y: y, width: cell, height: 10)
        drawing.rectangle("pb-outline", x: x, y: y, width: width, height: 10)
        let base = y + 12 + theme.fontSize
        let (low, high) = ends(theme)
        drawing.text(low, x: x, y: base, style: "pb-tick")
        drawing.text(high, x: x + width, y: base, style: "pb-tick", anchor: .end)
        if kind == .diverging, used.count > Self.steps / 2 + 1 {
            drawing.label("0", x: x + width / 2, y: base, style: "pb-tick", anchor: .middle)
        }
    }

    private func style(ofStep step: Int) -> String {
        guard kind == .diverging else { return "pb-heat-s\(step)" }
        let half = Self.steps / 2
        return step == half ? "pb-heat-z" : step < half ? "pb-heat-n\(half - step)" : "pb-heat-p\(step - half)"
    }
}
