import Foundation
import Notebooks
import Reports
import Testing

/// The worked example of `docs/templates.md`.
@Suite struct TemplateDocumentTests {
    /// The files of the document's fences: each names itself in its first line.
    static func files() throws -> [String: String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/templates.md"), encoding: .utf8)
        var files: [String: String] = [:]
        for fence in document.components(separatedBy: "\n```").dropFirst() where fence.contains("templates/") {
            guard
                let name = fence.components(separatedBy: "templates/").dropFirst().first?.prefix(while: { $0 != " " }),
                fence.hasPrefix("css\n") || fence.hasPrefix("mustache\n")
            else { continue }
            files[String(name)] = fence.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        }
        return files
    }

    @Test("the example's files make the page that the document promises")
    func example() throws {
        let files = try Self.files()
        #expect(files.keys.sorted() == ["extra.css", "footer.mustache", "lab.mustache", "page.mustache"])
        let page = try TemplateTests.withFolder(files) { folder in
            try ReportRenderer(templates: try PageTemplates(overriddenBy: folder)).html(
                for: SampleEvaluation.study, results: .null)
        }
        #expect(page.contains("<p class=\"lab\">Interpretability group</p>\n<h1>"))
        #expect(page.contains("<h2>How this was made</h2>"))
        #expect(page.contains("--link:light-dark(#7a1f3d") && page.contains("--link:light-dark(#0a4f94"))
        #expect(page.contains("<figcaption><b>Figure\u{A0}2."))
        #expect(!page.contains("<nav class=\"pb-contents\""))
        #expect(page.contains("Full digests and block keys"))
    }

    @Test("the example with one partial alone changes that part of our page")
    func onePartial() throws {
        let footer = try #require(try Self.files()["footer.mustache"])
        let page = try TemplateTests.withFolder(["footer.mustache": footer]) { folder in
            try ReportRenderer(templates: try PageTemplates(overriddenBy: folder)).html(
                for: SampleEvaluation.study, results: .null)
        }
        #expect(page.contains("<nav class=\"pb-contents\" aria-label=\"Contents\">"))
        #expect(page.contains("<h2>How this was made</h2>") && !page.contains("What made this page"))
    }
}
