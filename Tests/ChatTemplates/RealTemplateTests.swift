import Foundation
import JSON
import Testing

/// Templates of real models, which are not part of the project (`scripts/reference/chat_templates.py`).
private enum RealTemplates {
    static let path = ProcessInfo.processInfo.environment["PATCHBOOK_CHAT_CASES"]
}

@Suite(.enabled(if: RealTemplates.path != nil, "skipped: PATCHBOOK_CHAT_CASES names no file of cases"))
struct RealTemplateTests {
    @Test func `real templates render what transformers renders`() throws {
        let bytes = try Data(contentsOf: URL(filePath: try #require(RealTemplates.path)))
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        #expect(!lines.isEmpty)
        for line in lines {
            let row = try JSON.parse(Array(line))
            let text = rendered(
                try #require(row["template"]?.string), row["messages"]?.array ?? [],
                prompt: row["prompt"]?.bool ?? false,
                variables: row["variables"]?.object ?? [])
            #expect(
                text.map { Array($0.utf8) } == row["text"]?.string.map { Array($0.utf8) },
                "\(row["name"]?.string ?? "")")
        }
    }
}
