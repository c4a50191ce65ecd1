import Numerics
import Random
import Statistics
import Testing

@Suite struct SignFlipTestTests {
    @Test func threePositiveClustersReachTheirMeanInTwoOfEightFlips() {
        let result = SignFlipTest(seed: 1).test(ClusteredValues([1.0, 2, 3], clusters: [0, 1, 2]))
        #expect(result.p == [0.25])
        #expect(result.adjusted == [0.25])
        #expect(result.isExact && result.permutations == 8)
    }

    @Test func exactValuesAgreeWithSciPyAndAWrittenOutMaxT() throws {
        for expected in try Fixture.load().signFlip {
            let result = SignFlipTest(seed: 1).test(ClusteredValues(expected.values, clusters: expected.clusters))
            #expect(result.isExact)
            #expect(relativeError(result.p, expected.p) < 1e-12)
            #expect(relativeError(result.adjusted, expected.adjusted) < 1e-12)
        }
    }

    @Test func sampledFlipsComeCloseToAllOfThem() throws {
        for expected in try Fixture.load().signFlip {
            let values = ClusteredValues(expected.values, clusters: expected.clusters)
            // 2^8 and 2^10 sets of flips are more than 200.
            let few = SignFlipTest(permutations: 200, seed: 3).test(values)
            #expect(!few.isExact && few.permutations == 200)
            for (found, exact) in zip(few.p + few.adjusted, expected.p + expected.adjusted) {
                // Four binomial standard errors, and the one that is added.
                #expect(abs(found - exact) < 4 * (exact * (1 - exact) / 200).squareRoot() + 1.0 / 201 + 1e-12)
                #expect(found >= 1.0 / 201)
            }
            #expect(SignFlipTest(permutations: 200, seed: 3).test(values) == few)
        }
    }

    @Test func aColumnOfZerosHasPOfOneAndSpoilsNoOther() {
        let varied = [1.0, 2, 3, 2.5]
        let clusters = [0, 1, 2, 3]
        let alone = SignFlipTest(seed: 1).test(ClusteredValues(varied, clusters: clusters))
        let beside = SignFlipTest(seed: 1).test(ClusteredValues([[0, 0, 0, 0], varied], clusters: clusters))
        #expect(beside.p == [1, alone.p[0]])
        #expect(beside.adjusted == [1, alone.adjusted[0]])
    }

    @Test func equalValuesAreSignificantThoughTheirDeviationIsZero() {
        let result = SignFlipTest(seed: 1).test(
            ClusteredValues([[0.1, 0.1, 0.1, 0.1, 0.1], [1, -1, 2, -2, 0.5]], clusters: [0, 1, 2, 3, 4]))
        #expect(result.p[0] == 2.0 / 32)
        #expect(result.adjusted[0] == 2.0 / 32)
        #expect(result.adjusted[1] >= result.p[1])
    }

    @Test func pairsOfAClusterFlipTogether() {
        let result = SignFlipTest(seed: 1).test(
            ClusteredValues([Double](repeating: 1, count: 20), clusters: (0..<20).map { $0 / 10 }))
        #expect(result.p == [0.5], "two clusters give four flips, however many pairs they hold")
    }

    @Test func noPairsAreNoEvidence() {
        let result = SignFlipTest(seed: 1).test(ClusteredValues([[], []], clusters: []))
        #expect(result.p == [1, 1])
        #expect(result.adjusted == [1, 1])
    }

    @Test func manyClustersCrossTheWordsThatHoldTheFlips() {
        // 130 clusters of alternating ±1 and one large value last: p of the sum 0 + 50 is about P(|N(0, 130 + 2500)| ≥ 50).
        let values = (0..<130).map { $0 % 2 == 0 ? 1.0 : -1 } + [50]
        let result = SignFlipTest(permutations: 2000, seed: 2).test(ClusteredValues(values, clusters: Array(0..<131)))
        // The last cluster keeps its sign against ±11.4 of noise: half of all flips reach 50 on either side.
        #expect(abs(result.p[0] - 0.5) < 0.08)
    }

    @Test func underTheNullFivePercentOfFamiliesHaveASmallAdjustedP() {
        var generator = SeededGenerator(seed: 11)
        var rejected = 0
        for set in 0..<300 {
            let shared = (0..<30).map { _ in generator.nextNormal() }
            let columns = (0..<10).map { _ in shared.map { $0 + generator.nextNormal() } }
            let result = SignFlipTest(permutations: 999, seed: UInt64(set))
                .test(ClusteredValues(columns, clusters: Array(0..<30)))
            if result.adjusted.contains(where: { $0 <= 0.05 }) { rejected += 1 }
        }
        #expect((6...24).contains(rejected), "\(rejected) of 300 families")
    }
}
