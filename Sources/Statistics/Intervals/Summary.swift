extension [Double] {
    /// The arithmetic mean of one value or more.
    public var mean: Double {
        precondition(!isEmpty, "the mean of no values")
        return reduce(0, +) / Double(count)
    }

    /// The sample standard deviation of two values or more: squared deviations over `n − 1`.
    public var standardDeviation: Double {
        precondition(count > 1, "a standard deviation takes two values or more, found \(count)")
        let centre = mean
        return (reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(count - 1)).squareRoot()
    }

    /// The value below which a share of these lies, by linear interpolation between order statistics.
    ///
    /// Hyndman & Fan (1996), type 7, as NumPy's and R's default.
    /// - Parameter share: from 0, the smallest value, to 1, the largest.
    public func quantile(_ share: Double) -> Double { sorted().quantileWhenSorted(share) }

    /// ``quantile(_:)`` of values that already ascend.
    func quantileWhenSorted(_ share: Double) -> Double {
        precondition(!isEmpty, "a quantile of no values")
        precondition(share >= 0 && share <= 1, "a quantile's share lies in 0...1, found \(share)")
        let place = share * Double(count - 1)
        let below = Int(place)
        let above = Swift.min(below + 1, count - 1)
        return self[below] + (place - Double(below)) * (self[above] - self[below])
    }
}
