import Values

/// Round values along an axis: a step of 1, 2 or 5 times a power of ten apart, or powers of ten or two.
struct Ticks: Sendable, Equatable {
    let values: [Double]
    /// Labels of the values; on a linear axis all with the same number of decimals.
    let labels: [String]
    /// The distance of neighbours on a linear axis; 0 on a logarithmic one.
    let step: Double

    /// The ticks inside `domain`, about `count` of them and never many more.
    /// - Parameter isWhole: only whole numbers, as on an axis of layers.
    init(in domain: ClosedRange<Double>, count: Int, isWhole: Bool = false) {
        let span = domain.upperBound - domain.lowerBound
        precondition(span > 0 && span.isFinite, "no ticks between \(domain.lowerBound) and \(domain.upperBound)")
        var step = Step(atLeast: span / Double(max(1, count)))
        if isWhole, step.value < 1 { step = Step(mantissa: 1, exponent: 0) }
        self.init(in: domain, step)
    }

    /// The multiples inside `domain` of a step that other ticks have.
    init(in domain: ClosedRange<Double>, step: Double) {
        self.init(in: domain, Step(atLeast: step * (1 - 1e-12)))
    }

    private init(in domain: ClosedRange<Double>, _ step: Step) {
        let (low, high) = (domain.lowerBound / step.value, domain.upperBound / step.value)
        let slack = 1e-9 * min(1, high - low)
        let last = (high + slack).rounded(.down)
        var values: [Double] = []
        var index = (low - slack).rounded(.up)
        while index <= last, values.count < 1000 {
            values.append(step.multiple(index))
            index += 1
        }
        self.values = values
        self.step = step.value
        labels = values.map { Numerals.tick($0, exponent: step.exponent) }
    }

    /// Powers of ten inside a positive `domain`, with 2 and 5 times them where there is room; ticks of a linear axis where it holds
    /// less than two of these.
    init(decadesIn domain: ClosedRange<Double>, count: Int) {
        let powers = (-150...150).filter { exponent in
            let power = Self.power(10, exponent)
            return domain.upperBound >= power * 0.999 && domain.lowerBound <= power * 10
        }
        let decades = max(1, powers.count - 1)
        var found: [(value: Double, label: String)] = []
        let stride = max(1, (decades + count - 1) / max(1, count))
        for exponent in powers where exponent % stride == 0 {
            for multiple in 3 * decades <= count ? [1.0, 2, 5] : [1.0] {
                let value = multiple * Self.power(10, exponent)
                guard domain.lowerBound <= value * (1 + 1e-9), value <= domain.upperBound * (1 + 1e-9) else { continue }
                let isPlain = exponent >= -3 && exponent <= 4
                found.append(
                    (value, isPlain || multiple != 1 ? Numerals.reading(value) : DecimalDigits.powerOfTen(exponent)))
            }
        }
        guard found.count >= 2 else {
            self.init(linearIn: domain, count: count)
            return
        }
        self.init(values: found.map(\.value), labels: found.map(\.label))
    }

    /// Powers of two inside a positive `domain`, every second or third where they are many.
    init(powersOfTwoIn domain: ClosedRange<Double>, count: Int) {
        let powers = (-500...500).filter {
            let value = Self.power(2, $0)
            return domain.lowerBound <= value * (1 + 1e-9) && value <= domain.upperBound * (1 + 1e-9)
        }
        guard powers.count >= 2 else {
            self.init(linearIn: domain, count: count)
            return
        }
        let stride = max(1, (powers.count + count - 1) / max(1, count))
        let values = powers.enumerated().filter { $0.offset % stride == 0 }.map { Self.power(2, $0.element) }
        self.init(values: values, labels: values.map { Numerals.reading($0) })
    }

    /// Ticks of a linear axis inside the domain of a logarithmic one.
    private init(linearIn domain: ClosedRange<Double>, count: Int) {
        let all = Ticks(in: domain, count: min(count, 5))
        let inside = all.values.indices.filter { domain.contains(all.values[$0]) }
        self.init(values: inside.map { all.values[$0] }, labels: inside.map { all.labels[$0] })
    }

    private init(values: [Double], labels: [String]) {
        self.values = values
        self.labels = labels
        step = 0
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        let power = (0..<abs(exponent)).reduce(1.0) { power, _ in power * base }
        return exponent < 0 ? 1 / power : power
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
