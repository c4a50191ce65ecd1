import Numerics
import Random
import Statistics
import Testing

/// What chance keeps, and what would be found if it were there.
@Suite struct PlantedEffectTests {
    private static let rows = 80

    /// Columns that share some of what they say, and a target that goes with the first of them.
    private static func data(columns: Int, shared: Double, effect: Double) -> (x: DoubleMatrix, y: [Double]) {
        var generator = SeededGenerator(seed: 31)
        let common = (0..<rows).map { _ in generator.nextNormal() }
        let x = (0..<columns).map { _ in
            common.map { shared * $0 + (1 - shared * shared).squareRoot() * generator.nextNormal() }
        }
        return (DoubleMatrix(columns: x), x[0].map { effect * $0 + generator.nextNormal() })
    }

    private static func power(_ shares: [Double], shared: Double, plantings: Int = 40) throws -> [PlantedEffect.Power] {
        let (x, y) = data(columns: 6, shared: shared, effect: 0)
        return try PlantedEffect(plantings: plantings, seed: 4).power(
            of: shares, x, columns: Array(0..<6), noise: y, groups: Array(0..<rows), path: LassoPath(count: 30),
            workers: Workers(count: 2))
    }

    @Test func `a large planted effect is always found, none is found as often as chance, and power rises`() throws {
        let power = try Self.power([0, 0.05, 0.2, 0.95], shared: 0)
        #expect(power.map(\.share) == [0, 0.05, 0.2, 0.95])
        #expect(power[3].kept == 1 && power[3].first == 1)
        #expect(power[0].first < 0.4, "one of six columns, and often none")
        #expect(zip(power, power.dropFirst()).allSatisfy { $0.first <= $1.first })
        #expect(power.allSatisfy { $0.first <= $0.kept && $0.kept <= 1 && $0.support <= 6 })
        #expect(try Self.power([0.2], shared: 0) == [power[2]])
    }

    @Test func `of columns that say the same, the planted one is first less often`() throws {
        let (apart, alike) = (try Self.power([0.2], shared: 0)[0], try Self.power([0.2], shared: 0.99)[0])
        #expect(alike.first < apart.first - 0.2, "\(alike.first) and \(apart.first)")
    }

    @Test func `noise that does not vary is an error, and columns that do not vary have no power`() throws {
        let x = Self.data(columns: 2, shared: 0, effect: 0).x
        let (level, groups) = ([Double](repeating: 1, count: Self.rows), Array(0..<Self.rows))
        let effect = PlantedEffect(plantings: 2, seed: 1)
        #expect(throws: RegressionError.constantTarget) {
            try effect.power(of: [0.1], x, columns: [0, 1], noise: level, groups: groups)
        }
        let flat = DoubleMatrix(columns: [level])
        #expect(try effect.power(of: [0.1], flat, columns: [0], noise: x.column(0), groups: groups).isEmpty)
    }

    @Test func `an effect is kept more often than chance keeps any column, and chance treats all columns alike`() throws
    {
        let (x, y) = Self.data(columns: 6, shared: 0, effect: 1)
        let groups = Array(0..<Self.rows)
        let (selection, subsamples) = (StabilitySelection(seed: 2), 30)
        let penalty = 0.25
        let real = try selection.counts(of: 0..<subsamples, x, to: y, groups: groups, penalties: [penalty])[0].map {
            Double($0) / Double(subsamples)
        }
        let permutation = PermutedSupport(seed: 3)
        func frequencies(_ threads: Int, of range: Range<Int> = 0..<60) throws -> [[Double]] {
            try permutation.frequencies(
                of: range, x, to: y, groups: groups, penalty: penalty, selection: selection, subsamples: subsamples,
                workers: Workers(count: threads))
        }
        let chance = try frequencies(2)
        #expect(chance.count == 60 && chance.allSatisfy { $0.count == 6 })
        #expect(try frequencies(1) == chance)
        #expect(try frequencies(1, of: 0..<25) + frequencies(1, of: 25..<60) == chance)
        #expect(real[0] > chance.map { $0.max() ?? 0 }.quantile(0.95))
        let means = (0..<6).map { column in chance.map { $0[column] }.mean }
        #expect((means.max() ?? 1) - (means.min() ?? 0) < 0.25, "\(means)")
    }
}
