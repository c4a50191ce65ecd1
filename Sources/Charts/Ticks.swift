/// Round values along an axis, a step of 1, 2 or 5 times a power of ten apart.
struct Ticks: Sendable, Equatable {
    let values: [Double]
    let step: Double

    /// Labels of the values, all with the same number of decimals.
    var labels: [String] { values.map { Numerals.tick($0, step: step) } }

    /// The ticks inside `domain`, about `count` of them and never many more.
    /// - Parameter isWhole: only whole numbers, as on an axis of layers.
    init(in domain: ClosedRange<Double>, count: Int, isWhole: Bool = false) {
        self.init(domain, count: count, isWhole: isWhole, isWidened: false)
    }

    /// The ticks around `domain`: the first is at or below its lower end, the last at or above its upper end.
    init(around domain: ClosedRange<Double>, count: Int, isWhole: Bool = false) {
        self.init(domain, count: count, isWhole: isWhole, isWidened: true)
    }

    private init(_ domain: ClosedRange<Double>, count: Int, isWhole: Bool, isWidened: Bool) {
        let span = domain.upperBound - domain.lowerBound
        precondition(span > 0, "no ticks between \(domain.lowerBound) and \(domain.upperBound)")
        var step = Step(atLeast: span / Double(max(1, count)))
        if isWhole, step.value < 1 { step = Step(mantissa: 1, exponent: 0) }
        let (low, high) = (domain.lowerBound / step.value, domain.upperBound / step.value)
        let first = isWidened ? (low + 1e-9).rounded(.down) : (low - 1e-9).rounded(.up)
        let last = isWidened ? (high - 1e-9).rounded(.up) : (high + 1e-9).rounded(.down)
        var values: [Double] = []
        var index = first
        while index <= last, values.count < 1000 {
            values.append(step.multiple(index))
            index += 1
        }
        self.values = values
        self.step = step.value
    }

    /// The values from the first tick to the last.
    var span: ClosedRange<Double>? {
        guard let first = values.first, let last = values.last, first < last else { return nil }
        return first...last
    }

    /// The smallest of 1, 2, 5, 10, 20… places, `pitch` pixels each, that leaves `size` pixels a label.
    static func stride(_ size: Double, pitch: Double) -> Int {
        precondition(pitch > 0, "places of \(pitch) pixels have no room for labels")
        var decade = 1
        while true {
            for step in [decade, 2 * decade, 5 * decade] where Double(step) * pitch >= size { return step }
            decade *= 10
        }
    }

    /// `mantissa` × 10^`exponent`, kept apart so that multiples are exact where the step itself is not (0.1).
    private struct Step {
        let mantissa: Int
        let exponent: Int

        init(mantissa: Int, exponent: Int) {
            self.mantissa = mantissa
            self.exponent = exponent
        }

        /// The smallest of 1, 2, 5 × 10^k that is at least `rough`.
        init(atLeast rough: Double) {
            var exponent = 0
            var scaled = rough
            while scaled >= 10 {
                scaled /= 10
                exponent += 1
            }
            while scaled < 1 {
                scaled *= 10
                exponent -= 1
            }
            let slack = 1 + 1e-9
            switch scaled {
            case ...slack: (mantissa, self.exponent) = (1, exponent)
            case ...(2 * slack): (mantissa, self.exponent) = (2, exponent)
            case ...(5 * slack): (mantissa, self.exponent) = (5, exponent)
            default: (mantissa, self.exponent) = (1, exponent + 1)
            }
        }

        var value: Double { multiple(1) }

        func multiple(_ index: Double) -> Double {
            let power = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
            let whole = index * Double(mantissa)
            return exponent < 0 ? whole / power : whole * power
        }
    }
}
