import Numerics
import Random
import Statistics
import Testing

@Suite struct ClusterBootstrapTests {
    @Test func anIntervalHoldsItsEstimateAndFollowsFromItsSeed() throws {
        let values = ClusteredValues([1.02, 2.3, 3.1, 4.44, 7.9, 3.7, 0.6], clusters: [0, 0, 1, 2, 3, 4, 5])
        let interval = try #require(ClusterBootstrap(seed: 7).means(of: values)[0])
        #expect(abs(interval.estimate - 23.06 / 7) < 1e-15)
        #expect(interval.lower < interval.estimate && interval.estimate < interval.upper)
        #expect(ClusterBootstrap(seed: 7).means(of: values)[0] == interval)
        #expect(ClusterBootstrap(seed: 8).means(of: values)[0] != interval)
    }

    @Test func meansAndRatiosOfMeansAgreeWithSciPyOnTheSameResamples() throws {
        for expected in try Fixture.load().bootstrap {
            let bootstrap = ClusterBootstrap(level: expected.level, seed: 0)
            let values = ClusteredValues([expected.effect, expected.gain], clusters: expected.clusters)
            let intervals = bootstrap.intervals(of: values, draws: expected.draws) { totals in
                [totals.sums[0] / totals.pairs, totals.sums[0] / totals.sums[1]]
            }
            for (interval, numbers) in zip(intervals, [expected.mean, expected.ratio]) {
                let found = try #require(interval)
                #expect(relativeError([found.estimate, found.lower, found.upper], numbers) < 1e-10)
            }
        }
    }

    @Test func ratiosDivideEachColumnByTheOneNamed() throws {
        let values = ClusteredValues([[1.0, 4, 2, 2], [2.0, 3, 4, 9]], clusters: [3, 1, 4, 1])
        let bootstrap = ClusterBootstrap(samples: 300, seed: 5)
        let ratios = bootstrap.ratios(of: values, to: 1)
        let written = bootstrap.intervals(of: values) { [$0.sums[0] / $0.sums[1], 1] }
        #expect(ratios == written)
        #expect(ratios[0]?.estimate == 0.5)
        #expect(ratios[1] == Interval(estimate: 1, lower: 1, upper: 1))
    }

    @Test func columnsShareTheirResamplesAndChangeNothingInOneAnother() {
        let columns = [[1.0, 4, 2, 2, 9], [2.0, 3, 4, 9, -1]]
        let clusters = [0, 1, 2, 3, 3]
        let bootstrap = ClusterBootstrap(samples: 500, seed: 1)
        let together = bootstrap.means(of: ClusteredValues(columns, clusters: clusters))
        let apart = columns.map { bootstrap.means(of: ClusteredValues($0, clusters: clusters))[0] }
        #expect(together == apart)
    }

    @Test func theNamesOfClustersDoNotMatter() {
        let values = [3.0, 1, 4, 1, 5]
        #expect(
            ClusteredValues(values, clusters: [7, 7, -2, 90, 7]) == ClusteredValues(values, clusters: [0, 0, 1, 2, 0]))
    }

    @Test func oneClusterHasNoInterval() {
        #expect(ClusterBootstrap(seed: 1).means(of: ClusteredValues([1.0, 2, 3], clusters: [5, 5, 5])) == [nil])
    }

    @Test func noPairsHaveNoInterval() {
        #expect(ClusterBootstrap(seed: 1).means(of: ClusteredValues([[], []], clusters: [])) == [nil, nil])
    }

    @Test func equalValuesHaveAnIntervalOfOnePoint() throws {
        for value in [0, 0.1, -3.3e-7, 1e9 / 7] {
            let values = ClusteredValues([Double](repeating: value, count: 7), clusters: [0, 0, 0, 1, 2, 2, 3])
            let interval = try #require(ClusterBootstrap(seed: 1).means(of: values)[0])
            #expect(interval.lower == interval.upper)
            #expect(abs(interval.lower - value) <= abs(value) * 1e-15)
        }
    }

    @Test func aRatioToAGainOfZeroHasNoInterval() {
        let values = ClusteredValues([[1.0, 2, 3], [0, 0, 0]], clusters: [0, 1, 2])
        #expect(ClusterBootstrap(seed: 1).ratios(of: values, to: 1) == [nil, nil])
    }

    @Test func aRatioThatIsUndefinedOnSomeResampleHasNoInterval() {
        let values = ClusteredValues([[1.0, 2, 3], [0, 0, 6]], clusters: [0, 1, 2])
        #expect(ClusterBootstrap(seed: 1).ratios(of: values, to: 1)[0] == nil)
    }

    @Test func drawsAreUniformOverClustersAndTheSameEachTime() {
        let draws = ClusterBootstrap(samples: 5000, seed: 3).draws(of: 7)
        var counts = [Int](repeating: 0, count: 7)
        for draw in draws {
            #expect(draw.count == 7)
            for cluster in draw { counts[cluster] += 1 }
        }
        // Each count is binomial: mean 5000, standard deviation 65.
        for count in counts { #expect(abs(count - 5000) < 300) }
        #expect(Array(draws) == Array(draws))
    }

    @Test func ninetyFivePercentIntervalsCoverTheMeanAboutThatOften() throws {
        var generator = SeededGenerator(seed: 42)
        var covered = 0
        for set in 0..<300 {
            let values = (0..<60).map { _ in 3 + generator.nextNormal() }
            let bootstrap = ClusterBootstrap(seed: UInt64(set))
            let interval = try #require(bootstrap.means(of: ClusteredValues(values, clusters: Array(0..<60)))[0])
            if interval.lower <= 3, 3 <= interval.upper { covered += 1 }
        }
        #expect((270...294).contains(covered), "\(covered) of 300 intervals held the mean")
    }

    @Test func manyColumnsTakeLittleTime() {
        var generator = SeededGenerator(seed: 9)
        let columns = (0..<240).map { _ in (0..<500).map { _ in generator.nextNormal() } }
        let values = ClusteredValues(columns, clusters: Array(0..<500))
        var intervals: [Interval?] = []
        let time = ContinuousClock().measure { intervals = ClusterBootstrap(seed: 1).means(of: values) }
        #expect(intervals.allSatisfy { $0 != nil })
        #expect(time < .seconds(10), "a quiet core takes about 0.3 s, this took \(time)")
    }
}
