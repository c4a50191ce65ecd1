import Charts
import Foundation
import Testing

/// Charts of random data, most of it awkward. `scripts/fuzz-charts` draws a hundred thousand.
@Suite struct ChartFuzzTests {
    static let count = ProcessInfo.processInfo.environment["PATCHBOOK_CHARTS"].flatMap { Int($0) } ?? 2_000

    @Test("no data make a chart crash, leave its view box, or let two texts touch")
    func anyData() {
        var found = 0
        for seed in 0..<Self.count where found < 5 {
            var random = RandomChart(seed: UInt64(seed))
            let (chart, width) = random.chart()
            let markup = chart.draw(
                in: Theme(idPrefix: "c", title: "t", width: width, plotHeight: random.pick([270, 120, 60]))
            ).markup
            guard let fault = DrawnChart(markup).fault else { continue }
            found += 1
            Issue.record("seed \(seed), \(type(of: chart)) of width \(width): \(fault)")
        }
    }

    @Test("a chart of the gallery keeps the same rules", arguments: Gallery.all)
    func gallery(_ example: Gallery.Example) {
        #expect(DrawnChart(ChartTests.draw(example.chart)).fault == nil)
    }

    @Test("every value that an axis has a place for is drawn as a mark of its own", arguments: 0..<200)
    func nothingIsDropped(seed: Int) {
        var random = RandomChart(seed: UInt64(seed))
        let axis = random.axis()
        let values = (0..<random.below(30)).map { _ in random.number() }
        let shown = values.filter(axis.shows)
        let categories = Categories(
            "c", names: values.indices.map(String.init),
            series: [EstimateSeries("s", role: .effect, estimates: values.map { Estimate($0) })])
        func drawn(_ chart: any Chart) -> DrawnChart { DrawnChart(ChartTests.draw(chart)) }
        let marks = drawn(IntervalChart(categories, value: axis))
        #expect(marks.outlines["pb-dot", default: 0] == shown.count && marks.readings.count == shown.count)
        let bars = drawn(BarChart(categories, value: axis))
        let bounded = values.filter { Axis().shows($0) }
        #expect(bars.outlines["pb-bar", default: 0] == bounded.count && bars.readings.count == bounded.count)
        let points = values.enumerated().map { Point(x: Double($0.offset), y: $0.element) }
        let series = [Series("s", role: .effect, points: points)]
        #expect(drawn(LineChart(x: Axis("x"), y: axis, series: series)).readings.count == shown.count)
        let scatter = drawn(ScatterChart(x: Axis("x"), y: axis, series: series))
        #expect(scatter.outlines["pb-mark", default: 0] == shown.count && scatter.readings.count == shown.count)
        let counted = drawn(Histogram(x: Axis("x"), samples: [.init("s", role: .effect, values: values)]))
        let total = counted.readings.compactMap { Int($0.split(separator: ":")[1].dropFirst().prefix { $0 != " " }) }
        #expect(total.reduce(0, +) == bounded.count)
    }

    @Test("an interval that goes on beyond the axis has an arrowhead at its end", arguments: [Axis.Scale.log, .linear])
    func openEnds(scale: Axis.Scale) {
        let lower = scale == .log ? 0 : -Double.infinity
        let estimates = [
            Estimate(1, lower: lower, upper: 2), Estimate(3, lower: 2, upper: .infinity),
            Estimate(2, lower: 1, upper: 3),
        ]
        let categories = Categories(
            "c", names: ["a", "b", "c"], series: [EstimateSeries("s", role: .effect, estimates: estimates)])
        let drawn = DrawnChart(ChartTests.draw(IntervalChart(categories, value: Axis("v", scale: scale))))
        #expect(drawn.outlines["pb-arrow"] == 2)
        #expect(drawn.outlines["pb-errorbar"] == 3)
        #expect(drawn.readings.contains("c b: 3 (2 to ∞)"))
        let points = estimates.enumerated().map {
            Point(x: Double($0.offset), y: $0.element.value ?? 0, lower: $0.element.lower, upper: $0.element.upper)
        }
        let line = ChartTests.draw(
            LineChart(x: Axis("x"), y: Axis("v", scale: scale), series: [Series("s", role: .effect, points: points)]))
        #expect(DrawnChart(line).outlines["pb-arrow"] == 2)
    }

    @Test("up to forty series are told apart by colour, dashes and shape")
    func manySeries() {
        let series = (0..<40).map { index in
            Series("s\(index)", role: .other, points: [Point(x: 0, y: Double(index)), Point(x: 1, y: Double(index))])
        }
        let markup = ChartTests.draw(LineChart(x: Axis(), y: Axis(), series: series))
        var looks: Set<String> = []
        for mark in markup.components("<path class=\"pb-dot ") {
            let style = String(mark.prefix { $0 != "\"" })
            let outlines = (mark.components("d=\"").first ?? "").prefix { $0 != "\"" }.split(separator: "M")
            // Each shape has commands of its own.
            for outline in outlines { looks.insert("\(style) \(outline.filter(\.isLetter))") }
        }
        #expect(looks.count == 40)
    }
}
