import Numerics
import Random

/// How few layers carry an effect.
public struct Concentration: Sendable, Equatable {
    /// The share of the whole to reach.
    public let share: Double
    /// How many random orders stand beside.
    public let samples: Int
    /// What the random orders follow from.
    public let seed: UInt64

    /// A count of the fewest layers that reach a share.
    public init(share: Double = 0.9, samples: Int = 1000, seed: UInt64) {
        precondition(share > 0 && share <= 1 && samples > 0, "a share of \(share), \(samples) samples")
        self.share = share
        self.samples = samples
        self.seed = seed
    }

    /// `(Σ|φ|)² / Σφ²`: how many layers share the effect, were they equal; `nil` where there is no effect.
    public static func participation(_ effects: [Double]) -> Double? {
        let squares = effects.reduce(0) { $0 + $1 * $1 }
        let sum = effects.reduce(0) { $0 + abs($1) }
        return squares > 0 ? sum * sum / squares : nil
    }

    /// ``participation(_:)`` as a share of the layers: 1 is all alike, 1 / L is one layer; `nil` where there is no effect.
    public static func participationRatio(_ effects: [Double]) -> Double? {
        participation(effects).map { $0 / Double(effects.count) }
    }

    /// Shares of the whole against the number of layers.
    public struct Curve: Sendable, Equatable {
        /// Layers from the one that adds most of the whole, `[layer]`.
        public let order: [Int]
        /// The share that the first k + 1 of them add up to, `[k]`.
        public let shares: [Double]
        /// The median share of random sets of the same size, `[k]`.
        public let random: [Double]
        /// The 2.5 % and the 97.5 % quantile of those, `[k]`.
        public let randomBounds: [(lower: Double, upper: Double)]
        /// The fewest layers that reach the share asked for.
        public let fewest: Int?

        /// Whether two curves are the same.
        public static func == (left: Curve, right: Curve) -> Bool {
            left.order == right.order && left.shares == right.shares && left.random == right.random
                && left.randomBounds.map(\.lower) == right.randomBounds.map(\.lower)
                && left.randomBounds.map(\.upper) == right.randomBounds.map(\.upper)
        }
    }

    /// The curve of additive effects, such as increments or Shapley values; `nil` where they sum to nothing.
    /// - Parameters:
    ///   - effects: `[layer]`, whose sum is the whole.
    ///   - given: another order of the layers, such as by ‖ΔW‖; by default from what adds most.
    public func curve(_ effects: [Double], order given: [Int]? = nil) -> Curve? {
        let whole = effects.reduce(0, +)
        guard whole != 0, whole.isFinite else { return nil }
        let order = given ?? effects.indices.sorted { (effects[$1] / whole, $0) < (effects[$0] / whole, $1) }
        precondition(order.sorted() == Array(effects.indices), "an order of \(order) for \(effects.count) layers")
        let shares = Self.shares(effects, order: order)
        var random = effects.map { _ in [Double]() }
        for order in orders(of: effects.count) {
            for (place, share) in Self.shares(effects, order: order).enumerated() { random[place].append(share) }
        }
        return Curve(
            order: order, shares: shares, random: random.map { $0.quantile(0.5) },
            randomBounds: random.map { ($0.quantile(0.025), $0.quantile(0.975)) },
            fewest: fewest(shares))
    }

    /// Random orders of the layers; the first k of each are a random set of k.
    public func orders(of count: Int) -> [[Int]] {
        var generator = SeededGenerator(seed: seed, stream: SeededGenerator.setStream)
        return (0..<samples).map { _ in generator.shuffled(Array(0..<count)) }
    }

    /// The fewest layers that reach the share asked for, of the shares that the first k + 1 layers add up to, `[k]`.
    public func fewest(_ shares: [Double]) -> Int? { shares.firstIndex { $0 >= share - 1e-12 }.map { $0 + 1 } }

    /// The shares of the whole that the first k + 1 layers of an order add up to, `[k]`.
    public static func shares(_ effects: [Double], order: [Int]) -> [Double] {
        let whole = effects.reduce(0, +)
        var sum = 0.0
        return order.map {
            sum += effects[$0] / whole
            return sum
        }
    }
}
