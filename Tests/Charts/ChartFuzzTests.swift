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
        let marks = ChartTests.draw(IntervalChart(categories, value: axis)).components("<path class=\"pb-dot").count
        #expect(marks == shown.count)
        let bars = ChartTests.draw(BarChart(categories, value: axis)).components("<rect class=\"pb-bar").count
        #expect(bars == values.filter { Axis().shows($0) }.count)
        let points = values.enumerated().map { Point(x: Double($0.offset), y: $0.element) }
        let series = [Series("s", role: .effect, points: points)]
        let line = ChartTests.draw(LineChart(x: Axis("x"), y: axis, series: series)).components("<title>").count
        #expect(line == shown.count)
        let scatter = ChartTests.draw(ScatterChart(x: Axis("x"), y: axis, series: series))
        #expect(scatter.components("<path class=\"pb-mark").count == shown.count)
        let counted = ChartTests.draw(Histogram(x: Axis("x"), samples: [.init("s", role: .effect, values: values)]))
        let total = ChartKindTests.titles(counted).compactMap {
            Int($0.split(separator: ":")[1].dropFirst().prefix { $0 != " " })
        }
        #expect(total.reduce(0, +) == values.filter { Axis().shows($0) }.count)
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
        let markup = ChartTests.draw(IntervalChart(categories, value: Axis("v", scale: scale)))
        #expect(markup.components("<path class=\"pb-arrow").count == 2)
        #expect(markup.components("<line class=\"pb-errorbar").count == 3)
        #expect(ChartKindTests.titles(markup).contains("c b: 3 (2 to ∞)"))
        let points = estimates.enumerated().map {
            Point(x: Double($0.offset), y: $0.element.value ?? 0, lower: $0.element.lower, upper: $0.element.upper)
        }
        let line = ChartTests.draw(
            LineChart(x: Axis("x"), y: Axis("v", scale: scale), series: [Series("s", role: .effect, points: points)]))
        #expect(line.components("<path class=\"pb-arrow").count == 2)
    }

    @Test("up to forty series are told apart by colour, dashes and shape")
    func manySeries() {
        let series = (0..<40).map { index in
            Series("s\(index)", role: .other, points: [Point(x: 0, y: Double(index)), Point(x: 1, y: Double(index))])
        }
        let markup = ChartTests.draw(LineChart(x: Axis(), y: Axis(), series: series))
        var looks: Set<String> = []
        for title in markup.components("<path class=\"pb-dot ") where title.contains("at x 0</title>") {
            let style = String(title.prefix { $0 != "\"" })
            let outline = String((title.components("d=\"").first ?? "").prefix { $0 != "\"" })
            looks.insert("\(style) \(Self.shape(outline))")
        }
        #expect(looks.count == 40)
    }

    /// An outline without its place: its commands, and whether its first side is level.
    private static func shape(_ outline: String) -> String {
        let commands = outline.filter(\.isLetter)
        let places = outline.split { "MLZa".contains($0) }.map { $0.split(separator: " ") }
        let isLevel = places.count > 1 && places[0].last == places[1].last
        return "\(commands) \(isLevel)"
    }
}
