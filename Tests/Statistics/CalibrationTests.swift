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

    /// In how many samples two claims hold that few layers do not carry everything: that more than ten are needed for 90 %, and that
    /// the strongest third carries less than 90 %.
    private func rates(_ truth: [Double], stream: Int) -> (count: Double, share: Double) {
        var (counts, shares) = (0, 0)
        for set in 0..<Self.sets {
            var generator = SeededGenerator(seed: 79, stream: UInt64(stream + set))
            func steps() -> [[Double]] {
                truth.map { step in (0..<100).map { _ in step + 0.3 * generator.nextNormal() } }
            }
            let (fit, judged) = (steps().map(\.mean), steps())
            let order = fit.indices.sorted { fit[$1] < fit[$0] }
            let concentration = Concentration(seed: 1)
            let curve = Concentration.shares(judged.map(\.mean), order: order)
            let values = ClusteredValues(judged, clusters: Array(0..<100))
            let third = ClusterBootstrap(samples: 299, seed: 2).intervals(of: values) {
                [Concentration.shares($0.sums, order: order)[9]]
            }[0]
            if (concentration.fewest(curve) ?? 30) > 10 { counts += 1 }
            if (third?.upper ?? 1) < 0.9 { shares += 1 }
        }
        return (Double(counts) / Double(Self.sets), Double(shares) / Double(Self.sets))
    }

    @Test
    func `the share of the strongest third tells few layers from many, and the count for ninety percent does not`() {
        let eight = rates((0..<30).map { [3, 5, 8, 12, 13, 17, 20, 25].contains($0) ? 1.0 / 8 : 0 }, stream: 0)
        let noisy = rates((0..<30).map { (12...15).contains($0) ? 0.2 : 0.2 / 26 }, stream: 10_000)
        let spread = rates([Double](repeating: 1.0 / 30, count: 30), stream: 20_000)
        // Eight layers carry everything, or four most of it: both claims are false.
        #expect(eight.count > 0.1 && eight.share <= 0.05, "\(eight)")
        #expect(noisy.count > 0.4 && noisy.share <= 0.1, "\(noisy)")
        #expect(spread.count > 0.9 && spread.share > 0.9, "\(spread)")
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
