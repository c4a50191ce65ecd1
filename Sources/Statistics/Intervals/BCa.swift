/// The bias-corrected and accelerated interval of one statistic.
///
/// With `z₀ = Φ⁻¹(share of replicates below the estimate, ties by half)`, the left-out estimates `θᵢ` with mean `θ̄`, and
/// `a = Σ(θ̄ − θᵢ)³ / (6 (Σ(θ̄ − θᵢ)²)^{3/2})`, the bound for a tail share α is the replicates' quantile at
/// `Φ(z₀ + (z₀ + z_α) / (1 − a (z₀ + z_α)))`: Efron (1987), equation 2.3 and section 7.
struct BCa {
    let estimate: Double
    /// The statistic on each resample.
    let replicates: [Double]
    /// The statistic with each cluster left out.
    let leftOut: [Double]

    /// Relative differences up to this are rounding.
    private static let rounding = 1e-12

    /// The interval, or `nil` where it is undefined.
    func interval(level: Double) -> Interval? {
        guard estimate.isFinite, !replicates.isEmpty, (replicates + leftOut).allSatisfy(\.isFinite) else { return nil }
        let tolerance = abs(estimate) * Self.rounding
        if (replicates + leftOut).allSatisfy({ abs($0 - estimate) <= tolerance }) {
            return Interval(estimate: estimate, lower: estimate, upper: estimate)
        }
        let bias = Normal.quantile(shareBelow)
        let sorted = replicates.sorted()
        func bound(tail: Double) -> Double? {
            let shifted = bias + Normal.quantile(tail)
            let stretch = 1 - acceleration * shifted
            return stretch > 0 ? sorted.quantileWhenSorted(Normal.cdf(bias + shifted / stretch)) : nil
        }
        guard bias.isFinite, let lower = bound(tail: (1 - level) / 2), let upper = bound(tail: (1 + level) / 2) else {
            return nil
        }
        return Interval(estimate: estimate, lower: lower, upper: upper)
    }

    private var shareBelow: Double {
        let halves = replicates.reduce(0) { $0 + ($1 < estimate ? 2 : $1 == estimate ? 1 : 0) }
        return Double(halves) / Double(2 * replicates.count)
    }

    private var acceleration: Double {
        let centre = leftOut.mean
        var squares = 0.0
        var cubes = 0.0
        for value in leftOut {
            let deviation = centre - value
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        return squares == 0 ? 0 : cubes / (6 * squares * squares.squareRoot())
    }
}
