import Charts

/// Charts of random data, the same for the same seed.
struct RandomChart {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
        _ = next()
    }

    private mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    mutating func bool() -> Bool { next() % 2 == 0 }

    mutating func share() -> Double { Double(next() >> 11) / Double(1 << 53) }

    /// A number of one of the sizes that make trouble.
    mutating func number() -> Double {
        switch below(12) {
        case 0: Double(below(20))
        case 1: share() * 2 - 1
        case 2: Double(bitPattern: next())
        case 3: pick([0, -0.0, 1, -1, .infinity, -.infinity, .nan, 1e150, -1e150, 9.99e149, 1e-150, 1.1e-150])
        case 4: Double((1 << 53) + below(4))
        case 5: .leastNonzeroMagnitude * Double(below(100))
        case 6: 1e15 + share()
        case 7: 1 + share() * 1e-12
        case 8: (share() - 0.5) * 1e-9
        case 9: share() * 1e6
        case 10: share() * 1e-300
        default: (share() - 0.3) * 100
        }
    }

    /// Numbers of one kind, or of all.
    private mutating func numbers(_ count: Int) -> [Double] {
        switch below(4) {
        case 0: return (0..<count).map { _ in number() }
        case 1:
            let one = number()
            return Array(repeating: one, count: count)
        case 2:
            let (start, size) = (number(), pick([1e-12, 1e-3, 1, 1e3, 1e12]))
            return (0..<count).map { start + Double($0) * size }
        default: return (0..<count).map { _ in (share() - 0.4) * 20 }
        }
    }

    private mutating func end() -> Double? { below(5) == 0 ? nil : number() }

    mutating func text() -> String {
        switch below(9) {
        case 0: ""
        case 1: String(repeating: "a very long name ", count: below(40))
        case 2: String(repeating: "W", count: below(200))
        case 3: "重み付き平均の差"
        case 4: "<&>\"'\u{0}\u{301}"
        case 5: "👩‍👩‍👧‍👦 family"
        case 6: String(below(100_000))
        default: pick(["effect", "layer", "effect on the margin (nats)", "x"])
        }
    }

    private mutating func domain() -> ClosedRange<Double>? {
        let (low, high) = (number(), number())
        return below(6) == 0 && low < high ? low...high : nil
    }

    mutating func axis() -> Axis {
        Axis(
            text(), isWhole: bool(), includesZero: bool(), domain: domain(),
            scale: pick([.linear, .linear, .log, .log2]))
    }

    private mutating func references() -> [Reference] {
        (0..<pick([0, 0, 1, 2, 6])).map { _ in Reference(number(), label: text()) }
    }

    private mutating func role() -> Role { pick([.effect, .second, .other, .control]) }

    private mutating func series() -> [Series] {
        let count = pick([0, 1, 2, 5, 40, 300])
        return (0..<pick([0, 1, 1, 2, 3, 9, 20])).map { _ in
            let (xs, ys) = (numbers(count), numbers(count))
            let points = zip(xs, ys).map { x, y in
                Point(x: x, y: y, lower: end(), upper: end(), label: text(), outerLower: end(), outerUpper: end())
            }
            return Series(text(), role: role(), points: points)
        }
    }

    private mutating func categories() -> Categories {
        let count = pick([0, 1, 2, 7, 40, 400])
        let names = bool() ? (0..<count).map { _ in text() } : (0..<count).map(String.init)
        let series = (0..<pick([0, 1, 1, 2, 3, 12])).map { _ in
            EstimateSeries(
                text(), role: role(), estimates: numbers(count).map { Estimate($0, lower: end(), upper: end()) })
        }
        return Categories(text(), names: names, series: series)
    }

    private mutating func heatmap() -> Heatmap {
        let (rows, columns) = (pick([0, 1, 3, 30, 500]), pick([0, 1, 3, 30, 100]))
        let areNames = bool()
        return Heatmap(
            rowTitle: text(), rows: (0..<rows).map { areNames ? text() : String($0) }, columnTitle: text(),
            columns: (0..<columns).map { areNames ? text() : String($0 * 1000) }, valueTitle: text(),
            values: (0..<rows).map { _ in numbers(columns).map { bool() ? $0 : nil } },
            scale: pick([.diverging, .sequential]), domain: domain())
    }

    private mutating func single() -> any Chart {
        switch below(7) {
        case 0: LineChart(x: axis(), y: axis(), series: series(), references: references())
        case 1: ScatterChart(x: axis(), y: axis(), series: series(), comparesLikeWithLike: bool())
        case 2: BarChart(categories(), value: axis(), references: references())
        case 3: IntervalChart(categories(), value: axis(), references: references())
        case 4: StemChart(categories(), value: axis(), references: references())
        case 5:
            Histogram(
                x: axis(),
                samples: (0..<pick([0, 1, 2, 5])).map { _ in
                    Histogram.Sample(text(), role: role(), values: numbers(pick([0, 1, 20, 500])))
                }, references: references(), countTitle: text())
        default: heatmap()
        }
    }

    /// A chart, alone or as one of several, with the width that it is drawn in.
    mutating func chart() -> (any Chart, width: Double) {
        let width = pick([640.0, 640, 320, 200])
        guard below(8) == 0 else { return (single(), width) }
        return (SmallMultiples((0..<below(7)).map { _ in SmallMultiples.Panel(text(), single()) }), width)
    }
}
