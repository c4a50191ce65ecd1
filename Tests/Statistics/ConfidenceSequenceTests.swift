import Random
import Statistics
import Testing

@Suite struct ConfidenceSequenceTests {
    private static let (mean, layers, first, step, most) = (0.4, 6, 16, 16, 240)
    private static let sequence = ConfidenceSequence(expected: 120, fewest: 16)

    /// Skewed effects of pairs in prompts of one or two pairs, `[layer][pair]`, with the prompt of each.
    private static func effects(_ run: Int) -> (values: [[Double]], prompts: [Int]) {
        var generator = SeededGenerator(seed: 91, stream: UInt64(run))
        let prompts = (0..<most).flatMap { [Int](repeating: $0, count: 1 + $0 % 2) }
        let shared = (0..<most).map { _ in generator.nextNormal() }
        let values = (0..<layers).map { _ in
            prompts.map { prompt -> Double in
                let normal = generator.nextNormal()
                return mean + shared[prompt] + normal + 0.3 * (normal * normal - 1)
            }
        }
        return (values, prompts)
    }

    /// What is known after some prompts.
    private static func seen(_ data: (values: [[Double]], prompts: [Int]), _ count: Int) -> ClusteredValues {
        let pairs = data.prompts.firstIndex { $0 >= count } ?? data.prompts.count
        return ClusteredValues(data.values.map { Array($0[..<pairs]) }, clusters: Array(data.prompts[..<pairs]))
    }

    @Test func `in 400 runs the bands of all layers hold at every look, and so at whatever moment one stops`() {
        var (everywhere, stopped, early) = (0, 0, 0)
        for run in 0..<400 {
            let data = Self.effects(run)
            var (holds, atStop): (Bool, Bool?) = (true, nil)
            for count in stride(from: Self.first, through: Self.most, by: Self.step) {
                let bands = Self.sequence.means(of: Self.seen(data, count), family: Self.layers) ?? []
                let covers = bands.allSatisfy { $0.lower <= Self.mean && Self.mean <= $0.upper }
                holds = holds && covers
                if atStop == nil, bands.allSatisfy({ $0.upper - $0.estimate <= 0.6 }) {
                    atStop = covers
                    if count < Self.most { early += 1 }
                }
            }
            if holds { everywhere += 1 }
            if atStop ?? holds { stopped += 1 }
        }
        // 95 % of 400, less two standard errors.
        #expect(everywhere >= 371, "\(everywhere) of 400 at every look")
        #expect(stopped >= 371, "\(stopped) of 400 at the stop")
        #expect(early > 300, "\(early) of 400 stop before all pairs are in")
    }

    @Test func `looking again and again at ordinary intervals misses far more often`() {
        var held = 0
        for run in 0..<100 {
            let data = Self.effects(run)
            let holds = stride(from: Self.first, through: Self.most, by: Self.step).allSatisfy { count in
                let found = ClusteredMeans(Self.seen(data, count))
                let error = found.standardErrors?[0] ?? 0
                return abs(found.means[0] - Self.mean) <= 1.96 * error
            }
            if holds { held += 1 }
        }
        #expect(held < 90, "\(held) of 100")
    }

    @Test
    func `a p-value is the least level whose interval leaves out zero, and a ratio's interval is that of its parts`()
        throws
    {
        let values = Self.seen(Self.effects(3), 64)
        let p = try #require(Self.sequence.p(values))
        for (column, p) in p.enumerated() where p < 1 {
            // ρ follows from the level, so the very level has its interval's end at zero only for the sequence's own α.
            let interval = try #require(Self.sequence.means(of: values)?[column])
            #expect((interval.lower > 0 || interval.upper < 0) == (p < 0.05))
        }
        let ratios = try #require(Self.sequence.ratios(of: values, to: 2))
        #expect(ratios[2].lower == 1 && ratios[2].upper == 1)
        let sums = (0..<2).map { column in
            (0..<values.clusterCount).reduce(0) { $0 + values.sums[$1 * Self.layers + [0, 2][column]] }
        }
        #expect(abs(ratios[0].estimate - sums[0] / sums[1]) < 1e-12)
        #expect(ratios[0].lower < ratios[0].estimate && ratios[0].estimate < ratios[0].upper)
        // The same number of pairs below: the ratio to a column of ones is the mean.
        let ones = Self.effects(3).prompts.map { _ in 1.0 }
        let both = ClusteredValues([Self.effects(3).values[0], ones], clusters: Self.effects(3).prompts)
        let mean = try #require(Self.sequence.means(of: both)?[0])
        let ratio = try #require(Self.sequence.ratios(of: both, to: 1)?[0])
        #expect(abs(mean.lower - ratio.lower) < 1e-12 && abs(mean.upper - ratio.upper) < 1e-12)
    }

    @Test(arguments: [1, 2, 15, 16])
    func `too few clusters give no intervals and no p-values`(_ clusters: Int) {
        let few = Self.seen(Self.effects(1), clusters)
        let isSaid = [
            Self.sequence.means(of: few) != nil, Self.sequence.ratios(of: few, to: 0) != nil,
            Self.sequence.p(few) != nil, Self.sequence.equivalence(few, margin: 5) != nil,
        ]
        #expect(isSaid == [Bool](repeating: clusters == 16, count: 4))
    }
}
