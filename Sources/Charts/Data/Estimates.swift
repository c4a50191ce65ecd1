/// One value with its interval; missing where `value` is.
public struct Estimate: Sendable, Equatable, Codable {
    /// The estimate itself.
    public let value: Double?
    /// Lower end of the interval.
    public let lower: Double?
    /// Upper end of the interval.
    public let upper: Double?

    /// An estimate; the interval is drawn where both its ends are there.
    public init(_ value: Double?, lower: Double? = nil, upper: Double? = nil) {
        self.value = value
        self.lower = lower
        self.upper = upper
    }

    /// The value, where it can be drawn.
    var drawable: Double? { value.flatMap { $0.isDrawable ? $0 : nil } }

    /// The interval, where both its ends are numbers; an infinite end is open.
    var interval: Ends? {
        guard let lower, let upper, !lower.isNaN, !upper.isNaN else { return nil }
        return (min(lower, upper), max(lower, upper))
    }

    /// The estimate in words: `0.12 (0.1 to 0.15)`.
    var reading: Reading {
        let text: Reading = "\(Numerals.reading(value))"
        guard let interval else { return text }
        return text + " (\(Numerals.reading(end: interval.lower)) to \(Numerals.reading(end: interval.upper)))"
    }
}

/// One estimate for every category of a chart.
public struct EstimateSeries: Sendable, Equatable, Codable {
    /// The name in keys.
    public let label: String
    /// How loud it is drawn.
    public let role: Role
    /// `[category]`
    public let estimates: [Estimate]

    /// A series out of its parts.
    public init(_ label: String, role: Role, estimates: [Estimate]) {
        self.label = label
        self.role = role
        self.estimates = estimates
    }
}

/// Named categories in order, with the series measured on them.
public struct Categories: Sendable, Equatable, Codable {
    /// The quantity the categories are values of: `layer`.
    public let title: String
    /// One name a category.
    public let names: [String]
    /// What was measured, one estimate a category.
    public let series: [EstimateSeries]

    /// Each series must hold one estimate per name.
    public init(_ title: String, names: [String], series: [EstimateSeries]) {
        for one in series {
            precondition(
                one.estimates.count == names.count,
                "series '\(one.label)' has \(one.estimates.count) estimates for \(names.count) categories")
        }
        self.title = title
        self.names = names
        self.series = series
    }

    /// Whether every name is a number, so that a reader can do with every fifth label.
    var areNumbers: Bool { names.allSatisfy(Numerals.isNumber) }

    /// Whether anything can be drawn.
    var isEmpty: Bool { !series.contains { $0.estimates.contains { $0.drawable != nil } } }

    func key(_ swatch: Legend.Swatch) -> ChartKey {
        ChartKey(swatch: swatch, names: series.map { .init(label: $0.label, role: $0.role) })
    }

    /// Adds what a reader sees who points at an estimate's mark.
    func read(
        _ series: EstimateSeries, _ index: Int, _ style: SeriesStyle, at place: (x: Double, y: Double),
        into drawing: inout Drawing
    ) {
        drawing.read(
            "\(fixed: title.isEmpty ? "" : "\(title) ")\(names[index]): " + series.estimates[index].reading, x: place.x,
            y: place.y, series: self.series.count > 1 ? series.label : "", style: style.className)
    }
}
