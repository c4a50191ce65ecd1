import Foundation
import Markdown
import Notebooks
import Reports
import Testing
import TestSupport

@Suite struct SiteTests {
    @Test func `pages mirror the project's folders, without its folder of notebooks`() {
        let site = ReportSite(root: "/p", output: "/p/output")
        let pages = ["/p/x.md", "/p/notebooks/x.md", "/p/a/x.md", "/p/notebooks/a/b/y.md", "/p/a/notebooks/x.md"]
        #expect(
            pages.map { site.page(ofNotebook: $0) } == [
                "x.html", "x.html", "a/x.html", "a/b/y.html", "a/notebooks/x.html",
            ])
    }

    @Test(arguments: 0..<200)
    func `no page leaves the output folder, and none equals a notebook`(seed: Int) {
        var state = UInt64(seed)
        func draw(_ words: [String]) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return words[Int(state >> 33) % words.count]
        }
        let parts = (0..<(Int(draw(["1", "2", "3", "4"])) ?? 1)).map { _ in
            draw(["a", "notebooks", "output", "x.md", "..", "ä ö"])
        }
        let notebook =
            "/p/"
            + (parts + [draw(["x.md", "x.html", "index.md", "a.b.md", "x", ".md", "%23.md"])]).joined(separator: "/")
        let output = draw(["/p/output", "/p", "/p/a", "/elsewhere"])
        let site = ReportSite(root: "/p", output: output)
        let page = site.page(ofNotebook: notebook)
        #expect(!page.hasPrefix("/") && !page.split(separator: "/").contains(".."))
        #expect(page.hasSuffix(".html"))
        #expect(!notebook.hasSuffix(".md") || output + "/" + page != ReportSite.real(notebook))
    }

    @Test func `links to notebooks lead to their pages, and others to the file from where the page lies`() throws {
        let folder = try Fixtures.temporaryFolder()
        for (name, text) in [
            "notebooks/a.md": "", "notebooks/sub/b c.md": "---\ntitle: B\n---\n# Results\n```{numbers}\nid: n\n```\n",
            "data/x#1.csv": "a,b\n",
            "README.md": "# Read\n",
        ] {
            let file = URL(fileURLWithPath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let project = Project(notebookFolder: folder + "/notebooks", root: folder)
        let report = HTMLReport(
            ReportSurroundings(
                source: SourceText(name: "a.md", text: ""), project: project,
                site: ReportSite(
                    root: folder, output: folder + "/output/deep", notebooks: [folder + "/notebooks/a.md"]),
                place: "a", templates: try PageTemplates()))
        func link(_ destination: String) -> MarkdownInline {
            .link(destination: destination, title: "", [.text("x")], location: SampleEvaluation.here)
        }
        let destinations = [
            "sub/b%20c.md#results", "sub/b%20c.md#n", "a.md", "../data/x%231.csv", "../README.md", "#here",
            "https://a.example/b.md",
            "?q",
        ]
        let expected = [
            "sub/b%20c.html#results", "sub/b%20c.html#block-n", "a.html", "../../data/x%231.csv", "../../README.md",
            "#here", "https://a.example/b.md", "?q",
        ]
        let links = destinations.map(link)
        let note = MarkdownInline.footnote(
            Footnote(label: "1", location: SampleEvaluation.here, blocks: [.paragraph(links)]))
        var outcome = Outcome()
        outcome.set("x", .int(1))
        var abstract = Publication()
        abstract.abstract = [.paragraph(links)]
        // Every text of a page, one after another.
        let texts = [
            Evaluation(name: "a.md", title: links, parts: []),
            Evaluation(name: "a.md", title: [], subtitle: links, parts: []),
            Evaluation(name: "a.md", title: [], publication: abstract, parts: []),
            Evaluation(name: "a.md", title: [], parts: [.prose([.paragraph(links)])]),
            Evaluation(name: "a.md", title: [], parts: [.prose([.paragraph([note])])]),
            Evaluation(
                name: "a.md", title: [],
                parts: [.block(SampleEvaluation.block("b", "table", outcome, caption: links, show: .all))]),
        ]
        for text in texts {
            let files = try report.files(text)
            #expect(files.map(\.path) == ["a.html"])
            let found = String(decoding: files[0].bytes, as: UTF8.self).matches(of: /<a href="([^"]*)">x</)
            #expect(found.map { String($0.1) } == expected)
        }
    }
}
