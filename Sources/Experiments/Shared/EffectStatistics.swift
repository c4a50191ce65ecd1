import Statistics

/// Means with all that a sceptic asks about them: intervals, tests over all at once, equivalence to nothing.
public struct EffectStatistics {
    /// One effect's statistics.
    public struct Row: Sendable {
        /// Over pairs.
        public let mean: Double
        /// BCa over prompts.
        public let interval: Interval?
        /// Mean effect over mean gain.
        public let recovery: Interval?
        /// Holds all effects of the family at once.
        public let band: Interval?
        /// Sign-flip test over prompts, for all of the family at once (max-T).
        public let p: Double
        /// Benjamini & Hochberg's, over the same family.
        public let q: Double
        /// p of two one-sided tests that the effect is nothing, within the margin.
        public let equivalence: Double
        /// The smallest effect found with 80 % power.
        public let detectable: Double?
    }

    let clusters: [Int]
    let negligible: Double
    let seed: UInt64

    /// Statistics of columns of per-pair effects, `[column][pair]`.
    /// - Parameters:
    ///   - gain: what recovery divides by, `[pair]`.
    ///   - families: places of the columns that are tested together; each column is in one.
    func rows(_ columns: [[Double]], gain: [Double], families: [[Int]]) -> [Row] {
        guard !columns.isEmpty else { return [] }
        let bootstrap = ClusterBootstrap(seed: seed)
        let values = ClusteredValues(columns + [gain], clusters: clusters)
        let means = bootstrap.means(of: values)
        let ratios = bootstrap.ratios(of: values, to: columns.count)
        let equivalence = EquivalenceTest(margin: negligible).test(values)
        let detectable = ClusteredMeans(values).smallestDetectable
        var p = columns.map { _ in 1.0 }
        var q = p
        var bands = [Interval?](repeating: nil, count: columns.count)
        for family in families where !family.isEmpty {
            let members = ClusteredValues(family.map { columns[$0] }, clusters: clusters)
            let test = SignFlipTest(seed: seed).test(members)
            let adjusted = BenjaminiHochberg().adjust(test.p)
            let band = SimultaneousBands(bootstrap).means(of: members)
            for (place, index) in family.enumerated() {
                p[index] = test.adjusted[place]
                q[index] = adjusted[place]
                bands[index] = band?[place]
            }
        }
        let wholeGain = gain.mean
        return columns.indices.map { index in
            let mean = columns[index].mean
            return Row(
                mean: mean, interval: means[index],
                recovery: wholeGain == 0
                    ? nil : ratios[index] ?? Interval(estimate: mean / wholeGain, lower: .nan, upper: .nan),
                band: bands[index], p: p[index], q: q[index], equivalence: equivalence[index],
                detectable: detectable?[index])
        }
    }
}
