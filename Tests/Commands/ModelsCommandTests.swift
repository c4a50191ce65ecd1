import Foundation
import Markdown
import Notebooks
import TestSupport
import Testing

@Suite struct ModelsCommandTests {
    private static let models = Fixtures.repository + "/notebooks/models/"

    @Test func `where nothing was tuned the page says so, and no peak is given without a word`() throws {
        let blocks = try EmbeddedNotebook.evaluation(
            "demo-nowhere", limit: 6, split: "none", EmbeddedNotebook.block("patch")
        ).blocks.map(\.result.outcome.notes)
        #expect(blocks[0] == ["Both models compute the same: nothing was tuned, and every effect is zero."])
        #expect(blocks[2].contains("Tuning moved no pair's margin: there is no effect to find a peak of."))
        #expect(try EmbeddedNotebook.outcome("demo-dpo", limit: 6, "").notes.isEmpty)
    }

    /// A file that lost layers, or settings that lost the list of the layers meant.
    @Test func `an adapter without factors in layers that its settings mean is named`() throws {
        let project = FileManager.default.temporaryDirectory.appending(path: "gaps-\(UUID())")
        defer { try? FileManager.default.removeItem(at: project) }
        try FileManager.default.createDirectory(at: project, withIntermediateDirectories: true)
        for name in ["demo", "demo-planted"] {
            try FileManager.default.copyItem(atPath: Self.models + name, toPath: project.path + "/" + name)
        }
        let file = project.path + "/demo-planted/adapter_config.json"
        let settings = try String(contentsOfFile: file, encoding: .utf8)
        let changed = settings.replacing(
            /"layers_to_transform": \[[^\]]*\]/, with: "\"layers_to_transform\": null")
        try #require(changed != settings)
        try changed.write(toFile: file, atomically: true, encoding: .utf8)
        let text = "```{models}\nid: m\nbase: demo\ntuned: {path: demo, adapter: demo-planted}\n```\n"
        let outcome = try #require(
            try EmbeddedNotebook.standard(text, in: project.path).evaluation().blocks.last
        ).result.outcome
        #expect(
            outcome.notes == [
                "The tuned model's adapter has no factors in layers 0–4, 8–11, though its settings do not leave them out."
            ])
    }
}
