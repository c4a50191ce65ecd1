import Interventions
import Statistics

/// How few layers are enough when they run together: the first k of an order are the donor's at once, for every k, in runs of their own.
///
/// The order is chosen on the fit pairs, and the sets run over the confirm pairs; beside it stand random orders and the order by ‖ΔW‖.
public struct LayerSets: Sendable {
    /// The first layers of each order that run together.
    public struct SizedSet: Sendable {
        /// How many layers, and the one that joins.
        public let count, layer: Int
        /// Shares of the gain that come with them: of the chosen order, and of random ones with their band.
        public let recovery, random, lower, upper: Double
        /// The layer that joins in the order of ‖ΔW‖.
        public let layerByNorm: Int
        /// The share of the gain that comes in that order.
        public let recoveryByNorm: Double
    }

    /// The share of the whole to reach.
    public static let share = 0.9

    private let order: [Int]
    private let byNorm: [Int]
    /// Recoveries of the first k + 1 layers of each order, `[k]`.
    private let chosen, norm: [Double]
    /// `[order][k]`
    private let random: [[Double]]

    /// Runs the sets; nil where the layers have no one number each, or the models have no gain to recover.
    init?(_ run: PatchRun<some RunContext>, _ effects: PatchEffects, norms: [Double]) throws {
        guard let own = OwnEffects(effects) else { return nil }
        let layers = own.layers
        let direction = effects.direction
        let largest = own.order(by: norms)
        let drawn = Concentration(samples: run.request.sets, seed: effects.seed).orders(of: layers.count)
        let orders = [own.order, largest] + drawn
        let routes = orders.flatMap { order in
            order.indices.map { last in
                Route(
                    recipient: direction.recipient, layers: run.models.layers,
                    donated: order[...last].map { layers[$0] })
            }
        }
        let judged = run.over(run.pairs.at(effects.halves.confirm))
        let margins = try judged.margins(routes, name: "sets")
        let clean = Source.allCases.map { judged.metric(margins.byRoute[$0.rawValue]).mean }
        let recipient = clean[direction.recipient.rawValue]
        let whole = clean[direction.donor.rawValue] - recipient
        guard whole != 0 else { return nil }
        let curves = orders.indices.map { number in
            layers.indices.map { place in
                (judged.metric(margins.byRoute[2 + number * layers.count + place]).mean - recipient) / whole
            }
        }
        order = own.order.map { layers[$0] }
        byNorm = largest.map { layers[$0] }
        chosen = curves[0]
        norm = curves[1]
        random = Array(curves.dropFirst(2))
    }

    /// How many random sets of each size there are.
    public var samples: Int { random.count }

    /// Whether the band of random sets runs from the lowest to the highest of them, for there are too few for percentiles.
    public var isRange: Bool { samples < 40 }

    /// Random sets' recoveries of one size, at a quantile, `[k]`.
    private func quantile(_ share: Double) -> [Double] {
        chosen.indices.map { place in random.map { $0[place] }.quantile(share) }
    }

    /// One for each number of layers.
    public var sizes: [SizedSet] {
        let tail = isRange ? 0 : 0.025
        let (middle, lower, upper) = (quantile(0.5), quantile(tail), quantile(1 - tail))
        return chosen.indices.map { place in
            SizedSet(
                count: place + 1, layer: order[place], recovery: chosen[place], random: middle[place],
                lower: lower[place], upper: upper[place], layerByNorm: byNorm[place], recoveryByNorm: norm[place])
        }
    }

    /// The fewest layers that reach ``share``: of those chosen, of random ones in the median, and in the order of ‖ΔW‖.
    public var fewest: (chosen: Int?, random: Int?, byNorm: Int?) {
        func fewest(_ curve: [Double]) -> Int? { curve.firstIndex { $0 >= Self.share - 1e-12 }.map { $0 + 1 } }
        return (fewest(chosen), fewest(quantile(0.5)), fewest(norm))
    }
}
