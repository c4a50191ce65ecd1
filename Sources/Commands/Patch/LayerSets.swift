import Charts
import Interventions
import Notebooks
import Statistics
import Values

/// How few layers are enough when they run together: the first k of an order are the donor's at once, for every k, in runs of their own.
///
/// The order is chosen on the fit pairs, and the sets run over the confirm pairs; beside it stand random orders and the order by ‖ΔW‖.
struct LayerSets {
    static let values = OutputValues<LayerSets> {
        Output("sets.layers", "the fewest layers, chosen on the fit pairs, that recover 90 % when they run together") {
            $0.fewest($0.chosen)
        }
        Output("sets.random", "how many random layers do, in the median") { $0.fewest($0.quantile(0.5)) }
        Output("sets.norm", "how many layers in the order of ‖ΔW‖ do") { $0.fewest($0.norm) }
    }

    static let table = OutputTable<SizedSet>("sets") {
        Output("count", "how many layers run together") { $0.count }
        Output("layer", "the layer that joins") { $0.layer }
        Output("recovery", "the share of the gain that comes with them, on the confirm pairs") { $0.recovery }
        Output("random", "the same for random layers, in the median") { $0.random }
        Output("random_lower", "the 2.5th percentile of random layers; of fewer than 40 sets, the lowest") { $0.lower }
        Output("random_upper", "the 97.5th percentile of random layers; of fewer than 40 sets, the highest") {
            $0.upper
        }
        Output("layer_by_norm", "the layer that joins in the order of ‖ΔW‖") { $0.layerByNorm }
        Output("recovery_by_norm", "the share of the gain that comes in that order") { $0.recoveryByNorm }
    }

    /// The first layers of each order that run together.
    struct SizedSet {
        let count, layer: Int
        let recovery, random, lower, upper: Double
        let layerByNorm: Int
        let recoveryByNorm: Double
    }

    /// The share of the whole to reach.
    private static let share = 0.9

    private let order: [Int]
    private let byNorm: [Int]
    /// Recoveries of the first k + 1 layers of each order, `[k]`.
    private let chosen, norm: [Double]
    /// `[order][k]`
    private let random: [[Double]]

    /// Runs the sets; nil where the layers have no one number each, or the models have no gain to recover.
    init?(_ run: PatchRun, _ effects: PatchEffects, norms: [Double]) throws {
        let own = effects.own(effects.direction)
        let layers = own.map(\.layer)
        guard own.count > 1, Set(layers).count == own.count else { return nil }
        let direction = effects.direction
        let fit = own.map { $0.values.at(effects.halves.fit).mean }
        let sign = fit.reduce(0, +) < 0 ? -1.0 : 1
        let best = fit.indices.sorted { (sign * fit[$1], $0) < (sign * fit[$0], $1) }
        let largest = layers.indices.sorted { (norms[layers[$1]], $0) < (norms[layers[$0]], $1) }
        let drawn = Concentration(samples: run.request.sets, seed: effects.seed).orders(of: layers.count)
        let orders = [best, largest] + drawn
        let routes = orders.flatMap { order in
            order.indices.map { last in
                Route(
                    recipient: direction.recipient, layers: run.models.layers,
                    donated: order[...last].map { layers[$0] })
            }
        }
        let judged = PatchRun(
            run.request, models: run.models,
            pairs: run.pairs.enumerated().filter {
                effects.halves.confirm.contains($0.offset)
            }.map(\.element), fitting: [], bindings: run.bindings)
        let margins = try judged.margins(judged.cleanRoutes + routes, name: "sets")
        let clean = Source.allCases.map { judged.metric(margins.byRoute[$0.rawValue]).mean }
        let recipient = clean[direction.recipient.rawValue]
        let whole = clean[direction.donor.rawValue] - recipient
        guard whole != 0 else { return nil }
        let curves = orders.indices.map { number in
            layers.indices.map { place in
                (judged.metric(margins.byRoute[2 + number * layers.count + place]).mean - recipient) / whole
            }
        }
        order = best.map { layers[$0] }
        byNorm = largest.map { layers[$0] }
        chosen = curves[0]
        norm = curves[1]
        random = Array(curves.dropFirst(2))
    }

    /// With so few random sets, the band runs from the lowest to the highest of them.
    private var isRange: Bool { random.count < 40 }
    private var tail: Double { isRange ? 0 : 0.025 }

    /// Random sets' recoveries of one size, at a quantile, `[k]`.
    private func quantile(_ share: Double) -> [Double] {
        chosen.indices.map { place in random.map { $0[place] }.quantile(share) }
    }

    /// The rows of the table.
    var sets: [SizedSet] {
        let (middle, lower, upper) = (quantile(0.5), quantile(tail), quantile(1 - tail))
        return chosen.indices.map { place in
            SizedSet(
                count: place + 1, layer: order[place], recovery: chosen[place], random: middle[place],
                lower: lower[place], upper: upper[place], layerByNorm: byNorm[place], recoveryByNorm: norm[place])
        }
    }

    private func fewest(_ curve: [Double]) -> Int? {
        curve.firstIndex { $0 >= Self.share - 1e-12 }.map { $0 + 1 }
    }

    /// Recovery against the number of layers.
    func figure(_ metric: String) -> Figure {
        func points(_ values: [Double], _ bounds: (lower: [Double], upper: [Double])? = nil) -> [Point] {
            values.indices.map {
                Point(x: Double($0 + 1), y: values[$0], lower: bounds?.lower[$0], upper: bounds?.upper[$0])
            }
        }
        return Figure(
            name: "sets", title: "How few layers are enough when they run together",
            description:
                "The share of the change of the \(metric) that comes with the donor's first layers at once, on the confirm pairs; "
                + "the band holds \(isRange ? "all" : "95 % of the") \(random.count) random sets of each size.",
            chart: LineChart(
                x: Axis("number of layers", isWhole: true), y: Axis("recovery", includesZero: true),
                series: [
                    Series("layers chosen on the fit pairs", role: .effect, points: points(chosen)),
                    Series("by ‖ΔW‖", role: .second, points: points(norm)),
                    Series(
                        "random layers", role: .control,
                        points: points(quantile(0.5), (quantile(tail), quantile(1 - tail)))),
                ], references: [LineChart.Reference(Self.share, label: "90 %")]),
            data: Self.table.table(sets))
    }
}
