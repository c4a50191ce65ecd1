import Charts
import Experiments
import Notebooks
import Values

/// The figures of a lineage: what each layer adds in each transition, in order and averaged over orders, and the gains.
struct LineageFigures {
    let found: Lineage
    let transitions, layers: Table

    static let names = ["increments", "shapley", "gains"]

    var all: [Figure] {
        [
            lines(
                "increments", "What each layer adds, transition by transition",
                "The increment of each layer in the order of the layers, one line per transition, with 95 % intervals over prompts.",
                columns: ["stage", "layer", "increment", "increment_lower", "increment_upper"]
            ) { _, row in row.increment.map { ($0.mean, $0.interval?.lower, $0.interval?.upper) } },
            lines(
                "shapley", "What each layer adds on average over orders, transition by transition",
                "The Shapley share of each layer, one line per transition, with 95 % intervals over prompts.",
                columns: ["stage", "layer", "shapley", "shapley_lower", "shapley_upper"]
            ) { transition, row in
                transition.share(ofLayer: row.place.layer).map {
                    ($0.effect, $0.statistics.interval?.lower, $0.statistics.interval?.upper)
                }
            },
            gains,
        ]
    }

    private typealias Mean = (mean: Double, lower: Double?, upper: Double?)

    private func lines(
        _ name: String, _ title: String, _ description: String, columns: [String],
        of read: (Lineage.Transition, PatchEffects.Row) -> Mean?
    ) -> Figure {
        Figure(
            name: name, title: title, description: description,
            chart: LineChart(
                x: Axis("layer", isWhole: true), y: Axis("change of the margin (nats)", includesZero: true),
                series: found.transitions.enumerated().map { place, transition in
                    Series(
                        transition.name, role: place == 0 ? .effect : place == 1 ? .second : .other,
                        points: transition.rows.compactMap { row in
                            read(transition, row).map {
                                Point(
                                    x: Double(row.place.layer), y: $0.mean, lower: $0.lower, upper: $0.upper,
                                    label: "layer \(row.place.layer)")
                            }
                        })
                }), data: layers.selecting(columns))
    }

    private var gains: Figure {
        Figure(
            name: "gains", title: "The gain of each transition",
            description:
                "The mean gain of each transition, with 95 % intervals over prompts. They sum to the gain of the whole, which the "
                + "line marks.",
            chart: IntervalChart(
                Categories(
                    "transition", names: found.transitions.map(\.name),
                    series: [
                        EstimateSeries(
                            "gain", role: .effect,
                            estimates: found.transitions.map {
                                Estimate(
                                    $0.gain?.mean, lower: $0.gain?.interval?.lower, upper: $0.gain?.interval?.upper)
                            })
                    ]), value: Axis("gain (nats)", includesZero: true),
                references: [Reference(found.whole.mean, label: "whole gain")]), data: transitions)
    }
}
