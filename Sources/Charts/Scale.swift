/// A linear map from data to pixels.
struct Scale: Sendable, Equatable {
    let domain: ClosedRange<Double>
    /// Pixel of the domain's lower end.
    let start: Double
    /// Pixel of the domain's upper end; may be smaller than `start`, as on an axis that goes up.
    let end: Double

    /// The pixel of a value.
    func callAsFunction(_ value: Double) -> Double {
        let span = domain.upperBound - domain.lowerBound
        let share = span > 0 ? (value - domain.lowerBound) / span : 0.5
        return start + share * (end - start)
    }
}

extension Double {
    /// Whether a chart can place the value: finite, and small enough that differences do not overflow.
    var isDrawable: Bool { isFinite && abs(self) < 1e150 }
}
