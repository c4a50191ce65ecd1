import Charts
import Interventions
import Notebooks
import Statistics

/// The figures of a sweep: effects by layer with their controls, increments, and every pair at every layer.
struct PatchFigures {
    let effects: SweepEffects

    init(_ effects: SweepEffects) { self.effects = effects }

    var all: [Figure] { [byLayer] + increments + byPair }

    private var layerAxis: Axis { Axis("layer", isWhole: true) }

    /// What the patch is, in the words of the method.
    private var kind: String {
        effects.isHybrid
            ? "cumulative: donor up to the layer, recipient after"
            : "at positions '\(effects.sweep.positions.name)'"
    }

    private var byLayer: Figure {
        let both = effects.sweep.directions.count > 1
        var series: [Series] = []
        for direction in effects.sweep.directions {
            for control in effects.sweep.controls {
                let rows = effects.rows(direction, control)
                guard control != .itself || rows.contains(where: { $0.effect != 0 }) else { continue }
                let name =
                    control == .none ? words(direction) : "\(control.rawValue)\(both ? ", " + words(direction) : "")"
                series.append(
                    Series(
                        name, role: control == .none ? (direction == .tunedToBase ? .effect : .second) : .control,
                        points: rows.map {
                            Point(
                                x: Double($0.layer), y: $0.effect, lower: $0.interval?.lower, upper: $0.interval?.upper,
                                label: "layer \($0.layer)")
                        }))
            }
        }
        let gain = effects.gain.mean
        let references = effects.sweep.directions.map { direction in
            direction == .tunedToBase
                ? LineChart.Reference(gain, label: "whole gain") : LineChart.Reference(-gain, label: "whole gain lost")
        }
        let silent = effects.sweep.controls.contains(.itself) ? " The self-patch changed nothing and is not drawn." : ""
        return Figure(
            name: "effects", title: "Change of the margin by patched layer (\(kind))",
            description: description + (series.contains { $0.label.hasPrefix("self") } ? "" : silent),
            chart: LineChart(
                x: layerAxis, y: Axis("change of the margin (nats)", includesZero: true), series: series,
                references: references),
            data: table(["layer", "direction", "control", "effect", "lower", "upper", "recovery", "p", "q"]) { _ in true
            })
    }

    private var description: String {
        effects.sweep.directions.map { direction in
            let rows = effects.rows(direction, .none)
            let first = rows.first.map { "\(short($0.effect)) nats at layer \($0.layer)" } ?? "nothing"
            let last = rows.last.map { "\(short($0.effect)) at layer \($0.layer)" } ?? "nothing"
            return "Patching \(words(direction)), the mean effect goes from \(first) to \(last)."
        }.joined(separator: " ") + " Bands are 95 % intervals over prompts."
    }

    private var increments: [Figure] {
        let rows = effects.sweep.directions.map { effects.rows($0, .none).filter { $0.increment != nil } }
        guard effects.isHybrid, let layers = rows.first?.map(\.layer), !layers.isEmpty else { return [] }
        let series = zip(effects.sweep.directions, rows).map { direction, rows in
            EstimateSeries(
                words(direction), role: direction == .tunedToBase ? .effect : .second,
                estimates: rows.map {
                    Estimate(
                        $0.increment?.mean, lower: $0.increment?.interval?.lower, upper: $0.increment?.interval?.upper)
                })
        }
        return [
            Figure(
                name: "increments", title: "What each layer adds to the cumulative effect",
                description:
                    "The difference between patching after a layer and after the layer before it, with 95 % intervals "
                    + "over prompts. Layers near zero add nothing in this order.",
                chart: BarChart(
                    Categories("layer", names: layers.map(String.init), series: series),
                    value: Axis("increment (nats)", includesZero: true)),
                data: table(
                    ["layer", "direction", "increment", "increment_lower", "increment_upper", "increment_p"]
                ) { $0.control == .none })
        ]
    }

    private var byPair: [Figure] {
        effects.sweep.directions.prefix(1).map { direction in
            let rows = effects.rows(direction, .none)
            let order = effects.gain.indices.sorted { (effects.gain[$0], $0) > (effects.gain[$1], $1) }
            return Figure(
                name: "pairs", title: "Change of the margin by pair and layer, patching \(words(direction))",
                description: "One row a pair, those that gained most from tuning at the top; one column a layer.",
                chart: Heatmap(
                    rowTitle: "pair, by gain", rows: order.map(String.init), columnTitle: "layer",
                    columns: rows.map { String($0.layer) }, valueTitle: "change of the margin (nats)",
                    values: order.map { pair in rows.map { $0.effects[pair] } }, scale: .diverging),
                data: Table(
                    columns: ["pair", "gain"] + rows.map { "layer_\($0.layer)" },
                    rows: order.map { pair in
                        [.int(pair), .number(effects.gain[pair])] + rows.map { .number($0.effects[pair]) }
                    }))
        }
    }

    private func words(_ direction: Direction) -> String {
        direction == .tunedToBase ? "tuned → base" : "base → tuned"
    }

    private func short(_ number: Double) -> String { ValueFormat.plain.format(.number(number)) }

    /// Some columns of the `layers` table, for the rows of some patches.
    private func table(_ columns: [String], _ includes: (SweepEffects.Row) -> Bool) -> Table {
        guard let layers = PatchSummary(effects).outcome().table("layers") else { return Table(columns: columns) }
        let places = columns.compactMap { layers.index(of: $0) }
        let rows = zip(effects.rows, layers.rows).filter { includes($0.0) }.map { $0.1 }
        return Table(columns: columns, rows: rows.map { row in places.map { row[$0] } })
    }
}
