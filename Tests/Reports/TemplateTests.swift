import Charts
import Foundation
import Markdown
import Notebooks
import Reports
import Templates
import Testing
import Values

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
        #expect(page.contains("<style>\nbody{color:red}\n</style>"))
        #expect(page.contains("<h1>T &amp; t</h1>"))
        let silent = try Self.page(["page.js": ""])
        #expect(!silent.contains("<script>") && silent.contains("default-src 'none'; style-src"))
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
                "template page.mustache:1: there is no value 'titel' here; did you mean 'title'? values here are author, claimCounts,"
            ) == true)
        #expect(
            Self.problem(["theme.css": "</StYle>"])
                == "template theme.css: it holds '</style', which would end the style element")
        #expect(
            Self.problem(["other.css": ""])
                == "template other.css: no page uses it; the style sheet is 'theme.css', and 'extra.css' adds to it")
        #expect(
            Self.problem(["other.js": ""]) == "template other.js: no page uses it; the script is 'page.js'")
        #expect(
            Self.problem(["page.js": "\"</Script>\""])
                == "template page.js: it holds '</script' or '<!--', which would end the script element or hide its end"
        )
        #expect(throws: TemplateError.self) { try PageTemplates(overriddenBy: "/no/such/folder") }
    }

    @Test("a name of another part of the page is an error, and so is a part where a text is wanted")
    func scopes() {
        let elsewhere = Self.problem(["page.mustache": "{{#parts}}{{/parts}}\n{{{drawing}}}"])
        #expect(
            elsewhere?.hasPrefix("template page.mustache:2: there is no value 'drawing' here; values here are") == true)
        // In the part that has it, and where its surroundings have it, a name is fine.
        #expect(Self.problem(["table.mustache": "{{#grid}}{{{label}}}{{/grid}}"]) == nil)
        #expect(
            Self.problem(["page.mustache": "{{{tally.stat}}}"])
                == "template page.mustache:1: there is no value 'stat' here; did you mean 'state'? values here are state, target, text"
        )
        #expect(
            Self.problem(["page.mustache": "{{{title.x}}}"])
                == "template page.mustache:1: there is no value 'x' here; nothing is inside that")
        #expect(
            Self.problem(["footer.mustache": "{{{digests}}}"])
                == "template footer.mustache:1: 'digests' is a part of the page and not a text: open it with '{{#digests}}'"
        )
        #expect(
            Self.problem(["page.mustache": "{{=<% %>=}}"])
                == "template page.mustache:1: a tag that begins with '=' is not known here")
    }

    @Test("a template that includes itself is an error that names the way")
    func recursion() {
        #expect(
            Self.problem(["lab.mustache": "a\n{{> lab}}", "page.mustache": "{{> lab}}"])
                == "template lab.mustache:2: 'lab.mustache' includes itself")
        #expect(
            Self.problem(["a.mustache": "{{> b}}", "b.mustache": "{{> a}}", "page.mustache": "{{> a}}"])
                == "template b.mustache:1: 'a.mustache' includes itself, through 'b.mustache'")
    }

    @Test("a template that no page includes is an error, with the name that was meant")
    func unused() {
        #expect(
            Self.problem(["tabel.mustache": "x"])
                == "template tabel.mustache: no page includes it; did you mean 'table.mustache'?")
    }

    @Test("every part of a page can be replaced", arguments: BuiltInTemplates.all.map(\.name))
    func everyPart(_ name: String) throws {
        guard name.hasSuffix(".mustache"), name != "index.mustache" else { return }
        let page = try Self.withFolder([name: "<!-- replaced -->"]) { folder in
            try ReportRenderer(templates: try PageTemplates(overriddenBy: folder)).html(
                for: SampleEvaluation.study, results: .null)
        }
        #expect(page.contains("<!-- replaced -->"))
    }

    @Test("an index lists reports with what became of their claims")
    func index() throws {
        let renderer = IndexRenderer(templates: try PageTemplates())
        let html = renderer.html([
            IndexRenderer.Entry(
                title: "Where does preference tuning live? Layer 6, it seems", file: "sample one.html",
                summary: "A planted model, found again by patching",
                headline: [.init(name: "the step <b>", value: "7")],
                claims: ClaimTally(data: "prediction:1:1 exploratory:0:1"),
                figure: "<svg class=\"pb-chart\" aria-hidden=\"true\"></svg>"),
            IndexRenderer.Entry(title: "<b>", file: "b.html", claims: ClaimTally(data: "identity:3:3")),
            IndexRenderer.Entry(title: "c", file: "javascript:x.html"),
            IndexRenderer.Entry(
                title: "d", file: "d.html", claims: ClaimTally(data: "identity:1:1"), missing: "2 of 4 <i> NO RESULT"),
        ])
        #expect(
            html.contains("<a href=\"./sample%20one.html\">Where does preference tuning live? Layer 6, it seems</a>"))
        #expect(
            html.contains(
                "<p class=\"pb-failed\"><span class=\"pb-verdict\">✗ 1 of 1 prediction held; 0 of 1 exploratory claim fit, 1 FAILED</span></p>"
            ))
        #expect(html.contains("<p class=\"pb-held\"><span class=\"pb-verdict\">✓ 3 of 3 identities held</span></p>"))
        #expect(
            html.contains(
                "<p class=\"pb-failed\"><span class=\"pb-verdict\">✗ 2 of 4 &lt;i&gt; NO RESULT; 1 of 1 identity held</span></p>"
            ))
        #expect(html.contains("<a href=\"./b.html\">&lt;b&gt;</a>\n<p class=\"pb-held\">"))
        #expect(html.contains("<a href=\"./javascript:x.html\">c</a>\n</div>\n</li>"))
        let odd = renderer.html([
            IndexRenderer.Entry(title: "T", file: "50% of #1?.html"),
            IndexRenderer.Entry(title: "T", file: "b.html"),
        ])
        #expect(
            odd.contains(
                "<a href=\"./50%25%20of%20%231%3F.html\">T</a> <span class=\"pb-count\">50% of #1?.html</span>"))
        #expect(odd.contains("<a href=\"./b.html\">T</a> <span class=\"pb-count\">b.html</span>"))
        #expect(
            html.contains(
                "<p class=\"pb-subtitle\">4 reports, one with a failed claim, one with blocks without a result</p>"))
        #expect(html.contains("<p>A planted model, found again by patching</p>"))
        #expect(html.contains("<div><dt>the step &lt;b&gt;</dt><dd>7</dd></div>"))
        #expect(html.contains("<div class=\"pb-small\">\n<svg class=\"pb-chart\" aria-hidden=\"true\"></svg>\n</div>"))
        #expect(html.components(separatedBy: "<div class=\"pb-small\">").count == 2)
        #expect(!html.contains("What made this page"))
        #expect(renderer.html([]).contains("There are no reports here yet."))
    }

    @Test("a list of reports takes each one's first chart, without words and readings and under ids of its own")
    func smallFigures() throws {
        var outcome = Outcome()
        outcome.set("x", .number(0.25))
        let map = Heatmap(
            rowTitle: "r", rows: ["a"], columnTitle: "c", columns: ["b", "c"], valueTitle: "v", values: [[1, nil]],
            scale: .diverging)
        for (name, chart) in [("tokens", TokenStrip([], valueTitle: "v") as any Graphic), ("map", map)] {
            outcome.figures.append(
                Figure(name: name, title: name, description: "d", chart: chart, data: Table(columns: ["x"])))
        }
        var evaluation = SampleEvaluation.evaluation([.block(SampleEvaluation.block("b", "patch", outcome, show: .all))]
        )
        evaluation.publication.headline = [
            Publication.Headline(InlineValue(path: "b.x", format: ".0%", location: SampleEvaluation.here))
        ]
        let page = try PageTests.page(evaluation)
        let harmful = page.replacingOccurrences(
            of: "<g class=\"pb-cells\"", with: "<script>x</script><g class=\"pb-cells\"")
        try Self.withFolder(["a.html": page, "b.html": page, "c.html": harmful]) { folder in
            let entries = try ReportFolder(folder).contents().entries
            #expect(entries.map(\.headline) == Array(repeating: [.init(name: "b.x", value: "25%")], count: 3))
            let figure = entries[0].figure
            #expect(figure.hasPrefix("<svg class=\"pb-chart\"") && figure.contains("<g class=\"pb-cells\""))
            #expect(!figure.contains("<title") && !figure.contains("<desc") && !figure.contains("data-readings"))
            #expect(entries[2].figure.isEmpty, "a page that holds more than a drawing gives none")
            let index = IndexRenderer(templates: try PageTemplates()).html(entries)
            #expect(index.contains("id=\"report-1-hatch\"") && index.contains("url(#report-2-hatch)"))
            #expect(!index.contains("figure-2-hatch"))
        }
    }

    @Test("a folder's reports are read, and what only looks like one is left out with a note")
    func folder() throws {
        let page = try Self.page([:])
        try Self.withFolder(["a.html": page, "other.html": "<html></html>", "index.html": page]) { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/b.html", withIntermediateDirectories: false)
            #expect(mkfifo("\(folder)/pipe.html", 0o600) == 0)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/gone.html", withDestinationPath: "nowhere")
            let contents = try ReportFolder(folder).contents()
            #expect(contents.entries.map(\.file) == ["a.html"] && contents.entries.map(\.title) == ["T & t"])
            #expect(
                contents.skipped.map(\.description) == [
                    "'b.html' is left out: it is not a regular file",
                    "'gone.html' is left out: it is not a regular file",
                    "'pipe.html' is left out: it is not a regular file",
                ])
            let index = IndexRenderer(templates: try PageTemplates()).html(
                contents.entries, skipped: contents.skipped)
            #expect(
                index.contains(
                    "<p class=\"pb-note\"><b>Note.</b> &#39;pipe.html&#39; is left out: it is not a regular file</p>"))
        }
    }
}
