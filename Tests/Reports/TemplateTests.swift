import Foundation
import Notebooks
import Reports
import Testing

/// A project's own templates, and the index.
@Suite struct TemplateTests {
    /// A folder with these files, removed afterwards.
    static func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "patchbook-templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        return try body(folder.path)
    }

    static func page(_ files: [String: String]) throws -> String {
        try withFolder(files) { folder in
            let renderer = ReportRenderer(templates: try PageTemplates(overriddenBy: folder))
            return try renderer.html(for: SampleEvaluation.evaluation([], title: [.text("T & t")]), results: .null)
        }
    }

    static func problem(_ files: [String: String]) -> String? {
        do {
            _ = try page(files)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("a project's file takes the place of ours, the others stay")
    func override() throws {
        #expect(
            try Self.page([
                "page.mustache": "<title>{{{title}}}</title>{{> foot}}", "foot.mustache": "by {{{version}}}",
            ])
                == "<title>T &amp; t</title>by \(Version.patchbook)")
        let page = try Self.page(["theme.css": "body { color: red }"])
        #expect(page.contains("<style>\nbody { color: red }\n</style>"))
        #expect(page.contains("<h1>T &amp; t</h1>"))
    }

    @Test("a broken template is one error that names the file")
    func broken() {
        #expect(
            Self.problem(["page.mustache": "a\n{{#title}}b\n"]) == "template page.mustache:3: a section is not closed")
        #expect(
            Self.problem(["page.mustache": "{{#title}}\n{{/style}}"])
                == "template page.mustache:2: a section is closed by another name than it was opened with")
        #expect(
            Self.problem(["page.mustache": "x\n{{> gone}}"])
                == "template page.mustache:2: there is no partial 'gone.mustache'")
        #expect(
            Self.problem(["page.mustache": "{{{titel}}}"])?.hasPrefix(
                "template page.mustache:1: there is no value 'titel'; values are address, anchor,") == true)
        #expect(
            Self.problem(["theme.css": "</StYle>"])
                == "template theme.css: it holds '</style', which would end the style element")
        #expect(
            Self.problem(["other.css": ""])
                == "template other.css: no page uses it; the style sheet is 'theme.css', and 'extra.css' adds to it")
        #expect(throws: TemplateError.self) { try PageTemplates(overriddenBy: "/no/such/folder") }
    }

    @Test("an index lists reports with what became of their claims")
    func index() throws {
        let renderer = IndexRenderer(templates: try PageTemplates())
        let html = renderer.html([
            try IndexRenderer.Entry(SampleEvaluation.study, file: "sample one.html"),
            IndexRenderer.Entry(title: "<b>", file: "b.html", held: 3, failed: 0),
            IndexRenderer.Entry(title: "c", file: "javascript:x.html", held: 0, failed: 0),
        ])
        #expect(
            html.contains("<a href=\"./sample%20one.html\">Where does preference tuning live? Layer 6, it seems</a>"))
        #expect(html.contains("<p class=\"pb-failed\"><span class=\"pb-verdict\">Claims: ✗ 1 of 2 FAILED</span></p>"))
        #expect(html.contains("<a href=\"./b.html\">&lt;b&gt;</a>\n<p class=\"pb-held\">"))
        #expect(html.contains("<a href=\"./javascript:x.html\">c</a>\n</li>"))
        #expect(html.contains("<p class=\"pb-subtitle\">3 reports, one with a failed claim</p>"))
        #expect(html.contains("<p>A planted model, found again by patching</p>"))
        #expect(!html.contains("What made this page"))
        #expect(renderer.html([]).contains("There are no reports here yet."))
    }
}
