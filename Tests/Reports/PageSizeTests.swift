import Charts
import Foundation
import JSON
import Notebooks
import Reports
import Testing
import Values

/// What a page weighs, and that nothing is lost on the way.
@Suite struct PageSizeTests {
    /// 400 pairs × 30 layers × 8 rows, as a sweep hands them on.
    static let sweep: Outcome = {
        var outcome = Outcome()
        var rows: [[Scalar]] = []
        var state: UInt64 = 1
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53) * 20 - 10
        }
        for pair in 0..<400 {
            for layer in 0..<30 {
                for part in 0..<8 {
                    rows.append([
                        .int(pair), .int(layer), .string(part < 4 ? "tuned_to_base" : "base_to_tuned"),
                        .string(["none", "self", "shuffled", "random"][part % 4]), .number(next()),
                    ])
                }
            }
        }
        outcome.add("pairs", Table(columns: ["pair", "layer", "direction", "control", "margin"], rows: rows))
        let values = (0..<400).map { _ in (0..<30).map { _ -> Double? in next() } }
        outcome.figures = [
            Figure(
                name: "pairs", title: "By pair and layer", description: "",
                chart: Heatmap(
                    rowTitle: "pair", rows: (0..<400).map(String.init), columnTitle: "layer",
                    columns: (0..<30).map(String.init), valueTitle: "nats", values: values, scale: .diverging),
                data: Table(
                    columns: ["pair"] + (0..<30).map { "layer_\($0)" },
                    rows: values.enumerated().map { row in
                        [.int(row.offset)] + row.element.map { .number($0 ?? 0) }
                    }))
        ]
        return outcome
    }()

    @Test("a page without data is at most 100 kB")
    func withoutData() throws {
        let page = try PageTests.page([.heading(level: 2, [.text("A")]), .paragraph([.text("b")])])
        #expect(page.utf8.count <= 100_000, "\(page.utf8.count)")
    }

    @Test("a page of 96,000 rows stays below 1 MB, and says where all of them are")
    func large() throws {
        let page = try PageTests.page(
            SampleEvaluation.evaluation([.block(SampleEvaluation.block("sweep", "patch", Self.sweep))]))
        #expect(page.utf8.count < 1_000_000, "\(page.utf8.count)")
        #expect(
            page.contains(
                "<code>sweep.pairs</code>, 96\u{202F}000 rows; not in this page: <code>patchbook render --results</code> writes them</li>"
            ))
        let text = try PageTests.between(
            "<script type=\"application/json\" id=\"patchbook-results\">", "</script>", in: page)
        let table = try #require(try JSON.parse(text)["blocks"]?["sweep"]?["tables"]?["pairs"])
        #expect(table["count"] == .int(96_000) && table["cells"] == nil)
    }

    @Test("an index of 1,000 reports takes at most two seconds")
    func index() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patchbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = try PageTests.page(SampleEvaluation.study)
        for number in 0..<1000 {
            try Data(page.utf8).write(to: folder.appendingPathComponent("r\(1000 + number).html"))
        }
        try Data("<html><title>no report</title></html>".utf8).write(to: folder.appendingPathComponent("other.html"))
        let renderer = IndexRenderer(templates: try PageTemplates())
        let clock = ContinuousClock()
        let start = clock.now
        let entries = try ReportFolder(folder.path).contents().entries
        let html = renderer.html(entries)
        #expect(clock.now - start < .seconds(2))
        #expect(entries.count == 1000)
        let first = try #require(entries.first)
        #expect(first.title == "Where does preference tuning live? Layer 6, it seems" && first.file == "r1000.html")
        #expect(first.summary == "A planted model, found again by patching")
        #expect(first.claims.data == "prediction:1:1 exploratory:0:1")
        #expect(first.figure.hasPrefix("<svg class=\"pb-chart\"") && first.figure.hasSuffix("</svg>"))
        #expect(html.contains("<p class=\"pb-subtitle\">1000 reports, 1000 with failed claims</p>"))
    }
}
