import Charts
import Interventions
import Notebooks
import Statistics
import Values

/// How few layers are enough when they run together: the first k of an order are the donor's at once, for every k, in runs of their own.
///
/// The order is chosen on the fit pairs, and the sets run over the confirm pairs; beside it stand random orders and the order by ‖ΔW‖.
struct LayerSets {
    static let columns = [
        "count", "layer", "recovery", "random", "random_lower", "random_upper", "layer_by_norm", "recovery_by_norm",
    ]
    static let values = ["sets.layers", "sets.random", "sets.norm"]

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

    var table: Table {
        let (middle, lower, upper) = (quantile(0.5), quantile(tail), quantile(1 - tail))
        return Table(
            columns: Self.columns,
            rows: chosen.indices.map { place in
                [
                    .int(place + 1), .int(order[place]), .number(chosen[place]), .number(middle[place]),
                    .number(lower[place]), .number(upper[place]), .int(byNorm[place]), .number(norm[place]),
                ]
            })
    }

    /// Sets the values and the table; without sets, nothing is known of them.
    static func set(_ found: LayerSets?, in outcome: inout Outcome) {
        func fewest(_ curve: [Double]?) -> Scalar {
            curve?.firstIndex { $0 >= share - 1e-12 }.map { .int($0 + 1) } ?? .null
        }
        outcome.set("sets.layers", fewest(found?.chosen))
        outcome.set("sets.random", fewest(found?.quantile(0.5)))
        outcome.set("sets.norm", fewest(found?.norm))
        outcome.add("sets", found?.table ?? Table(columns: columns))
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
            data: table)
    }
}
