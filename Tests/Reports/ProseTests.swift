import Markdown
import Notebooks
import Reports
import Testing

/// Prose as HTML.
@Suite struct ProseTests {
    typealias Example = (markdown: [MarkdownBlock], html: String)

    static let here = SampleEvaluation.here

    static func link(_ destination: String, _ title: String = "") -> [MarkdownBlock] {
        [.paragraph([.link(destination: destination, title: title, [.text("text")])])]
    }

    static let examples: [Example] = [
        (
            [.heading(level: 2, [.text("A b, c_d!")])],
            "<h2 id=\"a-b-c_d\">A b, c_d! <a class=\"pb-link\" href=\"#a-b-c_d\" aria-label=\"Link to A b, c_d!\">#</a></h2>"
        ),
        ([.paragraph([.text("a"), .softBreak, .text("b"), .lineBreak, .text("c")])], "<p>a\nb<br>\nc</p>"),
        (
            [.paragraph([.strong([.emphasis([.text("x")])]), .code("a<b")])],
            "<p><strong><em>x</em></strong><code>a&lt;b</code></p>"
        ),
        (
            [.list(start: nil, isTight: true, items: [[.paragraph([.text("a")])], []])],
            "<ul>\n<li>a</li>\n<li></li>\n</ul>"
        ),
        (
            [.list(start: 3, isTight: false, items: [[.paragraph([.text("a")]), .paragraph([.text("b")])]])],
            "<ol start=\"3\">\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ol>"
        ),
        (
            [
                .list(
                    start: 1, isTight: true,
                    items: [
                        [
                            .paragraph([.text("a")]),
                            .list(start: nil, isTight: true, items: [[.paragraph([.text("b")])]]),
                        ]
                    ])
            ], "<ol>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>"
        ),
        ([.quote([.paragraph([.text("q")])])], "<blockquote>\n<p>q</p>\n</blockquote>"),
        ([.code(info: "swift x", text: "a < b\n")], "<pre><code class=\"language-swift\">a &lt; b\n</code></pre>"),
        ([.html("<b>raw</b>\n")], "<pre><code>&lt;b&gt;raw&lt;/b&gt;\n</code></pre>"),
        ([.thematicBreak], "<hr>"),
        (
            link("https://a.example/x?y=1&z=[2] ü", "t\"t"),
            "<p><a href=\"https://a.example/x?y=1&amp;z=%5B2%5D%20%C3%BC\" title=\"t&quot;t\">text</a></p>"
        ),
        (link("MAILTO:a@b.example"), "<p><a href=\"MAILTO:a@b.example\">text</a></p>"),
        (link("other.html#part"), "<p><a href=\"other.html#part\">text</a></p>"),
        (link("#figure-1"), "<p><a href=\"#figure-1\">text</a></p>"),
        (
            [
                .paragraph([
                    .image(source: "https://a.example/x.png", title: "", alt: [.text("a plot")], location: here)
                ])
            ],
            "<p><a href=\"https://a.example/x.png\">a plot</a></p>"
        ),
        (
            [.paragraph([.image(source: "figures/x.png", title: "", alt: [.text("a plot")], location: here)])],
            "<p><span class=\"pb-picture\">a plot</span></p>"
        ),
        (
            [.paragraph([.image(source: "data:image/svg+xml,x", title: "", alt: [], location: here)])], "<p>picture</p>"
        ),
    ]

    @Test(
        "Markdown becomes the HTML that CommonMark gives, with raw HTML as text and pictures as words",
        arguments: examples.indices)
    func example(_ index: Int) throws {
        let example = Self.examples[index]
        let page = try PageTests.page(example.markdown)
        #expect(try PageTests.between("</header>\n", "\n</main>", in: page) == example.html)
    }

    @Test(
        "a link that could run or load something is dropped and its text kept",
        arguments: [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
            "java\tscript:alert(1)", "\u{1}javascript:alert(1)", "vbscript:x",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd", "blob:x", "foo:bar",
        ])
    func droppedLink(_ destination: String) throws {
        let page = try PageTests.page(Self.link(destination))
        #expect(try PageTests.between("</header>\n", "\n</main>", in: page) == "<p>text</p>")
    }

    @Test("headings of the same words get different ids, and none takes an id of the page itself")
    func anchors() throws {
        let words = [
            "Results", "Results", "results-1", "Patchbook results", "Figure 1", "Block sweep", "!", "Größe 2²",
            "Parameters",
        ]
        let page = try PageTests.page(words.map { .heading(level: 3, [.text($0)]) })
        let ids = page.components(separatedBy: "<h3 id=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(
            ids == [
                "results", "results-1", "results-1-1", "section-patchbook-results", "section-figure-1",
                "section-block-sweep",
                "section-", "größe-2²", "parameters-1",
            ])
    }

    /// Headings, with the names that the rule gives them: their words in small letters with hyphens.
    static let namedHeadings = [
        ("Parameters", "parameters"), ("Abstract", "abstract"), ("Cite", "cite"), ("Contents", "contents"),
        ("Provenance", "provenance"), ("References", "references"), ("Patchbook results", "patchbook-results"),
        ("Table of results", "table-of-results"), ("Figure 9", "figure-9"), ("Claim 1: it works", "claim-1-it-works"),
        ("Block sweep", "block-sweep"), ("Footnote-1", "footnote-1"), ("Results", "results"),
        ("Results 1", "results-1"),
    ]

    @Test("a link by a heading's words leads to that heading, whatever ids the page itself has")
    func headingLinks() throws {
        let page = try PageTests.page(
            Self.namedHeadings.map { .paragraph([.link(destination: "#\($1)", title: "", [.text($0)])]) }
                + [.heading(level: 3, [.text("Results")])]
                + Self.namedHeadings.map { .heading(level: 4, [.text($0.0)]) })
        for (words, name) in Self.namedHeadings {
            let links = try PageTests.between("<p><a href=\"", "\">\(words)</a></p>", in: page)
            let target = try #require(links.split(separator: "#").last)
            let level = words == "Results" ? 3 : 4
            #expect(page.contains("<h\(level) id=\"\(target)\">\(words) <a"), "\(name) leads to \(target)")
            #expect(page.components(separatedBy: " id=\"\(target)\"").count == 2, "\(target) is on the page once")
        }
    }

    static func withValues(_ inlines: [MarkdownInline]) throws -> String {
        var outcome = Outcome()
        outcome.set("peak.layer", .int(7))
        outcome.set("share", .number(0.123_456_789))
        outcome.set("drop", .number(-2.5))
        outcome.set("nothing", .null)
        outcome.set("name", .string("<dpo>"))
        outcome.set("carriers", .string("5, 6, 7, 11, 13, 14, 15, 16"))
        let evaluation = Evaluation(
            name: "x.md", title: [.text("T")], parameters: [("limit", .int(48))],
            parts: [
                .prose([.paragraph(inlines)]), .block(SampleEvaluation.block("sweep", "patch", outcome, show: .none)),
            ])
        let page = try PageTests.page(evaluation)
        return try PageTests.between("</header>\n<p>", "</p>", in: page)
    }

    @Test("a quoted value is data with its exact form, and leads to its block")
    func values() throws {
        #expect(
            try Self.withValues([SampleEvaluation.value("sweep.share", ".0%")])
                == "<data class=\"pb-value\" value=\"0.123456789\" title=\"sweep.share\"><a href=\"#block-sweep\">12%</a></data>"
        )
        #expect(
            try Self.withValues([SampleEvaluation.value("sweep.drop", ".1f")])
                == "<data class=\"pb-value\" value=\"-2.5\" title=\"sweep.drop\"><a href=\"#block-sweep\">\u{2212}2.5</a></data>"
        )
        #expect(
            try Self.withValues([SampleEvaluation.value("sweep.name")])
                == "<data class=\"pb-value\" value=\"&lt;dpo&gt;\" title=\"sweep.name\"><a href=\"#block-sweep\">&lt;dpo&gt;</a></data>"
        )
        // A line of a narrow screen is shorter than a list of layers, which then may break.
        #expect(
            try Self.withValues([SampleEvaluation.value("sweep.carriers")]).hasPrefix(
                "<data class=\"pb-value pb-long\" value=\"5, 6"))
        #expect(
            try Self.withValues([SampleEvaluation.value("params.limit")])
                == "<data class=\"pb-value\" value=\"48\" title=\"params.limit\"><a href=\"#parameters\">48</a></data>")
    }

    @Test("a missing value is a dash that says so, and a value inside a link is not one more link")
    func valuesAtTheEdge() throws {
        #expect(
            try Self.withValues([SampleEvaluation.value("sweep.nothing", ".2f")])
                == "<data class=\"pb-value\" value=\"\" title=\"sweep.nothing\nno value: not defined here\"><a href=\"#block-sweep\">—</a></data>"
        )
        #expect(
            try Self.withValues([.link(destination: "#x", title: "", [SampleEvaluation.value("sweep.peak.layer")])])
                == "<a href=\"#x\"><data class=\"pb-value\" value=\"7\" title=\"sweep.peak.layer\">7</data></a>")
    }

    @Test("a value that no block has is an error that names it")
    func missingValue() {
        #expect(throws: ReportError.missingValue("sweep.gone")) {
            try Self.withValues([SampleEvaluation.value("sweep.gone")])
        }
        #expect(
            ReportError.missingValue("sweep.gone").description
                == "the text quotes 'sweep.gone', which no block of this notebook has")
        #expect(
            ReportError.format(path: "a.b", problem: "'q' is not a format").description
                == "'a.b' cannot be shown: 'q' is not a format")
    }
}
