import Foundation

/// A map from data to pixels: linear, or of the logarithm.
struct Scale: Sendable, Equatable {
    let domain: ClosedRange<Double>
    /// Pixel of the domain's lower end.
    let start: Double
    /// Pixel of the domain's upper end; may be smaller than `start`, as on an axis that goes up.
    let end: Double
    /// Whether equal ratios are equal distances; the domain is positive then.
    let isLogarithmic: Bool

    init(domain: ClosedRange<Double>, start: Double, end: Double, isLogarithmic: Bool = false) {
        precondition(!isLogarithmic || domain.lowerBound > 0, "a logarithmic scale from \(domain.lowerBound)")
        self.domain = domain
        self.start = start
        self.end = end
        self.isLogarithmic = isLogarithmic
    }

    /// The pixel of a value.
    func callAsFunction(_ value: Double) -> Double {
        let (low, high, place) =
            isLogarithmic
            ? (log(domain.lowerBound), log(domain.upperBound), log(value))
            : (domain.lowerBound, domain.upperBound, value)
        let span = high - low
        let share = span > 0 ? (place - low) / span : 0.5
        return start + share * (end - start)
    }
}

extension Double {
    /// Whether a chart can place the value: finite, and small enough that differences do not overflow.
    var isDrawable: Bool { isFinite && abs(self) < 1e150 }
}
