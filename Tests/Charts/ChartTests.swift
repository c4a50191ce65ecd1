import Charts
import Foundation
import Testing

/// What holds for every chart, and what a reader would notice.
@Suite struct ChartTests {
    static func draw(_ chart: any Chart) -> String {
        chart.draw(in: Theme(idPrefix: "c", title: "T <&>", description: "D \"q\"")).markup
    }

    static func texts(_ markup: String) -> [String] {
        markup.components("<text").map { text in
            let body = text.drop { $0 != ">" }.dropFirst()
            return String(body.prefix { $0 != "<" })
        }
    }

    @Test("a chart has a role, a title and a description that its ids tie together")
    func names() {
        let markup = Self.draw(Gallery.sweep(12))
        #expect(
            markup.hasPrefix(
                "<svg class=\"pb-chart\" role=\"img\" aria-labelledby=\"c-title c-desc\" "
            ))
        #expect(markup.contains("<title id=\"c-title\">T &lt;&amp;&gt;</title>"))
        #expect(markup.contains("<desc id=\"c-desc\">D &quot;q&quot;</desc>"))
    }

    @Test("colour is the style sheet's alone, and no coordinate is broken", arguments: Gallery.all)
    func plain(_ example: Gallery.Example) {
        let whole = Self.draw(SmallMultiples([SmallMultiples.Panel("p", example.chart)]))
        // What readings say is words too.
        let readings = whole.components(" data-readings='").first.map { $0.prefix { $0 != "'" } } ?? ""
        let markup = whole.replacing(readings, with: "")
        // Tags alone: words may hold what they like.
        let tags = markup.split(separator: "<").map { String($0.prefix { $0 != ">" }) }.joined(separator: "\n")
        for word in ["style=", "stroke=", "fill=\"#", "rgb(", "nan", "NaN", "\"inf", " inf", "-inf", "-0\""] {
            #expect(!tags.contains(word), "\(word)")
        }
        #expect(tags.firstMatch(of: /[0-9]e[-+]?[0-9]/) == nil)
    }

    @Test("axes have round ticks with true minus signs, and layers whole ones")
    func ticks() {
        let texts = Self.texts(Self.draw(Gallery.sweep(12)))
        for label in ["\u{2212}10", "\u{2212}5", "0", "5", "10"] { #expect(texts.contains(label)) }
        for layer in 0..<12 { #expect(texts.contains(String(layer))) }
        let many = Self.texts(Self.draw(Gallery.sweep(96)))
        #expect(many.contains("90") && !many.contains("91"))
        #expect(!Self.texts(Self.draw(Gallery.sweep(1))).contains { $0.hasSuffix(".5") })
    }

    @Test("a line is named at its end where there is room, else in a key")
    func lineNames() {
        let few = Self.draw(Gallery.sweep(12))
        #expect(few.contains("pb-leader"))
        #expect(Self.texts(few).filter { $0 == "tuned to base" }.count == 1)
        let long = Gallery.lines.first { $0.name == "line-many-long-names" }
        #expect(long.map { Self.draw($0.chart).contains("pb-leader") } == false)
    }

    @Test("a missing value breaks the line, and a point alone is still a mark")
    func gaps() {
        let points = [0.0, 1, .nan, 3, .nan, 5, 6].enumerated().map { Point(x: Double($0.offset), y: $0.element) }
        let markup = Self.draw(LineChart(x: Axis(), y: Axis(), series: [Series("s", role: .effect, points: points)]))
        let line =
            markup.components("<path class=\"pb-line pb-series-1\" d=\"").first.map { $0.prefix { $0 != "\"" } } ?? ""
        #expect(line.filter { $0 == "M" }.count == 3)
        #expect(DrawnChart(markup).outlines["pb-dot"] == 5)
    }

    @Test("roles decide the looks: effects first, controls apart")
    func roles() {
        let point = [Point(x: 0, y: 0), Point(x: 1, y: 1)]
        let markup = Self.draw(
            LineChart(
                x: Axis(), y: Axis(),
                series: [
                    Series("a", role: .other, points: point), Series("b", role: .control, points: point),
                    Series("c", role: .effect, points: point), Series("d", role: .control, points: point),
                    Series("e", role: .second, points: point),
                ]))
        let order = markup.components("<path class=\"pb-line ").map { String($0.prefix { $0 != "\"" }) }
        // The key comes first, in the order of the series.
        #expect(order.suffix(5) == ["pb-control-2", "pb-control-1", "pb-series-3", "pb-series-2", "pb-series-1"])
    }

    @Test("heat steps run from one sign to the other, and zero is the middle")
    func heat() {
        let markup = Self.draw(
            Heatmap(
                rowTitle: "r", rows: ["0"], columnTitle: "c", columns: ["0", "1", "2", "3", "4"], valueTitle: "v",
                values: [[-2, 0, 1, 2, nil]], scale: .diverging))
        let cells =
            markup.components("<g class=\"pb-cells\"").last?.components(separatedBy: "</g>").first?
            .components("<path class=\"") ?? []
        #expect(
            cells.map { String($0.prefix { $0 != "/" }) } == [
                "pb-heat-n10\" d=\"M0 0h1\"", "pb-heat-p10\" d=\"M3 0h1\"",
                "pb-heat-p5\" d=\"M2 0h1\"",
                "pb-heat-z\" d=\"M1 0h1\"",
            ])
        #expect(markup.contains("<rect fill=\"url(#c-hatch)\""))
        #expect(
            DrawnChart(markup).readings
                == ["r 0, c 0: \u{2212}2", "r 0, c 1: 0", "r 0, c 2: 1", "r 0, c 3: 2", "r 0, c 4: missing"])
        #expect(Self.texts(markup).contains("\u{2212}2") && Self.texts(markup).contains("missing"))
    }

    @Test("ten thousand points stay a small drawing")
    func many() {
        for example in Gallery.all { #expect(Self.draw(example.chart).utf8.count < 200_000) }
    }

    @Test("numbers that no drawing can hold are left out")
    func extremes() {
        let wild = [1e308, -1e308, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e149, -1e149]
        let points = wild.map { Point(x: $0, y: $0, lower: $0, upper: $0) }
        let series = [Series("s", role: .effect, points: points)]
        let estimates = wild.map { Estimate($0, lower: $0, upper: $0) }
        let names = wild.indices.map(String.init)
        let categories = Categories(
            "c", names: names, series: [EstimateSeries("s", role: .effect, estimates: estimates)])
        let charts: [any Chart] = [
            LineChart(x: Axis(), y: Axis(), series: series, references: [LineChart.Reference(.infinity, label: "r")]),
            ScatterChart(x: Axis(), y: Axis(), series: series, comparesLikeWithLike: true),
            BarChart(categories, value: Axis("v")), IntervalChart(categories, value: Axis("v")),
            Heatmap(
                rowTitle: "", rows: [""], columnTitle: "", columns: names, valueTitle: "", values: [wild],
                scale: .sequential),
        ]
        for chart in charts { #expect(Self.draw(chart).hasSuffix("</svg>")) }
    }
}

extension String {
    /// What follows each occurrence of a text, up to the next.
    func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).dropFirst().map(String.init)
    }
}
