import Statistics
import Numerics
import Testing

@Suite struct EquivalenceTests {
    @Test func `small even effects are equivalent to zero, and noisy ones are not`() {
        let even = ClusteredValues([0.01, -0.01, 0.02, -0.02, 0.0, 0.01], clusters: Array(0..<6))
        #expect(EquivalenceTest(margin: 0.1).test(even)[0] < 0.001)
        let noisy = ClusteredValues([1, -1, 2, -2, 0, 1.0], clusters: Array(0..<6))
        #expect(EquivalenceTest(margin: 0.1).test(noisy)[0] > 0.3)
    }

    @Test func `effects that are all zero are equivalent to zero with certainty`() {
        let nothing = ClusteredValues([[0, 0, 0], [0.3, 0.3, 0.3]], clusters: [0, 1, 2])
        #expect(EquivalenceTest(margin: 0.1).test(nothing) == [0, 1])
        #expect(EquivalenceTest(margin: 0.1).test(ClusteredValues([0, 0], clusters: [5, 5])) == [1])
        #expect(ClusteredMeans(nothing).smallestDetectable?[0] == 0)
    }

    @Test func `p-values agree with statsmodels`() throws {
        let expected = try RegressionFixture.load().equivalence
        let values = ClusteredValues(expected.values, clusters: Array(expected.values.indices))
        let found = expected.margins.map { EquivalenceTest(margin: $0).test(values)[0] }
        #expect(relativeError(found, expected.tost) < 1e-9)
        let spread = expected.values.standardDeviation / Double(expected.values.count).squareRoot()
        #expect(relativeError(ClusteredMeans(values).smallestDetectable ?? [], [2.8 * spread]) < 1e-12)
    }

    @Test func `errors over clusters agree with statsmodels' sandwich`() throws {
        let expected = try RegressionFixture.load().equivalence
        let means = ClusteredMeans(ClusteredValues(expected.clusterValues, clusters: expected.clusters))
        #expect(relativeError(means.means, [expected.clusterMean]) < 1e-12)
        #expect(relativeError(means.standardErrors ?? [], [expected.clusterError]) < 1e-12)
    }

    @Test func `Student's distribution agrees with SciPy`() throws {
        let expected = try RegressionFixture.load().equivalence
        for (place, degrees) in expected.degrees.enumerated() {
            let t = StudentT(degrees: degrees)
            #expect(relativeError(expected.t.map(t.cdf), expected.cdf[place]) < 1e-11)
            #expect(scaledError(expected.p.map(t.quantile), expected.quantile[place]) < 1e-12)
        }
        #expect(StudentT(degrees: 3).cdf(-.infinity) == 0 && StudentT(degrees: 3).cdf(.infinity) == 1)
    }

    @Test func `bands from the same resamples agree with a written-out reference`() throws {
        let expected = try RegressionFixture.load().bands
        let values = ClusteredValues(expected.values, clusters: Array(0..<15))
        let found = try #require(SimultaneousBands(ClusterBootstrap(seed: 1)).means(of: values, draws: expected.draws))
        #expect(scaledError(found.map(\.lower), expected.lower) < 1e-13)
        #expect(scaledError(found.map(\.upper), expected.upper) < 1e-13)
        #expect(SimultaneousBands(ClusterBootstrap(seed: 1)).means(of: ClusteredValues([1], clusters: [0])) == nil)
        let alone = try #require(ClusterBootstrap(seed: 1).means(of: values)[0])
        let band = try #require(SimultaneousBands(ClusterBootstrap(seed: 1)).means(of: values)?[0])
        #expect(band.upper - band.lower > alone.upper - alone.lower, "a band over columns is wider than one interval")
    }
}
