#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Student's t distribution.
public struct StudentT: Sendable, Equatable {
    /// Degrees of freedom, above 0.
    public let degrees: Double

    /// A distribution with a number of degrees of freedom.
    public init(degrees: Double) {
        precondition(degrees > 0, "\(degrees) degrees of freedom")
        self.degrees = degrees
    }

    /// The probability of a value at or below `t`.
    public func cdf(_ t: Double) -> Double {
        if t.isInfinite { return t < 0 ? 0 : 1 }
        let tail = Self.incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
        return t < 0 ? tail : 1 - tail
    }

    /// The value below which a share `p` lies, the inverse of ``cdf(_:)``.
    public func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a share of \(p)")
        if p == 0.5 { return 0 }
        if p > 0.5 { return -quantile(1 - p) }
        var low = -1.0
        while cdf(low) > p { low *= 2 }
        var high = 0.0
        // Halving ends where two neighbours meet.
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return middle }
            if cdf(middle) < p { low = middle } else { high = middle }
        }
    }

    /// The regularised incomplete beta function by its continued fraction, after Lentz: DLMF 8.17.22.
    private static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, 1 - x) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for step in 1...10_000 {
            let m = Double(step)
            for term in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + term * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + term / c
                if abs(c) < tiny { c = tiny }
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-16 { break }
        }
        return front * fraction
    }
}
