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
        /// Sign-flip test over prompts, for all of the family at once (max-T); nil while there are too few prompts.
        public let p: Double?
        /// Benjamini & Hochberg's, over the same family.
        public let q: Double?
        /// p of two one-sided tests that the effect is nothing, within the margin.
        public let equivalence: Double?
        /// The smallest effect found with 80 % power.
        public let detectable: Double?
        /// What it owes to the responses' lengths, where those are given.
        public let length: LengthSplit?
        /// The sign-flip test of the effect at equal length, over prompts, for all of the family at once (max-T).
        public let equalLengthP: Double?
    }

    let clusters: [Int]
    let negligible: Double
    let seed: UInt64
    /// Makes intervals and tests hold whenever the adding of pairs stopped, except at equal length and by length; nil where the
    /// number of pairs was given.
    var sequence: ConfidenceSequence?
    /// Tokens of the rejected response minus those of the chosen one, `[pair]`; nil where lengths are left alone.
    var excess: [Int]?

    /// Statistics of columns of per-pair effects, `[column][pair]`.
    /// - Parameters:
    ///   - gain: what recovery divides by, `[pair]`.
    ///   - families: places of the columns that are tested together; each column is in one.
    func rows(_ columns: [[Double]], gain: [Double], families: [[Int]]) -> [Row] {
        guard !columns.isEmpty else { return [] }
        let bootstrap = ClusterBootstrap(seed: seed)
        let values = ClusteredValues(columns + [gain], clusters: clusters)
        func each(_ intervals: [Interval]?) -> [Interval?] { intervals ?? (columns + [gain]).map { _ in nil } }
        let means = sequence.map { each($0.means(of: values)) } ?? bootstrap.means(of: values)
        let ratios =
            sequence.map { each($0.ratios(of: values, to: columns.count)) }
            ?? bootstrap.ratios(of: values, to: columns.count)
        let equivalence: [Double]? =
            sequence.map { $0.equivalence(values, margin: negligible) }
            ?? EquivalenceTest(margin: negligible).test(values)
        let detectable = ClusteredMeans(values).smallestDetectable
        let lengths = excess.map {
            LengthSplit.splits(columns, excess: $0, clusters: clusters, bootstrap: bootstrap)
        }
        var p = [Double?](repeating: nil, count: columns.count)
        var (q, equalLengthP) = (p, p)
        var bands = [Interval?](repeating: nil, count: columns.count)
        for family in families where !family.isEmpty {
            let members = ClusteredValues(family.map { columns[$0] }, clusters: clusters)
            let found = test(members)
            let adjusted = found.map { BenjaminiHochberg().adjust($0.alone) }
            let band =
                sequence.map { $0.means(of: members, family: family.count) }
                ?? SimultaneousBands(bootstrap).means(of: members)
            for (place, index) in family.enumerated() {
                p[index] = found?.together[place]
                q[index] = adjusted?[place]
                bands[index] = band?[place]
            }
            guard let lengths else { continue }
            let scores = ClusteredValues(family.map { lengths[$0].scores }, clusters: clusters)
            for (index, found) in zip(family, SignFlipTest(seed: seed).test(scores).adjusted) {
                equalLengthP[index] = found
            }
        }
        let wholeGain = gain.mean
        return columns.indices.map { index in
            let mean = columns[index].mean
            return Row(
                mean: mean, interval: means[index],
                recovery: wholeGain == 0
                    ? nil : ratios[index] ?? Interval(estimate: mean / wholeGain, lower: .nan, upper: .nan),
                band: bands[index], p: p[index], q: q[index], equivalence: equivalence?[index],
                detectable: detectable?[index], length: lengths?[index],
                equalLengthP: equalLengthP[index])
        }
    }

    /// The p-values of each column's mean, alone and corrected for all columns, `[column]`; nil while there are too few prompts.
    private func test(_ values: ClusteredValues) -> (alone: [Double], together: [Double])? {
        guard let sequence else {
            let found = SignFlipTest(seed: seed).test(values)
            return (found.p, found.adjusted)
        }
        return sequence.p(values).flatMap { alone in
            sequence.p(values, family: values.columnCount).map { (alone, $0) }
        }
    }
}
