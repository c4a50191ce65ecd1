import Foundation

/// What an axis says and spans.
public struct Axis: Sendable, Equatable, Codable {
    /// How values become places.
    public enum Scale: String, Sendable, CaseIterable, Codable {
        /// Equal differences are equal distances.
        case linear
        /// Equal ratios are equal distances; ticks at powers of ten.
        case log
        /// Equal ratios are equal distances; ticks at powers of two, as for ranks.
        case log2
    }

    /// The quantity with its unit: `effect (nats)`.
    public var title: String
    /// Whether only whole numbers make sense, as for layers.
    public var isWhole: Bool
    /// Whether zero is always in sight.
    public var includesZero: Bool
    /// Values that the axis spans beside what the data need.
    public var domain: ClosedRange<Double>?
    /// How values become places; on a logarithmic axis nothing at or below zero is drawn.
    public var scale: Scale

    /// An axis that spans what the data need.
    public init(
        _ title: String = "", isWhole: Bool = false, includesZero: Bool = false, domain: ClosedRange<Double>? = nil,
        scale: Scale = .linear
    ) {
        self.title = title
        self.isWhole = isWhole
        self.includesZero = includesZero
        self.domain = domain
        self.scale = scale
    }

    /// The same axis with a domain that fits all these values, for charts that share it.
    public func spanning(_ values: [Double]) -> Axis {
        var axis = self
        axis.domain = ticks(over: range(of: values), count: 5).range
        return axis
    }

    /// Whether the axis has a place for a value: one of less than 10^150, and more than 10^−150 where the axis is logarithmic.
    public func shows(_ value: Double) -> Bool { value.isDrawable && (scale == .linear || value > 1e-150) }

    /// The ends of `domain` that the axis has a place for.
    var ends: [Double] { [domain?.lowerBound, domain?.upperBound].compactMap(\.self).filter(shows) }

    /// The ticks of an axis that goes a little beyond its values, or keeps to the range asked for, and the range drawn.
    func ticks(over range: ClosedRange<Double>, count: Int) -> (ticks: Ticks, range: ClosedRange<Double>) {
        if domain != nil || scale != .linear { return (ticks(inside: range, count: count), range) }
        // To the next fifth of a step: no wide empty strip, and no mark on the edge.
        let step = Ticks(in: range, count: count, isWhole: isWhole).step
        let unit = Ticks(in: 0...step, count: 5).step
        let low = ((range.lowerBound / unit + 1e-9).rounded(.down)) * unit
        let high = ((range.upperBound / unit - 1e-9).rounded(.up)) * unit
        let wide = low < high ? low...high : range
        return (Ticks(in: wide, step: step), wide)
    }

    /// The ticks inside a range.
    func ticks(inside range: ClosedRange<Double>, count: Int) -> Ticks {
        switch scale {
        case .linear: Ticks(in: range, count: count, isWhole: isWhole)
        case .log: Ticks(decadesIn: range, count: count)
        case .log2: Ticks(powersOfTwoIn: range, count: count)
        }
    }

    /// The range to draw for these values; never empty, with room where all values are equal, and beyond them where an interval goes on.
    func range(of values: some Sequence<Double>, goesOn: OpenEnds = OpenEnds()) -> ClosedRange<Double> {
        var low = Double.infinity
        var high = -Double.infinity
        for value in ends + values where shows(value) {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return scale == .linear ? 0...1 : 1...10 }
        guard scale == .linear else {
            if high / low < 1 + 1e-9 { (low, high) = (low / 2, high * 2) }
            let ratio = max(1.5, pow(high / low, 0.1))
            return (goesOn.below ? low / ratio : low)...(goesOn.above ? high * ratio : high)
        }
        if includesZero {
            low = min(low, 0)
            high = max(high, 0)
        }
        let size = max(abs(low), abs(high))
        if high - low <= max(size * 1e-9, 1e-140) {
            // All values are nearly equal: half a unit, or a tenth of the value, on both sides.
            let room = isWhole && size < 1e6 ? 0.5 : size < 1e-130 ? 1 : size / 10
            (low, high) = (low - room, high + room)
        }
        let more = (high - low) * 0.08
        return (goesOn.below ? low - more : low)...(goesOn.above ? high + more : high)
    }
}
