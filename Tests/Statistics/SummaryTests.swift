import Statistics
import Testing

@Suite struct SummaryTests {
    @Test func aQuantileLiesBetweenItsNeighbours() {
        #expect([4.0, 1, 2, 3].quantile(0.5) == 2.5)
        #expect([4.0, 1, 2, 3].mean == 2.5)
        #expect([5.0].quantile(0.975) == 5)
    }

    @Test func meanDeviationAndQuantilesAgreeWithNumPy() throws {
        let expected = try Fixture.load().summary
        #expect(relativeError([expected.values.mean], [expected.mean]) < 1e-14)
        #expect(relativeError([expected.values.standardDeviation], [expected.standardDeviation]) < 1e-14)
        #expect(relativeError(expected.shares.map { expected.values.quantile($0) }, expected.quantiles) < 1e-14)
    }
}
