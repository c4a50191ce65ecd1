import Charts
import Experiments
import Notebooks
import Values

/// The figures of doses: the response beside a straight line, or a map of layers, and how far runs are from the tuned model.
struct DoseFigures {
    let found: DoseResponse
    let table: Table

    static let names = ["response", "departure", "kl"]

    var all: [Figure] { found.parts.count > 1 ? [map, departureMap] : [response, departure, divergence] }

    private var scale: Axis { Axis("α, the share of tuning's change") }
    private var rows: [DoseResponse.Row] { found.rows(of: found.parts[0]) }

    private var response: Figure {
        let whole = rows.first { $0.scale == 1 }?.effect.mean ?? 0
        return Figure(
            name: "response", title: "Change of the margin by share of tuning's change",
            description:
                "The mean margin minus the base's with a share α of the change, beside the straight line through α = 0 and 1. Bands hold all doses at once, at 95 % over prompts.",
            chart: LineChart(
                x: scale, y: Axis("change of the margin (nats)", includesZero: true),
                series: [
                    Series(
                        "response", role: .effect,
                        points: rows.map {
                            let band = $0.effect.band ?? $0.effect.interval
                            return Point(
                                x: $0.scale, y: $0.effect.mean, lower: band?.lower, upper: band?.upper,
                                label: "α = \(Scalar.number($0.scale).text)")
                        }),
                    Series(
                        "straight line", role: .control,
                        points: [rows.first, rows.last].compactMap(\.self).map {
                            Point(x: $0.scale, y: whole * $0.scale, label: "α = \(Scalar.number($0.scale).text)")
                        }),
                ]), data: table)
    }

    private var departure: Figure {
        Figure(
            name: "departure", title: "How far the response is from the straight line",
            description:
                "The effect minus α times the effect of the whole change; nothing at 0 and 1 by definition. Bands hold all doses at "
                + "once, at 95 % over prompts.",
            chart: LineChart(
                x: scale, y: Axis("departure (nats)", includesZero: true),
                series: [
                    Series(
                        "departure", role: .effect,
                        points: rows.map {
                            let band = $0.departure?.band ?? $0.departure?.interval
                            return Point(
                                x: $0.scale, y: $0.departure?.mean ?? 0, lower: band?.lower, upper: band?.upper,
                                label: "α = \(Scalar.number($0.scale).text)")
                        })
                ]), data: table)
    }

    private var divergence: Figure {
        Figure(
            name: "kl", title: "Distance from the tuned model by share of tuning's change",
            description:
                "The mean KL(tuned ‖ run) over the positions that predict a response token, with 95 % intervals over prompts.",
            chart: LineChart(
                x: scale, y: Axis("KL from the tuned model (nats)", includesZero: true),
                series: [
                    Series(
                        "KL", role: .effect,
                        points: rows.map {
                            Point(
                                x: $0.scale, y: $0.divergence.mean, lower: $0.divergence.interval?.lower,
                                upper: $0.divergence.interval?.upper, label: "α = \(Scalar.number($0.scale).text)")
                        })
                ]), data: table)
    }

    private var map: Figure {
        map(
            "response", "Change of the margin by layer and share of its own change",
            "change of the margin (nats)"
        ) { $0.effect.mean }
    }

    private var departureMap: Figure {
        map(
            "departure", "How far each layer's response is from a straight line", "departure (nats)"
        ) { $0.departure?.mean ?? 0 }
    }

    private func map(
        _ name: String, _ title: String, _ value: String, of read: (DoseResponse.Row) -> Double
    ) -> Figure {
        let scales = rows.map { Scalar.number($0.scale).text }
        let values = found.parts.map { found.rows(of: $0).map(read) }
        return Figure(
            name: name, title: title,
            description:
                "One row per layer, in which alone the change is made; one column per share α; means over pairs.",
            chart: Heatmap(
                rowTitle: "layer", rows: found.parts.map(\.name), columnTitle: "α", columns: scales, valueTitle: value,
                values: values, scale: .diverging),
            data: Table(
                columns: ["layer"] + scales,
                rows: zip(found.parts, values).map { [.string($0.name)] + $1.map { .optional($0) } }))
    }
}
