import Charts
import TestSupport
import Testing

/// What every chart of the gallery must look like, byte for byte.
@Suite struct SnapshotTests {
    @Test("a chart draws what its snapshot shows", arguments: Gallery.all)
    func snapshot(_ example: Gallery.Example) throws {
        let theme = Theme(
            idPrefix: "g-\(example.name)", title: example.name, description: "A chart of the gallery: \(example.name).")
        let drawn = example.chart.draw(in: theme).markup
        if let problem = try Snapshot.problem(drawn, "charts/\(example.name).svg") { Issue.record("\(problem)") }
    }

    @Test("drawing twice gives the same bytes")
    func deterministic() {
        for example in Gallery.all {
            let theme = Theme(idPrefix: "x", title: "x")
            #expect(example.chart.draw(in: theme) == example.chart.draw(in: theme))
        }
    }
}
