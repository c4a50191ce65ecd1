import ChatTemplates
import Foundation
import JSON
import Testing

/// What transformers renders (`scripts/fixtures/chat_templates.py`).
enum Fixtures {
    static func read(_ name: String) throws -> JSON {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try JSON.parse(Array(Data(contentsOf: folder.appending(path: "Fixtures/chat/\(name)"))))
    }

    static var date: TemplateDate {
        get throws { try #require(TemplateDate(year: 2024, month: 7, day: 6)) }
    }
}

/// A text, or nil where the template is refused.
func rendered(
    _ template: String, _ messages: [JSON] = [], prompt: Bool = false, variables: [JSON.Member] = []
) -> String? {
    try? ChatTemplate(template).render(
        messages, addGenerationPrompt: prompt, variables: variables, date: try Fixtures.date)
}

@Suite struct FixtureTests {
    @Test func `every construct renders what transformers renders`() throws {
        let fixture = try Fixtures.read("snippets.json")
        let cases = try #require(fixture["cases"]?.array)
        #expect(cases.count > 70)
        for example in cases {
            let template = try #require(example["template"]?.string)
            let text = rendered(
                template, fixture["messages"]?.array ?? [], variables: fixture["variables"]?.object ?? [])
            #expect(text.map { Array($0.utf8) } == example["text"]?.string.map { Array($0.utf8) }, "\(template)")
        }
    }

    @Test func `whole templates render what transformers renders, or are refused where it refuses`() throws {
        let fixture = try Fixtures.read("templates.json")
        let cases = try #require(fixture["cases"]?.array)
        #expect(cases.count == 96)
        #expect(cases.contains { $0["text"] == .null })
        for example in cases {
            let name = try #require(example["template"]?.string)
            let conversation = try #require(example["conversation"]?.int)
            let text = rendered(
                try #require(fixture["templates"]?[name]?.string),
                try #require(fixture["conversations"]?.array?[conversation].array),
                prompt: example["prompt"]?.bool ?? false, variables: fixture["variables"]?.object ?? [])
            #expect(
                text.map { Array($0.utf8) } == example["text"]?.string.map { Array($0.utf8) },
                "\(name), \(conversation)")
        }
    }
}
