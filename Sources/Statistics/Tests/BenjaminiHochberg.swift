/// The step-up procedure that bounds the false discovery rate: Benjamini & Hochberg, JRSS B 57 (1995).
public struct BenjaminiHochberg: Sendable, Equatable {
    /// The procedure, which has nothing to set.
    public init() {}

    /// The q-value of each p-value: the least `m · p₍ⱼ₎ / j` at or above its rank, at most 1.
    /// - Parameter p: p-values, each in 0...1.
    public func adjust(_ p: [Double]) -> [Double] {
        for value in p { precondition(value >= 0 && value <= 1, "a p-value lies in 0...1, found \(value)") }
        var adjusted = p
        var least = 1.0
        let descending = p.indices.sorted { p[$0] == p[$1] ? $0 > $1 : p[$0] > p[$1] }
        for (place, index) in descending.enumerated() {
            least = min(least, p[index] * Double(p.count) / Double(p.count - place))
            adjusted[index] = least
        }
        return adjusted
    }
}
