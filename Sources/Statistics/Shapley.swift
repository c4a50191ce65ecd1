import Numerics
import Random

/// Order-free shares of a whole that players, here layers, reach together: Shapley (1953), estimated over random orders after
/// Castro, Gómez & Tejada (2009).
///
///     let sampling = ShapleySampling(players: 12, orders: 16, seed: 7)
///     let worth = sampling.orders.indices.map { order in (0...12).map { margin(of: sampling.members(order, after: $0)) } }
///     let shares = sampling.estimate(worth).shares
///
/// Orders come in twos, each with its reverse, which cancels much of the noise; the shares of each order sum exactly to the whole.
public struct ShapleySampling: Sendable, Equatable {
    /// How many players.
    public let players: Int
    /// The orders in which they join, `[order][step]`, each followed by its reverse.
    public let orders: [[Int]]

    /// Random orders.
    /// - Parameters:
    ///   - count: how many orders; an even number.
    public init(players: Int, orders count: Int, seed: UInt64) {
        precondition(count > 1 && count.isMultiple(of: 2), "\(count) orders, which come in twos")
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.orderStream)
        self.init(
            players: players,
            halves: (0..<count / 2).map { _ in generator.shuffled(Array(0..<players)) })
    }

    /// Orders of the caller's own; their reverses are added.
    public init(players: Int, halves: [[Int]]) {
        for order in halves {
            precondition(order.sorted() == Array(0..<players), "an order of \(players) players: \(order)")
        }
        self.players = players
        orders = halves.flatMap { [$0, $0.reversed()] }
    }

    /// Who has joined after a step of an order, counted from 0, nobody.
    public func members(_ order: Int, after step: Int) -> [Int] { Array(orders[order].prefix(step)) }

    /// Shares with their standard errors.
    public struct Estimate: Sendable, Equatable {
        /// The mean of what each player adds, `[player]`.
        public let shares: [Double]
        /// The standard error that comes from taking some orders only, `[player]`; `nil` for one order with its reverse.
        public let standardErrors: [Double]?
    }

    /// Estimates shares from the worth of each step.
    /// - Parameter worth: what those who have joined reach together, `[order][step 0…players]`.
    public func estimate(_ worth: [[Double]]) -> Estimate {
        precondition(worth.count == orders.count, "the worth of \(worth.count) orders for \(orders.count)")
        // An order and its reverse are one draw.
        let draws = stride(from: 0, to: orders.count, by: 2).map { first -> [Double] in
            var shares = [Double](repeating: 0, count: players)
            for order in first...first + 1 {
                precondition(worth[order].count == players + 1, "\(worth[order].count) steps of \(players) players")
                for (step, player) in orders[order].enumerated() {
                    shares[player] += (worth[order][step + 1] - worth[order][step]) / 2
                }
            }
            return shares
        }
        let byPlayer = (0..<players).map { player in draws.map { $0[player] } }
        return Estimate(
            shares: byPlayer.map(\.mean),
            standardErrors: draws.count < 2
                ? nil : byPlayer.map { $0.standardDeviation / Double(draws.count).squareRoot() })
    }
}
