import Charts
import Commands
import Notebooks
import TestSupport
import Testing

/// `{chart}`
@Suite struct ChartCommandTests {
    static let table = """
        ```{table}
        id: t
        csv: |
          layer, direction, control, effect, lower, upper, gain, gain_lower, gain_upper
          1, up, none, 2.5, 2, 3, 1, 0, 2
          0, up, none, 0.5, 0, 1, 1, 0, 2
          0, up, random, 0.1, , , 1, 0, 2
          1, up, random, , 0, 1, 1, 0, 2
          0, down, none, -1, -2, 0, 1, 0, 2
          1, down, none, -2, -3, -1, 1, 0, 2
        ```

        """

    static func sample(_ options: String) -> SampleNotebook {
        SampleNotebook(
            table + "```{chart}\nid: c\ndata: t.data\n\(options)\n```\n", catalogue: TableCommandTests.catalogue)
    }

    static func figure(_ options: String) throws -> Figure {
        let figures = try sample(options).evaluation().blocks.last?.result.outcome.figures
        return try #require(figures?.first)
    }

    @Test("every mistake of a block is reported, and none hides another")
    func allMistakes() throws {
        let chart = Self.sample(
            "x: layr\ny: efect\ncolor: colour\nwhere: {cntrol: none, upper: {a: 1}}\nreference: [many.x]\nlower: lower")
        for wrong in ["'layr'", "'efect'", "'colour'", "'cntrol'"] {
            #expect(chart.problems.contains("table 't.data' has no column \(wrong)"), "\(chart.problems)")
        }
        for wrong in [
            "is compared with values, not with a mapping", "no block has the id 'many'", "an interval has two ends",
        ] {
            #expect(chart.problems.contains(wrong), "\(chart.problems)")
        }
        let table = SampleNotebook(
            Self.table
                + "```{table}\ndata: t.data\ncolumns: [layr, layer, layer]\nsort: efect\nformat: {gain: .2f, layer: x}\n```\n",
            catalogue: TableCommandTests.catalogue)
        for wrong in [
            "no column 'layr'", "'layer' is listed twice", "no column 'efect'", "'gain' has a format",
            "'x' is not a format",
        ] {
            #expect(table.problems.contains(wrong), "\(table.problems)")
        }
    }

    @Test("a line chart joins rows by x, with their intervals, and draws all but the main series as controls")
    func lines() throws {
        let figure = try Self.figure("x: layer\ny: effect\ncolor: control\nmain: none\nwhere: {direction: up}")
        let chart = try #require(figure.chart as? LineChart)
        #expect(
            chart.series == [
                Series(
                    "effect", role: .effect,
                    points: [Point(x: 0, y: 0.5, lower: 0, upper: 1), Point(x: 1, y: 2.5, lower: 2, upper: 3)]),
                chart.series[1],
            ])
        #expect(chart.series[1].label == "control: random" && chart.series[1].role == .control)
        #expect(chart.series[1].points.map(\.y.isNaN) == [false, true])
        #expect(chart.x == Axis("layer", isWhole: true))
        #expect(figure.title == "Effect by layer")
        #expect(
            figure.description
                == "A line chart of effect by layer, 4 rows of 't.data'. Values go from 0.1 to 2.5. 1 row has no value."
        )
        #expect(figure.data.columns == ["control", "layer", "effect", "lower", "upper"])
        #expect(figure.data.rows.count == 4)
    }

    @Test("bars and intervals stand on categories, a missing one is a gap")
    func categories() throws {
        let figure = try Self.figure("mark: bar\nx: control\ny: gain\nwhere: {layer: 0, direction: up}\ntitle: Gains")
        let bars = try #require(figure.chart as? BarChart)
        #expect(bars.categories.names == ["none", "random"])
        #expect(
            bars.categories.series.map(\.estimates) == [
                [Estimate(1, lower: 0, upper: 2), Estimate(1, lower: 0, upper: 2)]
            ])
        #expect(figure.title == "Gains")
        let intervals = try Self.figure(
            "mark: interval\nx: layer\ny: effect\ncolor: direction\nwhere: {control: none}\ny_label: effect (nats)")
        let chart = try #require(intervals.chart as? IntervalChart)
        #expect(chart.categories.series.map(\.label) == ["up", "down"])
        #expect(chart.categories.series.map(\.role) == [.effect, .second])
        #expect(chart.value.title == "effect (nats)")
    }

    @Test("a heatmap spreads rows over two columns, missing cells stay empty")
    func heatmap() throws {
        let figure = try Self.figure("mark: heatmap\nx: layer\ny: control\ncolor: effect\nwhere: {direction: up}")
        let map = try #require(figure.chart as? Heatmap)
        #expect(map.rows == ["none", "random"] && map.columns == ["0", "1"])
        #expect(map.values == [[0.5, 2.5], [0.1, nil]])
        #expect(map.scale == .sequential)
        #expect(figure.title == "Effect by layer and control")
    }

    @Test("a scatter plot of like with like has one range for both axes")
    func scatter() throws {
        let figure = try Self.figure("mark: scatter\nx: lower\ny: upper\nidentity: true")
        #expect((figure.chart as? ScatterChart)?.comparesLikeWithLike == true)
    }

    @Test("facets are small charts on the same axes")
    func facets() throws {
        let figure = try Self.figure("x: layer\ny: effect\nfacet: direction\nwhere: {control: none}")
        let panels = try #require(figure.chart as? SmallMultiples).panels
        #expect(panels.map(\.title) == ["direction: up", "direction: down"])
        let charts = panels.compactMap { $0.chart as? LineChart }
        #expect(charts[0].y == charts[1].y && charts[0].y.domain == -3...3)
        #expect(charts.map { $0.series[0].points.map(\.y) } == [[0.5, 2.5], [-1, -2]])
    }

    @Test("several columns of values are small charts, each with its own intervals")
    func severalValues() throws {
        let figure = try Self.figure(
            "x: layer\ny: [effect, gain]\nwhere: {control: none, direction: up}\nx_scale: linear\nx_label: rank")
        let panels = try #require(figure.chart as? SmallMultiples).panels
        #expect(panels.map(\.title) == ["effect", "gain"])
        let charts = panels.compactMap { $0.chart as? LineChart }
        #expect(charts.map { $0.series[0].points.map(\.lower) } == [[0, 2], [0, 0]])
        #expect(figure.title == "Effect and gain by layer")
        #expect(figure.data.columns == ["layer", "effect", "lower", "upper", "gain", "gain_lower", "gain_upper"])
        #expect(figure.description.contains("Values of gain go from 1 to 1."))
    }

    @Test("stems, histograms and lines are compared with numbers and values of blocks above")
    func references() throws {
        let stem = try Self.figure(
            "mark: stem\nx: layer\ny: effect\nwhere: {control: none, direction: up}\nreference: {value: 1, label: one}")
        #expect((stem.chart as? StemChart)?.references == [Reference(1, label: "one")])
        let bars = try Self.figure("mark: histogram\nx: gain\ncolor: direction\nreference: [0.5, 2]")
        let histogram = try #require(bars.chart as? Histogram)
        #expect(histogram.samples.map(\.values.count) == [4, 2])
        #expect(histogram.references == [Reference(0.5, label: "0.5"), Reference(2, label: "2")])
        #expect(bars.title == "Distribution of gain")
        // A parameter whose value is drawn is part of what the chart depends on.
        var sample = Self.sample("x: layer\ny: effect\nwhere: {control: none, direction: up}\nreference: params.line")
        sample = SampleNotebook("---\nparams: {line: 1.5}\n---\n" + sample.text, catalogue: sample.catalogue)
        let drawn = try #require(sample.evaluation().blocks.last?.result)
        #expect((drawn.outcome.figures.first?.chart as? LineChart)?.references.map(\.value) == [1.5])
        let moved = SampleNotebook(sample.text, overrides: [("line", "2")], catalogue: sample.catalogue)
        #expect(try moved.evaluation().blocks.map { $0.result.key == drawn.key } == [false, false])
    }

    @Test("a strip shows rows as tokens, a passage for each value of its colour column")
    func strip() throws {
        let figure = try Self.figure("mark: strip\nx: control\ny: effect\ncolor: direction")
        let strip = try #require(figure.chart as? TokenStrip)
        #expect(strip.passages.map(\.title) == ["up", "down"])
        #expect(strip.passages[0].tokens.map(\.value) == [2.5, 0.5, 0.1, nil])
        #expect(strip.scale == .diverging)
    }

    @Test("simultaneous bands lie outside, and heatmaps in facets share their colours")
    func bandsAndFacets() throws {
        let figure = try Self.figure(
            "x: layer\ny: effect\nwhere: {control: none, direction: up}\nouter_lower: gain_lower\nouter_upper: gain_upper"
        )
        let points = try #require(figure.chart as? LineChart).series[0].points
        #expect(points.map(\.outerUpper) == [2, 2] && points.map(\.upper) == [1, 3])
        let maps = try Self.figure("mark: heatmap\nx: layer\ny: control\ncolor: effect\nfacet: direction")
        let panels = try #require(maps.chart as? SmallMultiples).panels.compactMap { $0.chart as? Heatmap }
        #expect(panels.map(\.domain) == [-2...2.5, -2...2.5])
    }

    @Test(
        "a mistake is one sentence",
        arguments: [
            ("x: layr\ny: effect", "table 't.data' has no column 'layr'"),
            ("x: layer\ny: efect", "did you mean 'effect'?"),
            ("x: layer\ny: effect\ncolor: colour", "table 't.data' has no column 'colour'"),
            ("x: layer\ny: effect", "several rows of 't.data' have layer 0"),
            ("x: layer\ny: effect\ncolor: control", "several rows of 't.data' have layer 0 and control none"),
            ("mark: bar\nx: layer\ny: effect", "several rows of 't.data' have layer 0"),
            (
                "mark: heatmap\nx: layer\ny: control\ncolor: effect",
                "several rows of 't.data' have layer 0 and control none"
            ),
            (
                "x: direction\ny: effect",
                "column 'direction' of 't.data' must hold numbers here, and its row 1 holds 'up'"
            ),
            ("x: layer\ny: control", "column 'control' of 't.data' must hold numbers here, and its row 1 holds 'none'"),
            ("x: layer\ny: effect\nlower: lower", "an interval has two ends: 'lower' is given, 'upper' is not"),
            ("x: layer\ny: effect\nupper: upper", "an interval has two ends: 'upper' is given, 'lower' is not"),
            ("mark: heatmap\nx: layer\ny: control", "a heatmap needs 'color', the column of values in its cells"),
            (
                "mark: bar\nx: layer\ny: effect\nidentity: true",
                "'identity' is for scatter plots, and this is a bar chart"
            ),
            ("x: layer", "a line chart needs 'y', the column of values"),
            (
                "mark: histogram\nx: layer\ny: effect",
                "'y' is for lines, bars, heatmaps, scatter plots, intervals, stems and strips, and this is a histogram"
            ),
            ("mark: heatmap\nx: layer\ny: [control, gain]\ncolor: effect", "a heatmap has one 'y'"),
            ("x: layer\ny: [effect, effect]", "column 'effect' is listed twice"),
            ("x: layer\ny: {a: b}", "'y' takes a column or a list of columns, not a mapping"),
            ("x: layer\ny: [[effect]]", "a list is not a column"),
            (
                "x: layer\ny: [effect, gain]\nfacet: direction",
                "small charts are told apart by 'facet' or by several 'y', not by both"
            ),
            ("mark: scatter\nx: layer\ny: effect\nlower: lower\nupper: upper", "'lower' is for lines, bars, intervals"),
            ("mark: bar\nx: layer\ny: effect\nouter_lower: lower\nouter_upper: upper", "'outer_lower' is for lines"),
            ("mark: scatter\nx: layer\ny: effect\nreference: 1", "'reference' is for lines, bars, intervals"),
            ("mark: bar\nx: layer\ny: effect\nx_scale: log", "'x_scale' is for lines and scatter plots"),
            ("mark: stem\nx: layer\ny: effect\ny_scale: log", "'y_scale' is for lines, scatter plots and intervals"),
            (
                "mark: strip\nx: layer\ny: effect\nfacet: direction",
                "'facet' is for lines, bars, heatmaps, scatter plots, intervals, stems and histograms, and this is a strip"
            ),
            (
                "mark: scatter\nx: lower\ny: upper\nidentity: true\ny_scale: log",
                "'identity' needs 'x_scale' and 'y_scale' to be the same"
            ),
            (
                "x: layer\ny: effect\ncolor: direction\nwhere: {control: none}\ny_scale: log",
                "a logarithmic axis has no place for \u{2212}1, and row 5 of column 'effect' of 't.data' holds it"
            ),
            ("x: layer\ny: effect\nreference: {at: 1}", "a line has 'value' and 'label', not 'at'"),
            ("x: layer\ny: effect\nreference: {label: a}", "a line needs its 'value'"),
            ("x: layer\ny: effect\nreference: [[1]]", "a list is not a place for a line"),
            ("x: layer\ny: effect\nreference: q.z", "q"),
            ("x: layer\ny: effect\nmain: none", "'main' is a value of the column 'color', which is not given"),
            (
                "x: layer\ny: effect\ncolor: control\nmain: [none]",
                "'main' takes a value of the column 'color', not a list"
            ),
            (
                "x: layer\ny: effect\ncolor: control\nmain: nothing\nwhere: {direction: up}",
                "no row has 'nothing': column 'control' has 'none', 'random' ["
            ),
            ("x: layer\ny: effect\ny_scale: log\nreference: 0", "a logarithmic axis has no place for 0"),
            ("x: layer\ny: effect\nreference: 1e200", "a chart has no place for 1×10²⁰⁰"),
            ("x: layer\ny: effect\nreference: [1, 2, 3, 4, 5, 6, 7]", "a chart takes at most 6 lines, not 7"),
            ("x: layer\ny: effect\nwhere: {layer: 9}", "'where' keeps none of the 6 rows of 't.data'"),
        ])
    func mistakes(_ options: String, _ sentence: String) {
        let problems = Self.sample(options).problems
        #expect(problems.contains(sentence), "\(problems)")
    }

    /// A chart of a table written as CSV.
    static func drawn(_ csv: String, _ options: String) -> SampleNotebook {
        let rows = csv.split(separator: "\n").map { "  \($0)\n" }.joined()
        return SampleNotebook(
            "```{table}\nid: t\ncsv: |\n\(rows)```\n\n```{chart}\nid: c\ndata: t.data\n\(options)\n```\n",
            catalogue: TableCommandTests.catalogue)
    }

    @Test(
        "what a chart has no place for is an error at its row, by its number in the table",
        arguments: [
            (
                "x,y\n1,2\n2,0", "x: x\ny: y\ny_scale: log",
                "a logarithmic axis has no place for 0, and row 2 of column 'y'"
            ),
            (
                "x,y\n0,2\n2,3", "x: x\ny: y\nx_scale: log2",
                "a logarithmic axis has no place for 0, and row 1 of column 'x'"
            ),
            ("x,y\n1,2\n2,5e-324", "x: x\ny: y\ny_scale: log", "no place for 5×10⁻³²⁴, and row 2 of column 'y'"),
            ("x,y\n1,2\n2,1e300", "x: x\ny: y", "a chart has no place for 1×10³⁰⁰, and row 2 of column 'y'"),
            ("x,y\n1,2\n2,-.inf", "x: x\ny: y", "must hold numbers here, and its row 2 holds '-.inf'"),
            ("x,y\na,.inf", "mark: bar\nx: x\ny: y", "must hold numbers here, and its row 1 holds '.inf'"),
            ("x,y\n1,.inf", "mark: histogram\nx: y", "must hold numbers here, and its row 1 holds '.inf'"),
            (
                "x,y,l,u\n1,2,1,3\n2,2,3,1", "x: x\ny: y\nlower: l\nupper: u",
                "the lower end of row 2 of 't.data', 3, is above the upper one, 1"
            ),
            (
                "x,y,y_lower,y_upper\n1,2,1,3\n2,2,,3", "mark: interval\nx: x\ny: y",
                "row 2 of 't.data' has one end of an interval and no lower one"
            ),
            (
                "x,y,s\n" + (0..<17).map { "1,2,s\($0)" }.joined(separator: "\n"), "x: x\ny: y\ncolor: s",
                "a chart tells at most 16 series apart, and column 's' has 17 values"
            ),
        ])
    func rows(_ csv: String, _ options: String, _ sentence: String) {
        let problems = Self.drawn(csv, options).problems
        #expect(problems.contains(sentence), "\(problems)")
    }

    @Test("an interval that is open, or ends below a logarithmic axis, is drawn with an open end")
    func openEnds() throws {
        for (csv, options) in [
            ("x,y,y_lower,y_upper\n1,2,0,3\n2,2,1,3", "x: x\ny: y\ny_scale: log"),
            ("x,y,y_lower,y_upper\n1,2,-1e300,3\n2,2,1,3", "mark: interval\nx: x\ny: y"),
        ] {
            let figures = try Self.drawn(csv, options).evaluation().blocks.last?.result.outcome.figures
            let markup = try #require(figures?.first).chart.markup(in: Theme(idPrefix: "f", title: "t"))
            #expect(markup.components(separatedBy: "pb-arrow").count == 2)
        }
    }

    @Test("integers above 2⁵³ are drawn, and equal ones have room around them")
    func largeIntegers() throws {
        for mark in ["line", "bar", "scatter", "interval", "stem"] {
            let sample = Self.drawn("x,y\n9007199254740993,9007199254740993", "mark: \(mark)\nx: x\ny: y")
            let figures = try sample.evaluation().blocks.last?.result.outcome.figures
            #expect(try #require(figures?.first).chart.markup(in: Theme(idPrefix: "f", title: "t")).contains("</svg>"))
        }
        // Two integers that a float64 cannot tell apart are two categories all the same.
        let two = Self.drawn("x,y\n9007199254740992,1\n9007199254740993,2", "mark: bar\nx: x\ny: y")
        let figures = try two.evaluation().blocks.last?.result.outcome.figures
        #expect((try #require(figures?.first).chart as? BarChart)?.categories.names.count == 2)
    }
}
