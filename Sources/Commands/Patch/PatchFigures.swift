import Charts
import Experiments
import Interventions
import Notebooks
import Statistics
import Values

/// The figures of a sweep: effects with their controls, what each layer adds, interactions, concentration, every pair.
struct PatchFigures {
    let result: PatchResult
    let request: PatchRequest

    private var effects: PatchEffects { result.effects }

    var all: [Figure] { main + sets }

    private var main: [Figure] {
        if Self.isMap(request) { return maps }
        return (Self.isToldByBars(request) && !own.isEmpty ? [] : [byLayer]) + own + interactions + concentration
            + byPair
    }

    /// Names of the figures by layer, the main one first.
    static let byLayerNames = ["effects", "increments", "interaction", "concentration", "pairs"]

    static let setsName = "sets"

    /// Names of the figures that a request may bring, the main one first.
    static func names(_ request: PatchRequest) -> [String] {
        mainNames(request) + (request.sets > 0 ? [setsName] : [])
    }

    private static func mainNames(_ request: PatchRequest) -> [String] {
        guard isMap(request) else {
            return isToldByBars(request) ? Array(byLayerNames.dropFirst()) + [byLayerNames[0]] : byLayerNames
        }
        return request.directions.flatMap { direction in
            request.isByHead
                ? request.positions.map { headsName(direction, $0) } : [identifier("positions-\(direction.rawValue)")]
        }
    }

    private static func isMap(_ request: PatchRequest) -> Bool { request.isByHead || request.positions.count > 1 }

    /// For blocks the bars say all that the line would, unless a control stands beside it.
    private static func isToldByBars(_ request: PatchRequest) -> Bool {
        request.estimand != .patch && request.controls.isEmpty
    }

    private static func headsName(_ direction: Direction, _ positions: Positions) -> String {
        identifier("heads-\(direction.rawValue)-\(positions.name)")
    }

    private static func identifier(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" })
    }

    private var layerAxis: Axis { Axis("layer", isWhole: true) }
    private var unit: String { effects.measures.metric.unit }
    private var metric: String { effects.measures.metric.words }

    /// What the run is, in the words of the method.
    private var kind: String {
        switch request.estimand {
        case .swap: "one block's weights are the donor's"
        case .leaveOneOut: "all but one block's weights are the donor's"
        case .shapley: "Shapley shares"
        case .patch:
            request.rank.map { "\(request.site.rawValue), rank \($0), \(request.basis.rawValue)" }
                ?? (effects.measures.isHybrid
                    ? "cumulative: donor up to the layer, recipient after"
                    : "\(request.site.rawValue) at positions '\(request.positions.first?.name ?? "all")'")
        }
    }

    private var byLayer: Figure {
        let both = effects.measures.directions.count > 1
        var series: [Series] = []
        for direction in effects.measures.directions {
            for control in [.none] + request.controls {
                let rows = effects.rows(direction, control)
                guard control != .itself || rows.contains(where: { $0.effect != 0 }), !rows.isEmpty else { continue }
                let name =
                    control == .none ? words(direction) : "\(control.rawValue)\(both ? ", " + words(direction) : "")"
                series.append(
                    Series(
                        name, role: control == .none ? (direction == .tunedToBase ? .effect : .second) : .control,
                        points: rows.map {
                            let band = $0.statistics.band ?? $0.statistics.interval
                            return Point(
                                x: Double($0.place.layer), y: $0.effect, lower: band?.lower, upper: band?.upper,
                                label: "layer \($0.place.layer)")
                        }))
            }
        }
        let gain = effects.measures.gain.mean
        let references =
            request.estimand == .swap || request.estimand == .shapley
            ? []
            : effects.measures.directions.map { direction in
                direction == .tunedToBase
                    ? LineChart.Reference(gain, label: "whole gain")
                    : LineChart.Reference(-gain, label: "whole gain lost")
            }
        return Figure(
            name: "effects", title: "Change of the \(metric) by layer (\(kind))", description: description,
            chart: LineChart(
                x: layerAxis, y: Axis("change of the \(metric) (\(unit))", includesZero: true), series: series,
                references: references),
            data: table(["layer", "direction", "control", "effect", "lower", "upper", "recovery", "p", "q"]) { _ in true
            })
    }

    private var description: String {
        let silent =
            request.controls.contains(.itself)
            && effects.rows.allSatisfy {
                $0.place.control != .itself || $0.effect == 0
            }
        return effects.measures.directions.map { direction in
            let rows = effects.rows(direction, .none)
            let first = rows.first.map { "\(short($0.effect)) \(unit) at layer \($0.place.layer)" } ?? "nothing"
            let last = rows.last.map { "\(short($0.effect)) at layer \($0.place.layer)" } ?? "nothing"
            return "With \(words(direction)), the mean effect goes from \(first) to \(last)."
        }.joined(separator: " ") + " Bands hold all layers at once, at 95 % over prompts."
            + (silent ? " The self-patch changed nothing and is not drawn." : "")
    }

    /// What each layer itself adds, as bars.
    private var own: [Figure] {
        let found = effects.measures.directions.map { effects.own($0) }
        guard effects.measures.isHybrid || request.estimand != .patch, let layers = found.first?.map(\.layer),
            !layers.isEmpty, found.allSatisfy({ $0.map(\.layer) == layers })
        else { return [] }
        let series = zip(effects.measures.directions, found).map { direction, rows in
            EstimateSeries(
                words(direction), role: direction == .tunedToBase ? .effect : .second,
                estimates: rows.map {
                    Estimate(
                        $0.statistics.mean, lower: $0.statistics.interval?.lower, upper: $0.statistics.interval?.upper)
                })
        }
        let title =
            switch request.estimand {
            case .patch: "What each layer adds to the cumulative effect"
            case .swap: "What each layer's own change does by itself"
            case .leaveOneOut: "What is lost without each layer"
            case .shapley: "What each layer adds, averaged over orders"
            }
        let columns =
            effects.measures.isHybrid || request.estimand == .leaveOneOut
            ? ["layer", "direction", "increment", "increment_lower", "increment_upper", "increment_p"]
            : ["layer", "direction", "effect", "lower", "upper", "p", "order_error"]
        return [
            Figure(
                name: "increments", title: title,
                description:
                    "One bar per layer and direction, with 95 % intervals over prompts. Layers near zero add nothing.",
                chart: BarChart(
                    Categories("layer", names: layers.map(String.init), series: series),
                    value: Axis("change of the \(metric) (\(unit))", includesZero: true)),
                data: table(columns) { $0.place.control == .none })
        ]
    }

    private var interactions: [Figure] {
        let rows = effects.rows(effects.direction, .none).filter { $0.interaction != nil }
        let gain = effects.measures.gain.mean
        guard !rows.isEmpty, gain != 0 else { return [] }
        return [
            Figure(
                name: "interaction", title: "Interaction of what lies below a layer with what lies above",
                description:
                    "The share of the gain that needs the tuned blocks on both sides of a layer: 0 where both sides add up.",
                chart: LineChart(
                    x: layerAxis, y: Axis("share of the gain", includesZero: true),
                    series: [
                        Series(
                            "interaction", role: .effect,
                            points: rows.map {
                                Point(
                                    x: Double($0.place.layer), y: ($0.interaction ?? 0) / gain,
                                    label: "layer \($0.place.layer)")
                            })
                    ]),
                data: table(["layer", "interaction", "interaction_share"]) {
                    $0.place.control == .none && $0.place.direction == effects.direction
                })
        ]
    }

    private var concentration: [Figure] {
        guard let found = result.concentration else { return [] }
        func points(_ values: [Double], _ bounds: [(lower: Double, upper: Double)]? = nil) -> [Point] {
            values.indices.map {
                Point(x: Double($0 + 1), y: values[$0], lower: bounds?[$0].lower, upper: bounds?[$0].upper)
            }
        }
        var series = [
            Series("layers chosen on the fit pairs", role: .effect, points: points(found.curve.shares)),
            Series("random layers", role: .control, points: points(found.curve.random, found.curve.randomBounds)),
        ]
        if let byNorm = found.byNorm {
            series.insert(Series("by ‖ΔW‖", role: .second, points: points(byNorm.shares)), at: 1)
        }
        return [
            Figure(
                name: "concentration", title: "How few layers carry the effect",
                description:
                    "The share of the whole that the first layers add up to on the confirm pairs; the band holds 95 % of random sets.",
                chart: LineChart(
                    x: Axis("number of layers", isWhole: true), y: Axis("share of the whole", includesZero: true),
                    series: series, references: [LineChart.Reference(0.9, label: "90 %")]),
                data: PatchTables.concentration.table(PatchTables.rows(found)))
        ]
    }

    /// Recovery against the number of layers that run together.
    private var sets: [Figure] {
        guard let found = result.sets else { return [] }
        let sizes = found.sizes
        func points(
            _ value: KeyPath<LayerSets.SizedSet, Double>, _ lower: KeyPath<LayerSets.SizedSet, Double>? = nil,
            _ upper: KeyPath<LayerSets.SizedSet, Double>? = nil
        ) -> [Point] {
            sizes.map { size in
                Point(
                    x: Double(size.count), y: size[keyPath: value], lower: lower.map { size[keyPath: $0] },
                    upper: upper.map { size[keyPath: $0] })
            }
        }
        return [
            Figure(
                name: Self.setsName, title: "How few layers are enough when they run together",
                description:
                    "The share of the change of the \(metric) that comes with the donor's first layers at once, on the confirm pairs; "
                    + "the band holds \(found.isRange ? "all" : "95 % of the") \(found.samples) random sets of each size.",
                chart: LineChart(
                    x: Axis("number of layers", isWhole: true), y: Axis("recovery", includesZero: true),
                    series: [
                        Series("layers chosen on the fit pairs", role: .effect, points: points(\.recovery)),
                        Series("by ‖ΔW‖", role: .second, points: points(\.recoveryByNorm)),
                        Series("random layers", role: .control, points: points(\.random, \.lower, \.upper)),
                    ], references: [LineChart.Reference(LayerSets.share, label: "90 %")]),
                data: PatchTables.sets.table(sizes))
        ]
    }

    private var byPair: [Figure] {
        effects.measures.directions.prefix(1).map { direction in
            let rows = effects.rows(direction, .none)
            let gain = effects.measures.gain
            let order = gain.indices.sorted { (gain[$0], $0) > (gain[$1], $1) }
            return Figure(
                name: "pairs", title: "Change of the \(metric) by pair and layer, \(words(direction))",
                description: "One row per pair, those that gained most from tuning at the top; one column per layer.",
                chart: Heatmap(
                    rowTitle: "pair, by gain", rows: order.map(String.init), columnTitle: "layer",
                    columns: rows.map { String($0.place.layer) }, valueTitle: "change of the \(metric) (\(unit))",
                    values: order.map { pair in rows.map { $0.cell.effects[pair] } }, scale: .diverging),
                data: Table(
                    columns: ["pair", "gain"] + rows.map { "layer_\($0.place.layer)" },
                    rows: order.map { pair in
                        [.int(pair), .number(gain[pair])] + rows.map { .number($0.cell.effects[pair]) }
                    }))
        }
    }

    /// Layer × position and layer × head maps of the patch itself.
    private var maps: [Figure] {
        effects.measures.directions.flatMap { direction -> [Figure] in
            let rows = effects.rows(direction, .none)
            return request.positions.compactMap { positions -> Figure? in
                guard request.isByHead else { return nil }
                let names = Set(rows.compactMap(\.place.head)).sorted()
                return map(
                    rows.filter { $0.place.positions == positions }, direction, "head", names.map(String.init),
                    name: Self.headsName(direction, positions)
                ) { $0.place.head.map(String.init) ?? "" }
            }
                + (request.isByHead
                    ? []
                    : [
                        map(
                            rows, direction, "positions", request.positions.map(\.name),
                            name: Self.identifier("positions-\(direction.rawValue)")
                        ) { $0.place.positions.name }
                    ])
        }
    }

    private func map(
        _ rows: [PatchEffects.Row], _ direction: Direction, _ title: String, _ columns: [String], name: String,
        of column: (PatchEffects.Row) -> String
    ) -> Figure {
        var layers: [Int] = []
        for row in rows where !layers.contains(row.place.layer) { layers.append(row.place.layer) }
        let values = layers.map { layer in
            columns.map { name in
                rows.first { $0.place.layer == layer && column($0) == name }?.effect ?? .nan
            }
        }
        return Figure(
            name: name, title: "Change of the \(metric) by layer and \(title), \(words(direction))",
            description: "One row per layer, one column per choice of \(title); the mean over pairs.",
            chart: Heatmap(
                rowTitle: "layer", rows: layers.map(String.init), columnTitle: title, columns: columns,
                valueTitle: "change of the \(metric) (\(unit))", values: values, scale: .diverging),
            data: Table(
                columns: ["layer"] + columns,
                rows: zip(layers, values).map { [.int($0)] + $1.map { .optional($0) } }))
    }

    private func words(_ direction: Direction) -> String {
        direction == .tunedToBase ? "tuned → base" : "base → tuned"
    }

    private func short(_ number: Double) -> String { Scalar.number(number).text }

    /// Some columns of the `layers` table, for the rows of some places.
    private func table(_ columns: [String], _ includes: (PatchEffects.Row) -> Bool) -> Table {
        PatchTables.layers.table(effects.rows.filter(includes)).selecting(columns)
    }
}
