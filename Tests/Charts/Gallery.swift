import Charts

/// Every kind of chart on plain data and on awkward data; each has a snapshot.
enum Gallery {
    struct Example: Sendable, CustomStringConvertible {
        let name: String
        let chart: any Chart
        var description: String { name }
    }

    static let all: [Example] =
        lines + logarithmic + bars + intervals + stems + histograms + heatmaps + scatters + multiples

    // MARK: Made-up data, the same on every machine

    /// A number from −1 to 1 that looks random: the fractional part of a large sine-free product.
    static func noise(_ index: Int, _ seed: Int = 1) -> Double {
        var state = UInt64(truncatingIfNeeded: index &* 0x9E37_79B9 &+ seed &* 0x85EB_CA6B) &+ 0x1234_5678_9ABC_DEF1
        state ^= state >> 30
        state &*= 0xBF58_476D_1CE4_E5B9
        state ^= state >> 27
        state &*= 0x94D0_49BB_1331_11EB
        state ^= state >> 31
        return Double(state >> 11) / Double(1 << 52) - 1
    }

    /// A step from 0 to `height` around layer `middle`.
    static func step(_ layer: Int, middle: Double, height: Double) -> Double {
        let distance = Double(layer) - middle
        return height / 2 * (1 + distance / (1 + abs(distance)))
    }

    static func effect(_ layers: Int, middle: Double, height: Double, spread: Double, seed: Int) -> [Point] {
        (0..<layers).map { layer in
            let y = step(layer, middle: middle, height: height) + noise(layer, seed) * spread / 3
            return Point(x: Double(layer), y: y, lower: y - spread, upper: y + spread * 1.2)
        }
    }

    static func control(_ layers: Int, spread: Double, seed: Int) -> [Point] {
        (0..<layers).map { layer in
            let y = noise(layer, seed) * spread
            return Point(x: Double(layer), y: y, lower: y - spread, upper: y + spread)
        }
    }

    // MARK: Lines

    static let layerAxis = Axis("layer", isWhole: true)
    static let effectAxis = Axis("effect on the margin (nats)", includesZero: true)

    static func sweep(_ layers: Int) -> LineChart {
        LineChart(
            x: layerAxis, y: effectAxis,
            series: [
                Series(
                    "tuned to base", role: .effect,
                    points: effect(layers, middle: Double(layers) * 0.55, height: 11.6, spread: 0.8, seed: 1)),
                Series(
                    "base to tuned", role: .second,
                    points: effect(layers, middle: Double(layers) * 0.45, height: -9.3, spread: 0.9, seed: 2)),
                Series("control: self", role: .control, points: control(layers, spread: 0, seed: 3)),
                Series("control: shuffled", role: .control, points: control(layers, spread: 0.9, seed: 4)),
                Series("control: random", role: .control, points: control(layers, spread: 0.5, seed: 5)),
            ],
            references: [LineChart.Reference(12.4, label: "gain of the tuned model (12.4)")])
    }

    static let lines = [
        Example(name: "line-sweep-12", chart: sweep(12)),
        Example(name: "line-sweep-96", chart: sweep(96)),
        Example(name: "line-one-layer", chart: sweep(1)),
        Example(name: "line-empty", chart: LineChart(x: layerAxis, y: effectAxis, series: [])),
        Example(
            name: "line-gaps",
            chart: LineChart(
                x: layerAxis, y: Axis("recovery"),
                series: [
                    Series(
                        "recovery", role: .effect,
                        points: [0.1, .nan, 0.32, 0.4, .nan, .infinity, 0.8, 0.93, .nan].enumerated().map {
                            Point(x: Double($0.offset), y: $0.element, lower: $0.element - 0.1, upper: $0.element + 0.1)
                        })
                ])),
        Example(
            name: "line-all-equal",
            chart: LineChart(
                x: layerAxis, y: Axis("accuracy"),
                series: [Series("base", role: .effect, points: (0..<5).map { Point(x: Double($0), y: 0.75) })])),
        Example(
            name: "line-many-long-names",
            chart: LineChart(
                x: Axis("fraction of the penalty's largest value"), y: Axis("coefficient", includesZero: true),
                series: (0..<10).map { index in
                    Series(
                        "coefficient of the distance at layer \(index)", role: index == 0 ? .effect : .other,
                        points: (0..<20).map {
                            Point(x: Double($0) / 20, y: noise(index, 7) * Double(max(0, $0 - index)) / 3)
                        })
                })),
        Example(
            name: "line-tiny-values",
            chart: LineChart(
                x: layerAxis, y: Axis("effect (nats)", includesZero: true),
                series: [
                    Series("self", role: .control, points: (0..<12).map { Point(x: Double($0), y: noise($0) * 2e-6) })
                ])),
        Example(
            name: "line-10000-points",
            chart: LineChart(
                x: Axis("step"), y: Axis("loss"),
                series: [
                    Series(
                        "training", role: .effect,
                        points: (0..<10_000).map {
                            Point(x: Double($0), y: 300 / (100 + Double($0)) + 0.2 * noise($0))
                        })
                ])),
    ]

    // MARK: Bars and intervals

    static func layers(_ count: Int, series: Int) -> Categories {
        Categories(
            "layer", names: (0..<count).map(String.init),
            series: (0..<series).map { place in
                EstimateSeries(
                    place == 0 ? "increment" : "control: shuffled", role: place == 0 ? .effect : .control,
                    estimates: (0..<count).map { layer in
                        let y = (place == 0 ? 1.2 : 0.2) * noise(layer, place + 11) + (place == 0 ? 0.4 : 0)
                        return Estimate(y, lower: y - 0.2, upper: y + 0.25)
                    })
            })
    }

    static let named = Categories(
        "model",
        names: ["base", "dpo", "planted in layers 4 to 6 of 12, restricted by name", "nowhere", "a fifth one"],
        series: [
            EstimateSeries(
                "margin", role: .effect,
                estimates: [
                    Estimate(-0.4, lower: -1.1, upper: 0.2), Estimate(12.3, lower: 10.8, upper: 13.6),
                    Estimate(8.1, lower: 7.2, upper: 9.4), Estimate(nil), Estimate(.nan),
                ])
        ])

    static let bars = [
        Example(name: "bar-layers", chart: BarChart(layers(12, series: 2), value: Axis("increment (nats)"))),
        Example(name: "bar-96-layers", chart: BarChart(layers(96, series: 1), value: Axis("increment (nats)"))),
        Example(name: "bar-long-names", chart: BarChart(named, value: Axis("mean margin (nats)"))),
        Example(name: "bar-one", chart: BarChart(layers(1, series: 1), value: Axis("increment (nats)"))),
        Example(
            name: "bar-empty",
            chart: BarChart(Categories("layer", names: [], series: []), value: Axis("increment (nats)"))),
    ]

    static let intervals = [
        Example(name: "interval-layers", chart: IntervalChart(layers(12, series: 2), value: Axis("effect (nats)"))),
        Example(name: "interval-long-names", chart: IntervalChart(named, value: Axis("mean margin (nats)"))),
        Example(name: "interval-40-layers", chart: IntervalChart(layers(40, series: 1), value: Axis("effect (nats)"))),
    ]

    static let coefficients = Categories(
        "layer", names: (0..<30).map(String.init),
        series: [
            EstimateSeries(
                "coefficient", role: .effect,
                estimates: (0..<30).map { layer in
                    guard layer % 4 == 1 else { return Estimate(0, lower: 0, upper: 0) }
                    let y = noise(layer, 51)
                    return Estimate(y, lower: y - 0.3, upper: y + 0.2)
                })
        ])

    static let stems = [
        Example(name: "stem-30-layers", chart: StemChart(coefficients, value: Axis("coefficient"))),
        Example(
            name: "stem-long-names",
            chart: StemChart(
                named, value: Axis("mean margin (nats)"), references: [Reference(10, label: "threshold (10)")])),
        Example(
            name: "stem-empty", chart: StemChart(Categories("layer", names: [], series: []), value: Axis("coefficient"))
        ),
    ]

    static let null = (0..<1000).map { noise($0, 61) + noise($0, 62) + noise($0, 63) }

    static let histograms = [
        Example(
            name: "histogram-null",
            chart: Histogram(
                x: Axis("recovery of layer 7 under random directions"),
                samples: [Histogram.Sample("null", role: .control, values: null)],
                references: [Reference(4.1, label: "observed (4.1)"), Reference(2, label: "95th percentile")],
                countTitle: "permutations")),
        Example(
            name: "histogram-two-samples",
            chart: Histogram(
                x: Axis("gain (nats)"),
                samples: [
                    Histogram.Sample("confirm", role: .effect, values: null.prefix(300).map { $0 + 1 }),
                    Histogram.Sample("fit", role: .second, values: Array(null.suffix(300))),
                ])),
        Example(
            name: "histogram-whole-numbers",
            chart: Histogram(
                x: Axis("tokens", isWhole: true),
                samples: [
                    Histogram.Sample("lengths", role: .effect, values: null.prefix(80).map { ($0 * 2).rounded() + 9 })
                ])),
        Example(
            name: "histogram-one-value",
            chart: Histogram(x: Axis("gain (nats)"), samples: [Histogram.Sample("x", role: .effect, values: [2.5])])),
        Example(
            name: "histogram-empty",
            chart: Histogram(
                x: Axis("gain (nats)"), samples: [Histogram.Sample("x", role: .effect, values: [.nan, .infinity])])),
    ]

    // MARK: Logarithmic axes and simultaneous bands

    static let penalties = (0..<40).map { index in (0..<index).reduce(1.0) { value, _ in value * 0.85 } }

    static func rank(_ scale: Axis.Scale) -> LineChart {
        LineChart(
            x: Axis("rank", scale: scale), y: Axis("recovery", includesZero: true),
            series: [
                Series(
                    "recovery", role: .effect,
                    points: [1, 2, 4, 8, 16, 32, 64, 128].enumerated().map { place, rank in
                        let y = 1 - 0.8 / Double(place + 1)
                        return Point(
                            x: rank, y: y, lower: y - 0.08, upper: y + 0.05, outerLower: y - 0.15, outerUpper: y + 0.1)
                    })
            ], references: [Reference(1, label: "all directions")])
    }

    static let logarithmic = [
        Example(name: "line-log2-outer-band", chart: rank(.log2)),
        Example(
            name: "line-log-path",
            chart: LineChart(
                x: Axis("penalty α", scale: .log), y: Axis("coefficient", includesZero: true),
                series: (0..<5).map { index in
                    Series(
                        "layer \(index * 3)", role: index == 0 ? .effect : .other,
                        points: penalties.enumerated().map { step, alpha in
                            Point(x: alpha, y: noise(index, 71) * Double(max(0, step - 4 * index)) / 20)
                        })
                })),
        Example(
            name: "line-log-log",
            chart: LineChart(
                x: Axis("index", scale: .log), y: Axis("singular value", scale: .log),
                series: [
                    Series(
                        "singular value", role: .effect,
                        points: (0...300).map {
                            Point(x: Double($0), y: $0 == 7 ? 0 : 3000 / (Double($0) * Double($0)))
                        }
                    )
                ])),
    ]

    // MARK: Heatmaps

    static func grid(_ rows: Int, _ columns: Int, missing: Bool, outlier: Bool = false) -> Heatmap {
        Heatmap(
            rowTitle: "pair", rows: (0..<rows).map(String.init), columnTitle: "layer",
            columns: (0..<columns).map(String.init), valueTitle: "effect (nats)",
            values: (0..<rows).map { row in
                (0..<columns).map { column in
                    if missing, (row * 7 + column * 3) % 23 == 0 { return nil }
                    if outlier, row == 3, column == 4 { return 250 }
                    return step(column, middle: Double(columns) * 0.6, height: 10) * (0.6 + 0.8 * noise(row, 21))
                        + noise(row * 100 + column, 22)
                }
            }, scale: .diverging)
    }

    static let heatmaps = [
        Example(name: "heatmap-48-pairs", chart: grid(48, 12, missing: false)),
        Example(name: "heatmap-missing-outlier", chart: grid(12, 16, missing: true, outlier: true)),
        Example(name: "heatmap-2000-pairs", chart: grid(2000, 30, missing: true)),
        Example(
            name: "heatmap-sequential",
            chart: Heatmap(
                rowTitle: "measure", rows: ["l2 distance, mean over positions", "cosine", "relative"],
                columnTitle: "layer", columns: (0..<96).map(String.init), valueTitle: "distance",
                values: (0..<3).map { row in (0..<96).map { Double(row + 1) * Double($0) / 96 } }, scale: .sequential)),
        Example(
            name: "heatmap-tokens",
            chart: Heatmap(
                rowTitle: "layer", rows: (0..<12).map(String.init), columnTitle: "position",
                columns: (0..<28).map {
                    ["The", " capital", " of", " a", " remarkably long token name", ".", "\n"][$0 % 7]
                },
                valueTitle: "change of the margin (nats)",
                values: (0..<12).map { row in (0..<28).map { abs(noise(row * 28 + $0, 81)) * Double(row) } },
                scale: .diverging)),
        Example(
            name: "heatmap-numbers",
            chart: Heatmap(
                rowTitle: "case", rows: ["one layer", "three layers"], columnTitle: "localiser",
                columns: ["swaps", "norms", "probes"], valueTitle: "area under the ROC curve",
                values: [[1, 0.957, 0.5], [0.04, nil, 0.731]], scale: .sequential, domain: 0...1, decimals: 2)),
        Example(
            name: "heatmap-one-cell",
            chart: Heatmap(
                rowTitle: "pair", rows: ["0"], columnTitle: "layer", columns: ["0"], valueTitle: "effect (nats)",
                values: [[0]], scale: .diverging)),
        Example(
            name: "heatmap-empty",
            chart: Heatmap(
                rowTitle: "pair", rows: [], columnTitle: "layer", columns: [], valueTitle: "effect (nats)", values: [],
                scale: .diverging)),
    ]

    // MARK: Scatters

    static func cloud(_ count: Int, seed: Int = 31) -> [Point] {
        (0..<count).map { index in
            let base = 8 * noise(index, seed)
            return Point(x: base, y: base * 0.8 + 5 + 6 * noise(index, seed + 1), label: "pair \(index)")
        }
    }

    static let marginAxes = (x: Axis("base margin (nats)"), y: Axis("tuned margin (nats)"))

    static let scatters = [
        Example(
            name: "scatter-margins",
            chart: ScatterChart(
                x: marginAxes.x, y: marginAxes.y, series: [Series("pairs", role: .effect, points: cloud(48))],
                comparesLikeWithLike: true)),
        Example(
            name: "scatter-two-series",
            chart: ScatterChart(
                x: Axis("response length (tokens)"), y: Axis("gain (nats)"),
                series: [
                    Series("confirm", role: .effect, points: cloud(60)),
                    Series("fit", role: .second, points: cloud(60, seed: 41)),
                ])),
        Example(
            name: "scatter-10000",
            chart: ScatterChart(
                x: marginAxes.x, y: marginAxes.y, series: [Series("pairs", role: .effect, points: cloud(10_000))])),
        Example(
            name: "scatter-dense-series",
            chart: ScatterChart(
                x: marginAxes.x, y: marginAxes.y,
                series: [
                    Series("confirm", role: .effect, points: cloud(2000)),
                    Series("fit", role: .second, points: cloud(2000, seed: 41)),
                ])),
        Example(
            name: "scatter-one-point",
            chart: ScatterChart(
                x: marginAxes.x, y: marginAxes.y,
                series: [Series("pairs", role: .effect, points: [Point(x: 3, y: 4)])], comparesLikeWithLike: true)),
    ]

    static let multiples = [
        Example(
            name: "small-multiples",
            chart: SmallMultiples([
                SmallMultiples.Panel("tuned to base", sweep(12)),
                SmallMultiples.Panel(
                    "base to tuned", BarChart(layers(12, series: 1), value: Axis("increment (nats)", domain: -2...2))),
                SmallMultiples.Panel("pairs", grid(8, 12, missing: true)),
            ])),
        Example(
            name: "small-multiples-one-key",
            chart: SmallMultiples([
                SmallMultiples.Panel("attention", IntervalChart(layers(12, series: 2), value: Axis("effect (nats)"))),
                SmallMultiples.Panel("mlp", IntervalChart(layers(12, series: 2), value: Axis("effect (nats)"))),
            ])),
        Example(
            name: "small-multiples-six",
            chart: SmallMultiples(
                (0..<6).map { SmallMultiples.Panel("site \($0)", $0 % 2 == 0 ? rank(.log2) : rank(.linear)) })),
    ]
}
