import Charts
import Foundation
import Testing

/// What every chart of the gallery must look like, byte for byte.
@Suite struct SnapshotTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/charts")

    @Test("a chart draws what its snapshot shows", arguments: Gallery.all)
    func snapshot(_ example: Gallery.Example) throws {
        let theme = Theme(
            idPrefix: "g-\(example.name)", title: example.name, description: "A chart of the gallery: \(example.name).")
        let drawn = example.chart.draw(in: theme).markup
        let file = Self.folder.appendingPathComponent("\(example.name).svg")
        guard FileManager.default.fileExists(atPath: file.path) else {
            try Data(drawn.utf8).write(to: file)
            Issue.record("wrote the missing snapshot \(file.lastPathComponent); look at it, then run again")
            return
        }
        let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        if !drawn.utf8.elementsEqual(expected.utf8) {
            let pairs = zip(drawn.split(separator: "\n"), expected.split(separator: "\n"))
            let first = pairs.first { $0 != $1 }
            Issue.record(
                "\(file.lastPathComponent) differs: drew \(first?.0 ?? "") where \(first?.1 ?? "") was expected")
        }
    }

    @Test("drawing twice gives the same bytes")
    func deterministic() {
        for example in Gallery.all {
            let theme = Theme(idPrefix: "x", title: "x")
            #expect(example.chart.draw(in: theme) == example.chart.draw(in: theme))
        }
    }
}
