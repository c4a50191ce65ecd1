import Charts
import Testing

/// What each kind of chart promises beyond its looks.
@Suite struct ChartKindTests {
    static func draw(_ chart: some Chart) -> String { ChartTests.draw(chart) }
    static func readings(_ markup: String) -> [String] { DrawnChart(markup).readings }

    @Test("a stem chart shows an exact zero as an open mark without a stem")
    func stems() {
        let chart = StemChart(
            Categories(
                "layer", names: ["0", "1", "2"],
                series: [EstimateSeries("b", role: .effect, estimates: [Estimate(0), Estimate(2), Estimate(-1)])]),
            value: Axis("coefficient"))
        let markup = Self.draw(chart)
        #expect(DrawnChart(markup).outlines["pb-open"] == 1)
        #expect(DrawnChart(markup).outlines["pb-stem"] == 2)
        #expect(Self.readings(markup) == ["layer 0: 0", "layer 1: 2", "layer 2: \u{2212}1"])
    }

    @Test("a histogram counts every finite value once, whole numbers in the middle of their bins")
    func histogram() {
        let values = [1.0, 2, 2, 3, .nan, 3, 3, .infinity]
        let chart = Histogram(
            x: Axis("tokens", isWhole: true), samples: [.init("a", role: .effect, values: values)],
            references: [Reference(2.5, label: "median")], countTitle: "pairs")
        let markup = Self.draw(chart)
        #expect(Self.readings(markup) == ["1: 1 of 6", "2: 2 of 6", "3: 3 of 6"])
        #expect(ChartTests.texts(markup).contains("median") && ChartTests.texts(markup).contains("pairs"))
        let edges = Histogram(x: Axis(), samples: [.init("a", role: .effect, values: [0, 0.1, 0.5, 0.9, 1])])
        let counts = Self.readings(Self.draw(edges)).compactMap { title in
            title.split(separator: ":").last.flatMap { Int($0.drop { $0 == " " }.prefix { $0 != " " }) }
        }
        #expect(counts.reduce(0, +) == 5)
    }

    @Test("logarithmic axes have ticks at powers, and no place at or below zero")
    func logarithms() {
        let points = [-1.0, 0, 1, 4, 16, 64].map { Point(x: $0, y: $0) }
        let series = [Series("s", role: .effect, points: points)]
        let two = Self.draw(LineChart(x: Axis("rank", scale: .log2), y: Axis("y"), series: series))
        for label in ["1", "2", "4", "8", "16", "32", "64"] { #expect(ChartTests.texts(two).contains(label)) }
        #expect(DrawnChart(two).outlines["pb-dot"] == 4)
        let wide = [1e-6, 1e-3, 1.0, 1000].map { Point(x: $0, y: 1) }
        let ten = Self.draw(
            LineChart(x: Axis("α", scale: .log), y: Axis("y"), series: [Series("s", role: .effect, points: wide)]))
        for label in ["10⁻⁶", "10⁻⁴", "0.01", "1", "100"] { #expect(ChartTests.texts(ten).contains(label), "\(label)") }
    }

    @Test("an axis ends near its data, not at the next tick")
    func snug() {
        let axis = Axis("y").spanning([-10.3, 26])
        #expect(axis.domain == -12...26)
        #expect(Axis("y").spanning([0, 1]).domain == 0...1)
    }

    @Test("thousands of points are counted, and the chart says so")
    func counts() {
        let points = (0..<2500).map { Point(x: Double($0 % 50), y: Double($0 / 50)) }
        let one = Self.draw(
            ScatterChart(x: Axis("x"), y: Axis("y"), series: [Series("s", role: .effect, points: points)]))
        #expect(ChartTests.texts(one).contains("2500 points, counted in cells"))
        let total = Self.readings(one).compactMap { Int($0.prefix { $0 != " " }) }.reduce(0, +)
        #expect(total == 2500)
        let two = Self.draw(
            ScatterChart(
                x: Axis("x"), y: Axis("y"),
                series: [Series("a", role: .effect, points: points), Series("b", role: .second, points: points)]))
        #expect(
            ChartTests.texts(two).contains("5000 points; those that fall on one another are drawn once"))
    }

    @Test("small multiples are lettered and draw a key that all panels share once")
    func multiples() {
        let panel = IntervalChart(Gallery.layers(4, series: 2), value: Axis("effect"))
        let markup = Self.draw(SmallMultiples([.init("one", panel), .init("two", panel)]))
        let texts = ChartTests.texts(markup)
        #expect(texts.filter { $0 == "increment" }.count == 1)
        #expect(texts.contains("a") && texts.contains("b") && texts.contains("one"))
        let other = IntervalChart(Gallery.layers(4, series: 1), value: Axis("effect"))
        let mixed = ChartTests.texts(Self.draw(SmallMultiples([.init("one", panel), .init("two", other)])))
        #expect(mixed.filter { $0 == "increment" }.count == 1)
    }

    @Test("maps that share a domain share their colours, and a one-sided key shows its half")
    func domain() {
        func map(_ value: Double) -> String {
            Self.draw(
                Heatmap(
                    rowTitle: "", rows: ["a"], columnTitle: "", columns: ["b"], valueTitle: "v", values: [[value]],
                    scale: .diverging, domain: 0...8))
        }
        #expect(map(8).contains("<path class=\"pb-heat-p10\" d=\"M0 0h1\""))
        #expect(map(4).contains("<path class=\"pb-heat-p5\" d=\"M0 0h1\""))
        #expect(!map(4).contains("pb-heat-n"))
    }

    @Test("a token strip is text, each token on its colour with its value")
    func tokens() {
        let strip = TokenStrip(
            [
                .init("prompt", tokens: [.init("Hi", value: nil)]),
                .init(
                    "chosen",
                    tokens: [.init(" <b>", value: 1, note: "layer 3"), .init("\n", value: -1), .init("", value: 0)]),
            ], valueTitle: "Δ (nats)")
        let html = strip.markup(in: Theme(idPrefix: "f", title: "T"))
        #expect(
            html.contains(
                "<p class=\"pb-passage\">prompt</p>\n<p class=\"pb-tokens\"><span>Hi</span>"))
        #expect(html.contains("<span class=\"pb-heat-p10\" title=\"1; layer 3\"> &lt;b&gt;</span>"))
        #expect(html.contains("title=\"\u{2212}1\">⏎\n</span>"))
        #expect(html.contains("<span class=\"pb-heat-z\" title=\"0\">·</span>"))
        #expect(html.contains("<svg class=\"pb-chart\""))
        let parts = TokenParts([
            .init("prompt", tokens: [.init("<b>", id: 7, kind: .added), .init("Hi\n", id: 8, kind: .text)])
        ]).markup(in: Theme(idPrefix: "f", title: "T"))
        #expect(
            parts.contains(
                "<span data-id=\"7\" class=\"pb-added\" title=\"added by the tokenizer\">&lt;b&gt;</span>"
                    + "<span data-id=\"8\">Hi⏎\n</span>"))
        #expect(parts.contains("<span class=\"pb-added\">added by the tokenizer</span>"))
        #expect(!parts.contains("pb-straddling"))
        let counted = TokenParts([.init("prompt", tokens: (0..<301).map { .init("a", id: $0, kind: .text) })])
        #expect(
            counted.markup(in: Theme(idPrefix: "f", title: "T")).contains(
                "Left out here: 1 tokens, which are in the data."))
        let long = TokenStrip(
            [.init("", tokens: Array(repeating: .init("a", value: 0), count: 2100))], valueTitle: "v")
        #expect(long.markup(in: Theme(idPrefix: "f", title: "T")).contains("The other 100 tokens are in the data."))
    }
}
