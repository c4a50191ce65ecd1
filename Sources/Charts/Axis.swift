/// What an axis says and spans.
public struct Axis: Sendable, Equatable, Codable {
    /// The quantity with its unit: `effect (nats)`.
    public var title: String
    /// Whether only whole numbers make sense, as for layers.
    public var isWhole: Bool
    /// Whether zero is always in sight.
    public var includesZero: Bool
    /// The values the axis must span; what the data need when `nil`.
    public var domain: ClosedRange<Double>?

    /// An axis that spans what the data need.
    public init(
        _ title: String = "", isWhole: Bool = false, includesZero: Bool = false, domain: ClosedRange<Double>? = nil
    ) {
        self.title = title
        self.isWhole = isWhole
        self.includesZero = includesZero
        self.domain = domain
    }

    /// The same axis with a domain that fits all these values, for charts that share it.
    public func spanning(_ values: [Double]) -> Axis {
        var axis = self
        axis.domain = ticks(over: range(of: values), count: 5).range
        return axis
    }

    /// The ticks of an axis that goes from tick to tick, or keeps to the range asked for, and the range drawn.
    func ticks(over range: ClosedRange<Double>, count: Int) -> (ticks: Ticks, range: ClosedRange<Double>) {
        guard domain == nil else { return (Ticks(in: range, count: count, isWhole: isWhole), range) }
        let ticks = Ticks(around: range, count: count, isWhole: isWhole)
        return (ticks, ticks.span ?? range)
    }

    /// The range to draw for these values; never empty, and with room where all values are equal.
    func range(of values: some Sequence<Double>) -> ClosedRange<Double> {
        if let domain, domain.lowerBound.isDrawable, domain.upperBound.isDrawable,
            domain.lowerBound < domain.upperBound
        {
            return domain
        }
        var low = Double.infinity
        var high = -Double.infinity
        for value in values where value.isDrawable {
            low = min(low, value)
            high = max(high, value)
        }
        guard low <= high else { return 0...1 }
        if includesZero {
            low = min(low, 0)
            high = max(high, 0)
        }
        if high - low <= max(max(abs(low), abs(high)) * 1e-12, 1e-150) {
            // All values are equal: half a unit, or a tenth of the value, on both sides.
            let room = isWhole ? 0.5 : abs(low) < 1e-140 ? 1 : abs(low) / 10
            return (low - room)...(high + room)
        }
        return low...high
    }
}
