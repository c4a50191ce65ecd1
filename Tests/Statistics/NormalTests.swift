import Statistics
import Testing

@Suite struct NormalTests {
    @Test func ninetySevenAndAHalfPercentLieBelowOnePointNineSix() {
        #expect(abs(Normal.quantile(0.975) - 1.959963984540054) < 1e-15)
        #expect(abs(Normal.cdf(1.959963984540054) - 0.975) < 1e-15)
    }

    @Test func distributionAndQuantileAgreeWithSciPyFarIntoTheTails() throws {
        let expected = try Fixture.load().normal
        #expect(relativeError(expected.x.map(Normal.cdf), expected.cdf) < 1e-12)
        #expect(relativeError(expected.p.map(Normal.quantile), expected.quantile) < 1e-14)
    }

    @Test func theEndsAreInfinite() {
        #expect(Normal.quantile(0) == -.infinity)
        #expect(Normal.quantile(1) == .infinity)
        #expect(Normal.quantile(0.5) == 0)
        #expect(Normal.cdf(-.infinity) == 0)
    }
}
