import Charts
import Experiments
import Notebooks
import Values

/// The figures of four cells: effects by layer, or of the one layer there is, and the cells they come from.
struct FactorialFigures {
    let found: FactorialEffects
    let unit: String
    /// The tables of effects and of cells.
    let effects, cells: Table

    static let names = ["effects", "cells"]

    var all: [Figure] { [effectsFigure, cellsFigure] }

    private var hasLayers: Bool { found.cells.count > 1 }
    private var value: Axis { Axis("margin (\(unit))", includesZero: true) }
    private var layerAxis: Axis { Axis("first of the later layers", isWhole: true) }

    private var effectsFigure: Figure {
        let chosen = found.chosen
        let sentence = [FourCells.Effect.lateGivenBase, .lateGivenTuned, .interaction].compactMap { effect in
            chosen?[effect].map { "\(effect.label): \(Scalar.number($0.mean).text) \(unit)" }
        }.joined(separator: "; ")
        return Figure(
            name: "effects", title: "What the later layers add, after either model's earlier layers",
            description:
                "The change of the margin that comes with the tuned model's later layers, after the base's and after the "
                + "tuned model's earlier ones, and the second minus the first (interaction). "
                + (hasLayers
                    ? "Bands hold all layers at once, at 95 % over prompts. At layer \(chosen?.layer.map(String.init) ?? "?"), "
                    : "Intervals are 95 % over prompts. ") + sentence + ".",
            chart: hasLayers ? lines : marks, data: effects)
    }

    private var lines: any Graphic {
        LineChart(
            x: layerAxis, y: Axis("change of the margin (\(unit))", includesZero: true),
            series: FourCells.Effect.allCases.map { effect in
                Series(
                    effect.label, role: effect.role,
                    points: found.rows.filter { $0.effect == effect }.map { row in
                        let band = row.statistics.band ?? row.statistics.interval
                        return Point(
                            x: Double(row.layer ?? 0), y: row.statistics.mean, lower: band?.lower, upper: band?.upper,
                            label: "layer \(row.layer ?? 0)")
                    })
            }, references: [LineChart.Reference(found.gain.mean, label: "whole gain")])
    }

    private var marks: any Graphic {
        IntervalChart(
            Categories(
                "effect", names: found.rows.map(\.effect.label),
                series: [
                    EstimateSeries(
                        "effect", role: .effect,
                        estimates: found.rows.map { Estimate($0.statistics.mean, $0.statistics.interval) })
                ]), value: Axis("change of the margin (\(unit))", includesZero: true))
    }

    private var cellsFigure: Figure {
        Figure(
            name: "cells", title: "The four margins that the effects are made of",
            description:
                "Mean margins with earlier layers from one model and later layers from one, with 95 % intervals over prompts."
                + (hasLayers ? " Both models as they are do not depend on the layer." : ""),
            chart: hasLayers ? cellLines : cellMarks, data: cells)
    }

    private var cellLines: any Graphic {
        func series(_ label: String, _ role: Role, upstreamIsTuned: Bool, laterIsTuned: Bool) -> Series {
            Series(
                label, role: role,
                points: found.means.filter {
                    $0.upstreamIsTuned == upstreamIsTuned && $0.laterIsTuned == laterIsTuned
                }.map {
                    Point(
                        x: Double($0.layer ?? 0), y: $0.mean, lower: $0.interval?.lower, upper: $0.interval?.upper,
                        label: "layer \($0.layer ?? 0)")
                })
        }
        return LineChart(
            x: layerAxis, y: value,
            series: [
                series("tuned, then base", .effect, upstreamIsTuned: true, laterIsTuned: false),
                series("base, then tuned", .second, upstreamIsTuned: false, laterIsTuned: true),
                series("tuned", .control, upstreamIsTuned: true, laterIsTuned: true),
                series("base", .control, upstreamIsTuned: false, laterIsTuned: false),
            ])
    }

    private var cellMarks: any Graphic {
        func series(_ label: String, _ role: Role, laterIsTuned: Bool) -> EstimateSeries {
            EstimateSeries(
                label, role: role,
                estimates: found.means.filter { $0.laterIsTuned == laterIsTuned }.map {
                    Estimate($0.mean, $0.interval)
                })
        }
        return IntervalChart(
            Categories(
                "earlier layers", names: ["base", "tuned"],
                series: [
                    series("later layers: base", .second, laterIsTuned: false),
                    series("later layers: tuned", .effect, laterIsTuned: true),
                ]), value: value)
    }
}
