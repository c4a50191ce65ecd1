import Statistics
import Numerics
import Testing

@Suite struct ConcentrationTests {
    @Test func `one layer that does all is a twelfth of twelve, and twelve alike are all`() {
        #expect(Concentration.participationRatio([0, 0, 5, 0]) == 0.25)
        #expect(Concentration.participationRatio([-2, 2, 2, 2]) == 1)
        #expect(Concentration.participationRatio([0, 0]) == nil)
    }

    @Test func `the fewest layers are counted from what adds most`() throws {
        let curve = try #require(Concentration(seed: 1).curve([1, 6, 0, 3]))
        #expect(curve.order == [1, 3, 0, 2])
        #expect(scaledError(curve.shares, [0.6, 0.9, 1, 1]) < 1e-15)
        #expect(curve.fewest == 2)
        #expect(zip(curve.random, curve.shares).allSatisfy { $0 <= $1 + 1e-12 })
        #expect(abs(curve.random[3] - 1) < 1e-12)
        let given = try #require(Concentration(seed: 1).curve([1, 6, 0, 3], order: [2, 0, 3, 1]))
        #expect(given.fewest == 4)
    }

    @Test func `a negative share counts against the whole, and no whole has no curve`() throws {
        let curve = try #require(Concentration(seed: 1).curve([2, -1]))
        #expect(curve.shares == [2, 1] && curve.fewest == 1)
        #expect(Concentration(seed: 1).curve([1, -1]) == nil)
    }

    @Test func `random sets of layers that are all alike carry their number's share`() throws {
        let curve = try #require(Concentration(samples: 50, seed: 2).curve([1, 1, 1, 1]))
        #expect(scaledError(curve.random, [0.25, 0.5, 0.75, 1]) < 1e-15)
        #expect(curve.randomBounds.allSatisfy { $0.upper - $0.lower < 1e-12 })
    }

    @Test func `Shapley shares over all orders are those of the definition`() throws {
        let game = try RegressionFixture.load().shapley
        let all = permutations(Array(0..<5))
        let sampling = ShapleySampling(players: 5, halves: all)
        let estimate = sampling.estimate(worth(game.worth, sampling))
        #expect(scaledError(estimate.shares, game.shares) < 1e-12)
    }

    @Test func `shares over some orders are near, by their errors, and sum exactly to the whole`() throws {
        let game = try RegressionFixture.load().shapley
        let sampling = ShapleySampling(players: 5, orders: 40, seed: 3)
        #expect(sampling.orders.count == 40)
        #expect(sampling.orders[1] == sampling.orders[0].reversed())
        let estimate = sampling.estimate(worth(game.worth, sampling))
        let errors = try #require(estimate.standardErrors)
        for (share, (exact, error)) in zip(estimate.shares, zip(game.shares, errors)) {
            #expect(abs(share - exact) < 3.5 * error)
        }
        #expect(abs(estimate.shares.reduce(0, +) - (game.worth[31] - game.worth[0])) < 1e-12)
        #expect(sampling.members(0, after: 2) == Array(sampling.orders[0].prefix(2)))
        #expect(
            ShapleySampling(players: 5, orders: 2, seed: 3).estimate(
                worth(game.worth, ShapleySampling(players: 5, orders: 2, seed: 3))
            ).standardErrors == nil)
    }

    private func worth(_ bySet: [Double], _ sampling: ShapleySampling) -> [[Double]] {
        sampling.orders.indices.map { order in
            (0...sampling.players).map { step in
                bySet[sampling.members(order, after: step).reduce(0) { $0 | 1 << $1 }]
            }
        }
    }

    private func permutations(_ items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.indices.flatMap { place in
            var rest = items
            let first = rest.remove(at: place)
            return permutations(rest).map { [first] + $0 }
        }
    }
}
