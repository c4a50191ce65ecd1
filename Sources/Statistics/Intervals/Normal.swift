#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The standard normal distribution.
public enum Normal {
    /// The probability of a value at or below `x`: `erfc(−x / √2) / 2`.
    public static func cdf(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// The value below which a share `p` of the distribution lies, the inverse of ``cdf(_:)``.
    ///
    /// Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988): about 1 part in 10¹⁶. 0 gives −∞ and 1 gives ∞.
    public static func quantile(_ p: Double) -> Double {
        precondition(p >= 0 && p <= 1, "a probability lies in 0...1, found \(p)")
        let centred = p - 0.5
        if abs(centred) <= 0.425 {
            let r = 0.180625 - centred * centred
            return centred * polynomial(Self.middleTop, r) / polynomial(Self.middleBottom, r)
        }
        let tail = min(p, 1 - p)
        if tail == 0 { return centred < 0 ? -.infinity : .infinity }
        let r = (-log(tail)).squareRoot()
        let size =
            r <= 5
            ? polynomial(Self.tailTop, r - 1.6) / polynomial(Self.tailBottom, r - 1.6)
            : polynomial(Self.farTop, r - 5) / polynomial(Self.farBottom, r - 5)
        return centred < 0 ? -size : size
    }

    /// Horner's rule, the coefficient of the highest power first.
    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }

    private static let middleTop = [
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ]
    private static let middleBottom = [
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
    ]
    private static let tailTop = [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ]
    private static let tailBottom = [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1,
    ]
    private static let farTop = [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ]
    private static let farBottom = [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
    ]
}
