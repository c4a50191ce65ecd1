import Numerics
import Random
import Statistics
import Testing

/// The statistics on data whose truth is known: how often they are wrong must be how often they say they are.
@Suite struct CalibrationTests {
    private static let sets = 200
    private static let prompts = 40

    /// Effects of pairs in prompts of one or two pairs, skewed, with a mean.
    private func effects(mean: Double, columns: Int, set: Int) -> ClusteredValues {
        var generator = SeededGenerator(seed: 77, stream: UInt64(set))
        let clusters = (0..<Self.prompts).flatMap { [Int](repeating: $0, count: 1 + $0 % 2) }
        let shared = (0..<Self.prompts).map { _ in generator.nextNormal() }
        let values = (0..<columns).map { _ in
            clusters.map { cluster -> Double in
                let normal = generator.nextNormal()
                return mean + shared[cluster] + normal + 0.3 * (normal * normal - 1)
            }
        }
        return ClusteredValues(values, clusters: clusters)
    }

    private func share(_ isCounted: (Int) -> Bool) -> Double {
        Double((0..<Self.sets).count(where: isCounted)) / Double(Self.sets)
    }

    @Test func `five percent of null data sets are called effects, by each layer and by all at once`() {
        let single = share {
            SignFlipTest(permutations: 999, seed: 1).test(effects(mean: 0, columns: 1, set: $0)).p[0] <= 0.05
        }
        #expect((0.02...0.08).contains(single), "\(single)")
        let family = share {
            SignFlipTest(permutations: 999, seed: 1).test(effects(mean: 0, columns: 12, set: 1000 + $0)).adjusted
                .contains { $0 <= 0.05 }
        }
        #expect((0.02...0.08).contains(family), "\(family)")
    }

    @Test func `ninety-five percent intervals hold the truth as often as they say`() {
        let covered = share {
            let interval = ClusterBootstrap(samples: 999, seed: 3).means(
                of: effects(mean: 0.4, columns: 1, set: 2000 + $0))[0]
            return interval.map { $0.lower <= 0.4 && 0.4 <= $0.upper } ?? false
        }
        #expect((0.92...0.98).contains(covered), "\(covered)")
        let together = share {
            let bands = SimultaneousBands(ClusterBootstrap(samples: 999, seed: 3)).means(
                of: effects(mean: 0.4, columns: 8, set: 3000 + $0))
            return bands?.allSatisfy { $0.lower <= 0.4 && 0.4 <= $0.upper } ?? false
        }
        #expect((0.92...0.98).contains(together), "\(together)")
    }

    @Test func `an effect at the margin is called nothing in five percent, and the detectable one is found in eighty`()
    {
        let margin = 0.5
        let equivalent = share {
            EquivalenceTest(margin: margin).test(effects(mean: margin, columns: 1, set: 4000 + $0))[0] <= 0.05
        }
        #expect((0.02...0.08).contains(equivalent), "\(equivalent)")
        let errors = (0..<Self.sets).compactMap {
            ClusteredMeans(effects(mean: 0, columns: 1, set: 5000 + $0)).smallestDetectable?[0]
        }
        let detectable = errors.mean
        let found = share {
            SignFlipTest(permutations: 499, seed: 1).test(effects(mean: detectable, columns: 1, set: 6000 + $0)).p[0]
                <= 0.05
        }
        #expect((0.7...0.9).contains(found), "\(found) at \(detectable)")
    }

    @Test func `on distances that say nothing, the honest LASSO explains nothing`() throws {
        var explained: [Double] = []
        for set in 0..<20 {
            var generator = SeededGenerator(seed: 78, stream: UInt64(set))
            let common = (0..<60).map { _ in generator.nextNormal() }
            // Twelve layers that nearly say the same, as distances do.
            let x = DoubleMatrix(columns: (0..<12).map { _ in common.map { $0 + 0.1 * generator.nextNormal() } })
            let y = (0..<60).map { _ in generator.nextNormal() }
            let rows = Array(0..<60)
            let predicted = try LassoPath(count: 30).nestedPredictions(
                x, to: y, folds: try Folds(5, groups: rows, seed: 1), groups: rows, inner: 5, seed: 1)
            explained.append(LinearModel.rSquared(predicted, y) ?? 0)
        }
        #expect(explained.mean < 0.02, "\(explained)")
    }
}
