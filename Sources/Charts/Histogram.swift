/// How often values fall into bins of one width, against lines such as an observed value beside its null distribution.
public struct Histogram: Chart, Equatable {
    /// Values that belong together.
    public struct Sample: Sendable, Equatable, Codable {
        /// The name in keys.
        public let label: String
        /// How loud it is drawn.
        public let role: Role
        /// The values, in any order; values that are not finite are not counted.
        public let values: [Double]

        /// A sample out of its parts.
        public init(_ label: String, role: Role, values: [Double]) {
            self.label = label
            self.role = role
            self.values = values
        }
    }

    /// The axis that the values lie on.
    public var x: Axis
    /// One set of bars each, all in the same bins.
    public var samples: [Sample]
    /// Upright lines that are not data.
    public var references: [Reference]
    /// What the bars count: `pairs`, `permutations`.
    public var countTitle: String
    /// Whether the chart names its samples itself; not where several charts share a key.
    public var showsKey = true

    /// Bars for these samples; references that the axis has no place for are left out.
    public init(x: Axis, samples: [Sample], references: [Reference] = [], countTitle: String = "count") {
        self.x = x
        self.x.scale = .linear
        self.samples = samples
        self.references = references.filter { $0.value.isDrawable }
        self.countTitle = countTitle
    }

    /// Draws the chart; every colour is left to the style sheet.
    public func draw(in theme: Theme) -> SVG {
        let styles = SeriesStyle.styles(for: samples.map(\.role))
        let legend = legend(in: theme)
        let bins = Bins(of: samples.flatMap { $0.values.filter(x.shows) }, on: x)
        let counts = samples.map { bins.counts(of: $0.values.filter(x.shows)) }
        let y = Axis(countTitle, isWhole: true, includesZero: true)
        var extent = bins.span
        for place in x.ends + references.map(\.value) {
            extent = min(extent.lowerBound, place)...max(extent.upperBound, place)
        }
        let labelHeight = references.isEmpty ? 0 : Double(references.count) * theme.lineHeight
        let frame = PlotFrame(
            theme: theme, x: x, extent, y: y, y.range(of: counts.flatMap { $0.map(Double.init) }),
            top: legend.height, headroom: labelHeight)
        var drawing = Drawing(in: theme)
        legend.draw(into: &drawing, y: 0)
        frame.drawAxes(into: &drawing)
        for index in samples.indices.reversed() {
            draw(counts[index], bins, samples[index], styles[index], in: frame, into: &drawing)
        }
        frame.drawUprightReferences(references, into: &drawing)
        if bins.edges.count < 2 || counts.allSatisfy({ $0.allSatisfy { $0 == 0 } }) {
            frame.drawEmptyNote(into: &drawing)
        }
        return SVG(drawing, width: theme.width, height: frame.height, theme: theme)
    }

    private func draw(
        _ counts: [Int], _ bins: Bins, _ sample: Sample, _ style: SeriesStyle, in frame: PlotFrame,
        into drawing: inout Drawing
    ) {
        let total = counts.reduce(0, +)
        let isAlone = samples.count == 1
        var outline = PathData()
        for (index, count) in counts.enumerated() where count > 0 {
            let (left, right) = (frame.x(bins.edges[index]), frame.x(bins.edges[index + 1]))
            let top = frame.y(Double(count))
            drawing.rectangle(
                "\(isAlone ? "pb-bar" : "pb-band") \(style.className)", x: left + (isAlone ? 0.5 : 0), y: top,
                width: max(0.5, right - left - (isAlone ? 1 : 0)), height: frame.bottom - top)
            drawing.read(
                bins.reading(index) + ": \(String(count)) of \(fixed: String(total))", x: (left + right) / 2, y: top,
                series: isAlone ? "" : sample.label, style: style.className)
        }
        guard !isAlone else { return }
        for (index, count) in counts.enumerated() {
            let (left, right) = (frame.x(bins.edges[index]), frame.x(bins.edges[index + 1]))
            let top = frame.y(Double(count))
            if index == 0 {
                outline.move(left, frame.bottom)
            }
            outline.line(left, top)
            outline.line(right, top)
            if index == counts.count - 1 { outline.line(right, frame.bottom) }
        }
        drawing.path("pb-line \(style.className)", outline.text)
    }
}

extension Histogram: KeyedChart {
    var key: ChartKey { ChartKey(swatch: .block, names: samples.map { .init(label: $0.label, role: $0.role) }) }
}

/// Bins of one round width that hold all values; whole numbers stand in the middle of theirs.
private struct Bins {
    let edges: [Double]
    private let step: Double
    private let isWhole: Bool

    init(of values: [Double], on axis: Axis) {
        isWhole = axis.isWhole
        guard let low = values.min(), let high = values.max() else {
            (edges, step) = ([], 1)
            return
        }
        // About the square root of their count, and never too many for bars of a visible width.
        let wanted = min(40, max(8, Int(Double(values.count).squareRoot())))
        let range = axis.range(of: [low, high])
        let step = Ticks(in: range, count: wanted, isWhole: isWhole).step
        let shift = isWhole ? 0.5 : 0
        let first = ((low + shift) / step + 1e-9).rounded(.down)
        var last = ((high + shift) / step - 1e-9).rounded(.up)
        if last <= first { last = first + 1 }
        var edges: [Double] = []
        for index in 0...Int(min(last - first, 200)) { edges.append((first + Double(index)) * step - shift) }
        self.edges = edges
        self.step = step
    }

    var span: ClosedRange<Double> {
        guard let first = edges.first, let last = edges.last, first < last else { return 0...1 }
        // One bin alone would fill the page.
        return edges.count == 2 ? (first - 3 * step)...(last + 3 * step) : first...last
    }

    /// How many values each bin holds; a value on an edge belongs to the bin above it, the last edge to the last bin.
    func counts(of values: [Double]) -> [Int] {
        guard let first = edges.first, edges.count > 1 else { return [] }
        var counts = [Int](repeating: 0, count: edges.count - 1)
        for value in values {
            let place = Int(((value - first) / step + 1e-9).rounded(.down))
            counts[min(max(place, 0), counts.count - 1)] += 1
        }
        return counts
    }

    func reading(_ index: Int) -> Reading {
        let (low, high) = (edges[index] + (isWhole ? 0.5 : 0), edges[index + 1] - (isWhole ? 0.5 : 0))
        return low == high ? "\(Numerals.reading(low))" : "\(Numerals.reading(low)) to \(Numerals.reading(high))"
    }
}
