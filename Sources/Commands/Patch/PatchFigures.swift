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

    var effects: PatchEffects { result.effects }

    var all: [Figure] { main + sets }

    private var main: [Figure] {
        if Self.isMap(request) { return maps }
        return (Self.isToldByBars(request) && !own.isEmpty ? [] : byLayer) + own + interactions + concentration
            + byPair
    }

    /// Names of the figures by layer, the main one first.
    static let byLayerNames = [
        "effects", largerName, "increments", "equal-length", "interaction", "concentration", "pairs",
    ]

    static let setsName = "sets"

    private static let largerName = "larger-controls"

    /// Names of the figures that a request may bring, the main one first.
    static func names(_ request: PatchRequest) -> [String] {
        mainNames(request) + (request.sets > 0 ? [setsName] : [])
    }

    private static func mainNames(_ request: PatchRequest) -> [String] {
        guard isMap(request) else {
            let names = byLayerNames.filter { $0 != largerName || isSparse(request) && !request.controls.isEmpty }
            return isToldByBars(request) ? Array(names.dropFirst()) + [names[0]] : names
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

    static func headsName(_ direction: Direction, _ positions: Positions) -> String {
        identifier("heads-\(direction.rawValue)-\(positions.name)")
    }

    static func identifier(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" })
    }

    private var layerAxis: Axis { Axis("layer", isWhole: true) }
    var unit: String { effects.measures.metric.unit }
    var metric: String { effects.measures.metric.words }

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

    /// The patch and its controls; where few layers were measured, controls with much larger effects get their own figure.
    private var byLayer: [Figure] {
        let both = effects.measures.directions.count > 1
        var runs: [(direction: Direction, control: Control, series: Series, size: Double)] = []
        for direction in effects.measures.directions {
            for control in [.none] + request.controls {
                let rows = effects.rows(direction, control)
                guard control != .itself || rows.contains(where: { $0.effect != 0 }), !rows.isEmpty else { continue }
                let name =
                    control == .none ? words(direction) : "\(control.words)\(both ? ", " + words(direction) : "")"
                let series = Series(
                    name, role: control == .none ? (direction == .tunedToBase ? .effect : .second) : .control,
                    points: rows.map {
                        let band = $0.statistics.band ?? $0.statistics.interval
                        return Point(
                            x: Double($0.place.layer), y: $0.effect, lower: band?.lower, upper: band?.upper,
                            label: "layer \($0.place.layer)")
                    })
                runs.append((direction, control, series, rows.map { abs($0.effect) }.max() ?? 0))
            }
        }
        let gain = effects.measures.gain.mean
        let references =
            request.estimand == .swap || request.estimand == .shapley
            ? []
            : effects.measures.directions.map { direction in
                direction == .tunedToBase
                    ? LineChart.Reference(
                        gain, label: effects.measures.metric == .divergence ? "the tuned model" : "whole gain")
                    : LineChart.Reference(-gain, label: "whole gain lost")
            }
        let title = "Change of the \(metric) \(Self.isSparse(request) ? "at \(layersInWords)" : "by layer") (\(kind))"
        let columns = ["layer", "direction", "control", "effect", "lower", "upper", "recovery", "p"]
        guard Self.isSparse(request) else {
            return [
                Figure(
                    name: Self.byLayerNames[0], title: title, description: description,
                    chart: LineChart(x: layerAxis, y: effectAxis, series: runs.map(\.series), references: references),
                    data: table(columns) { _ in true })
            ]
        }
        let limit = 5 * (runs.filter { $0.control == .none }.map(\.size).max() ?? 0)
        let near = runs.filter { $0.size <= limit }.map(\.series)
        let far = runs.filter { $0.size > limit }
        let patch = Figure(
            name: Self.byLayerNames[0], title: title, description: description,
            chart: sparse(near, references), data: table(columns) { _ in true })
        guard !far.isEmpty else { return [patch] }
        return [
            patch,
            Figure(
                name: Self.largerName, title: "Controls with much larger effects",
                description:
                    "The same for controls that change the \(metric) more than five times as much as the patch does.",
                chart: sparse(far.map(\.series)),
                data: table(columns) { row in
                    far.contains { $0.control == row.place.control && $0.direction == row.place.direction }
                }),
        ]
    }

    /// `layer 23`, `layers 7, 15 and 23`
    private var layersInWords: String {
        (request.layers.count == 1 ? "layer " : "layers ") + request.layers.map(String.init).inWords
    }

    private var effectAxis: Axis { Axis("change of the \(metric) (\(unit))", includesZero: true) }

    /// Whether so few layers were measured that a line between them would show layers that were not.
    private static func isSparse(_ request: PatchRequest) -> Bool { request.layers.count <= 3 }

    /// One row for the patch and each control, with a mark for each layer.
    private func sparse(_ rows: [Series], _ references: [Reference] = []) -> IntervalChart {
        let layers = request.layers.enumerated().map { place, layer in
            EstimateSeries(
                "layer \(layer)", role: [.effect, .second, .other][place],
                estimates: rows.map { row in
                    let point = row.points.first { $0.x == Double(layer) }
                    return Estimate(point?.y, lower: point?.lower, upper: point?.upper)
                })
        }
        return IntervalChart(
            Categories("run", names: rows.map(\.label), series: layers), value: effectAxis, references: references)
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
            guard rows.count > 1 else { return "With \(words(direction)), the mean effect is \(first)." }
            return "With \(words(direction)), the mean effect goes from \(first) to \(last)."
        }.joined(separator: " ")
            + (request.layers.count == 1
                ? " Intervals are 95 % over prompts."
                : " \(Self.isSparse(request) ? "Intervals" : "Bands") are 95 % over prompts, joint over all layers of a run.")
            + (silent ? " The self-patch changed nothing and is not drawn." : "")
    }

    /// What each layer itself adds, as bars: over all pairs, and at equal length.
    private var own: [Figure] {
        let found = effects.measures.directions.map { effects.own($0) }
        guard effects.measures.isHybrid || request.estimand != .patch, let layers = found.first?.map(\.layer),
            !layers.isEmpty, found.allSatisfy({ $0.map(\.layer) == layers })
        else { return [] }
        func chart(_ estimate: (EffectStatistics.Row) -> LengthSplit.Estimate) -> BarChart {
            let series = zip(effects.measures.directions, found).map { direction, rows in
                EstimateSeries(
                    words(direction), role: direction == .tunedToBase ? .effect : .second,
                    estimates: rows.map {
                        let (mean, interval) = estimate($0.statistics)
                        return Estimate(mean, interval)
                    })
            }
            return BarChart(
                Categories("layer", names: layers.map(String.init), series: series),
                value: Axis("change of the \(metric) (\(unit))", includesZero: true))
        }
        let title =
            switch request.estimand {
            case .patch: "What each layer adds to the cumulative effect"
            case .swap: "What each layer's own change does by itself"
            case .leaveOneOut: "What is lost without each layer"
            case .shapley: "What each layer adds, averaged over orders"
            }
        let isStep = effects.measures.isHybrid || request.estimand == .leaveOneOut
        let stem = isStep ? "increment" : "effect"
        let ends =
            isStep ? ["increment_lower", "increment_upper", "increment_p"] : ["lower", "upper", "p", "order_error"]
        let equal = (isStep ? "increment_" : "") + "equal_length"
        let increments = Figure(
            name: "increments", title: title,
            description:
                "One bar per layer\(found.count > 1 ? " and direction" : ""), with 95 % intervals over prompts, for one layer at a time.",
            chart: chart { ($0.mean, $0.interval) },
            data: table(["layer", "direction", stem] + ends) { $0.place.control == .none })
        guard effects.rows.contains(where: { $0.statistics.length != nil }) else { return [increments] }
        return [
            increments,
            Figure(
                name: "equal-length", title: "\(title), where both responses are equally long",
                description:
                    "The same at equal length: the intercept of a line through the pairs, on the rejected response's tokens minus "
                    + "the chosen one's. What differs from the figure over all pairs goes with length.",
                chart: chart { $0.length?.equalLength ?? (.nan, nil) },
                data: table(["layer", "direction", equal, "\(equal)_lower", "\(equal)_upper", "\(equal)_p"]) {
                    $0.place.control == .none
                }),
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
                    "The share of the gain that needs the tuned blocks on both sides of a layer: 0 where both sides add up. "
                    + (effects.measures.metric == .divergence
                        ? "A KL is not a sum of what layers do, so read the interaction on the margin. " : "")
                    + "The band is the 95 % interval over prompts, for one layer at a time.",
                chart: LineChart(
                    x: layerAxis, y: Axis("share of the gain", includesZero: true),
                    series: [
                        Series(
                            "interaction", role: .effect,
                            points: rows.map {
                                let share = $0.interaction?.recovery
                                return Point(
                                    x: Double($0.place.layer), y: share?.estimate ?? .nan, lower: share?.lower,
                                    upper: share?.upper, label: "layer \($0.place.layer)")
                            })
                    ]),
                data: table([
                    "layer", "interaction", "interaction_share", "interaction_share_lower", "interaction_share_upper",
                ]) {
                    $0.place.control == .none && $0.place.direction == effects.direction
                })
        ]
    }

    private var concentration: [Figure] {
        guard let found = result.concentration else { return [] }
        func points(_ values: [Double], _ bounds: [(lower: Double, upper: Double)?] = []) -> [Point] {
            values.indices.map { place in
                let ends = place < bounds.count ? bounds[place] : nil
                return Point(x: Double(place + 1), y: values[place], lower: ends?.lower, upper: ends?.upper)
            }
        }
        let intervals = found.shares.map { $0.map { (lower: $0.lower, upper: $0.upper) } }
        var series = [
            Series(chosenLayers, role: .effect, points: points(found.curve.shares, intervals)),
            Series("random layers", role: .control, points: points(found.curve.random, found.curve.randomBounds)),
        ]
        if let byNorm = found.byNorm {
            series.insert(Series("by weight change ‖ΔW‖", role: .second, points: points(byNorm.shares)), at: 1)
        }
        return [
            Figure(
                name: "concentration", title: "How few layers carry the effect",
                description:
                    "The share of the whole that the first layers add up to\(effects.halves.areApart ? " on the confirm pairs" : ""), with 95 % "
                    + "intervals over prompts for this order of the layers; the band of the random layers holds 95 % of random sets.",
                chart: LineChart(
                    x: Axis("number of layers", isWhole: true), y: Axis("share of the whole", includesZero: true),
                    series: series, references: [LineChart.Reference(0.9, label: "90 %")]),
                data: PatchTables.concentration.table(PatchTables.rows(found)))
        ]
    }

    private var chosenLayers: String {
        effects.halves.areApart ? "layers chosen on the fit pairs" : "layers chosen on the same pairs"
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
                        Series(chosenLayers, role: .effect, points: points(\.recovery)),
                        Series("by weight change ‖ΔW‖", role: .second, points: points(\.recoveryByNorm)),
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
                description:
                    "One row per pair, the largest tuned minus base at the top and the smallest at the bottom; one column per layer.",
                chart: Heatmap(
                    rowTitle: "pair, by tuned minus base", rows: order.map(String.init), columnTitle: "layer",
                    columns: rows.map { String($0.place.layer) }, valueTitle: "change of the \(metric) (\(unit))",
                    values: order.map { pair in rows.map { $0.cell.effects[pair] } }, scale: .diverging),
                data: Table(
                    columns: ["pair", "gain"] + rows.map { "layer_\($0.place.layer)" },
                    rows: order.map { pair in
                        [.int(pair), .number(gain[pair])] + rows.map { .number($0.cell.effects[pair]) }
                    }))
        }
    }

    func words(_ direction: Direction) -> String {
        direction == .tunedToBase ? "tuned → base" : "base → tuned"
    }

    private func short(_ number: Double) -> String { Scalar.number(number).text }

    /// Some columns of the `layers` table, for the rows of some places.
    private func table(_ columns: [String], _ includes: (PatchEffects.Row) -> Bool) -> Table {
        PatchTables.layers.table(effects.rows.filter(includes)).selecting(columns)
    }
}

extension Control {
    /// What it puts in the donor's place, in words.
    fileprivate var words: String {
        switch self {
        case .none: "the patch"
        case .itself: "self-patch"
        case .shuffled: "another pair's activation"
        case .shuffledDifference: "another pair's difference"
        case .exchanged: "the other response's activation"
        case .neutral: "a neutral text's activation"
        case .random: "random direction"
        case .covariance: "random, by covariance"
        case .baseDifference: "difference of two activations"
        case .flipped: "difference reversed"
        case .lengthMatched: "pairs of similar lengths"
        }
    }
}
