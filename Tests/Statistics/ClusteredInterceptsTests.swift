import Random
import Statistics
import Testing

@Suite struct ClusteredInterceptsTests {
    @Test func `intercepts, intervals and the test of their scores agree with NumPy and SciPy`() throws {
        let expected = try Fixture.load().intercepts
        let found = ClusteredIntercepts(
            expected.columns, on: expected.x, clusters: expected.clusters, bootstrap: ClusterBootstrap(seed: 1),
            draws: expected.draws)
        #expect(relativeError(found.estimates, expected.intervals.map { $0[0] }) < 1e-10)
        for (interval, expected) in zip(found.intervals, expected.intervals) {
            let interval = try #require(interval)
            #expect(relativeError([interval.estimate, interval.lower, interval.upper], expected) < 1e-9)
        }
        let test = SignFlipTest(seed: 1).test(ClusteredValues(found.scores, clusters: expected.clusters))
        #expect(test.isExact && relativeError(test.adjusted, expected.adjusted) < 1e-12)
    }

    @Test
    func `where every pair has equal lengths the intercept is the mean, and where all differ alike there is none`() {
        let (y, clusters) = ([1.0, 2, 6], [0, 1, 2])
        let bootstrap = ClusterBootstrap(samples: 99, seed: 1)
        let level = ClusteredIntercepts([y], on: [0, 0, 0], clusters: clusters, bootstrap: bootstrap)
        #expect(level.estimates == [3] && level.scores == [y])
        #expect(level.intervals == bootstrap.means(of: ClusteredValues(y, clusters: clusters)))
        let alike = ClusteredIntercepts([y], on: [4, 4, 4], clusters: clusters, bootstrap: bootstrap)
        #expect(!alike.estimates[0].isFinite && alike.intervals == [nil])
        #expect(SignFlipTest(seed: 1).test(ClusteredValues(alike.scores, clusters: clusters)).p == [1])
    }

    @Test
    func `an effect that is all length is called one in five percent of data sets, however far lengths lie from zero`()
    {
        var rejected = 0
        for set in 0..<300 {
            var generator = SeededGenerator(seed: 12, stream: UInt64(set))
            let x = (0..<60).map { _ in 8 + 12 * generator.nextNormal() }
            let y = x.map { 0.3 * $0 + generator.nextNormal() * (1 + 0.1 * abs($0)) }
            let clusters = Array(0..<60)
            let found = ClusteredIntercepts(
                [y], on: x, clusters: clusters, bootstrap: ClusterBootstrap(samples: 1, seed: 1))
            let test = SignFlipTest(permutations: 499, seed: UInt64(set))
                .test(ClusteredValues(found.scores, clusters: clusters))
            if test.p[0] <= 0.05 { rejected += 1 }
        }
        #expect((6...24).contains(rejected), "\(rejected) of 300 data sets")
    }
}
