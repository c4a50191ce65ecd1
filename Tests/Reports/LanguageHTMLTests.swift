import Markdown
import Notebooks
import Reports
import Testing
import TestSupport
import Values

/// Tables, footnotes, references by number, intervals and pictures as a reader sees them.
@Suite struct LanguageHTMLTests {
    private static let here = SampleEvaluation.here

    private static func html(_ blocks: [MarkdownBlock], after parts: [Evaluation.Part] = []) throws -> String {
        let page = try PageTests.page(SampleEvaluation.evaluation([.prose(blocks)] + parts))
        return try PageTests.between("</header>\n", "\n</main>", in: page)
    }

    @Test("a pipe table is a table with aligned columns")
    func table() throws {
        let table = MarkdownTable(
            alignments: [.none, .center, .right], header: [[.text("a")], [.text("<b>")], []],
            rows: [[[.strong([.text("x")])], [.code("y")], [.text("1")]]])
        #expect(
            try Self.html([.table(table)]) == """
                <div class="pb-scroll">
                <table>
                <thead>
                <tr><th scope="col" class="pb-words">a</th><th scope="col" class="pb-center">&lt;b&gt;</th><th scope="col" class="pb-number"></th></tr>
                </thead>
                <tbody>
                <tr><td class="pb-words"><strong>x</strong></td><td class="pb-center"><code>y</code></td><td class="pb-number">1</td></tr>
                </tbody>
                </table>
                </div>
                """)
    }

    @Test("what may be wider than a phone's page can be scrolled by keyboard, and nothing else is a stop on its way")
    func focus() throws {
        func code(_ text: String) throws -> String { try Self.html([.code(info: "", text: text)]) }
        #expect(try code("short\n") == "<pre><code>short\n</code></pre>")
        #expect(try code("a\n" + String(repeating: "x", count: 60) + "\n").hasPrefix("<pre tabindex=\"0\"><code>"))
        let words = [MarkdownInline.text(String(repeating: "word ", count: 40))]
        let narrow = MarkdownTable(alignments: [.none], header: [words], rows: [])
        #expect(try Self.html([.table(narrow)]).contains("<div class=\"pb-scroll\">"))
        let wide = MarkdownTable(
            alignments: Array(repeating: .none, count: 12), header: Array(repeating: [.text("heading")], count: 12),
            rows: [])
        #expect(try Self.html([.table(wide)]).contains("role=\"group\" aria-label=\"Table\" tabindex=\"0\">"))
    }

    @Test("footnotes are numbered by their first mention and said at the end, each with a way back")
    func footnotes() throws {
        func note(_ label: String, line: Int, _ text: String) -> MarkdownInline {
            .footnote(
                Footnote(
                    label: label, location: SourceLocation(line: line, column: 1), blocks: [.paragraph([.text(text)])]))
        }
        let html = try Self.html([
            .paragraph([.text("a"), note("z", line: 9, "Z"), note("b", line: 8, "B"), note("z", line: 9, "Z")])
        ])
        #expect(
            html == """
                <p>a<sup class="pb-mention"><a id="footnote-1-mention" href="#footnote-1" aria-label="Footnote 1">1</a></sup>\
                <sup class="pb-mention"><a id="footnote-2-mention" href="#footnote-2" aria-label="Footnote 2">2</a></sup>\
                <sup class="pb-mention"><a href="#footnote-1" aria-label="Footnote 1">1</a></sup></p>
                <section class="pb-footnotes" aria-label="Footnotes">
                <ol>
                <li id="footnote-1">
                <p>Z <a href="#footnote-1-mention" aria-label="Back to mention 1">↩</a></p>
                </li>
                <li id="footnote-2">
                <p>B <a href="#footnote-2-mention" aria-label="Back to mention 2">↩</a></p>
                </li>
                </ol>
                </section>
                """)
    }

    @Test("the footnotes of a title, a caption and the text are numbered in one row")
    func footnotesEverywhere() throws {
        func note(_ line: Int, _ text: String) -> MarkdownInline {
            .footnote(
                Footnote(
                    label: text, location: SourceLocation(line: line, column: 1), blocks: [.paragraph([.text(text)])]))
        }
        let block = SampleEvaluation.block(
            "s", "patch", SampleEvaluation.sweep, caption: [.text("c"), note(3, "Of the caption")])
        let page = try PageTests.page(
            SampleEvaluation.evaluation(
                [.block(block), .prose([.paragraph([.text("p"), note(4, "Of the text")])])],
                title: [.text("T"), note(2, "Of the title")]))
        for (number, text) in [(1, "Of the title"), (2, "Of the caption"), (3, "Of the text")] {
            #expect(page.components(separatedBy: "id=\"footnote-\(number)-mention\"").count == 2)
            #expect(page.contains("<li id=\"footnote-\(number)\">\n<p>\(text) <a"))
        }
        #expect(page.contains("<title>T</title>"))
    }

    @Test("a reference is the number that its figure or table has on the page, also above it")
    func references() throws {
        func reference(_ kind: CrossReference.Kind, _ word: String, _ block: String, _ name: String? = nil)
            -> MarkdownInline
        {
            .reference(CrossReference(kind: kind, word: word, block: block, name: name, location: Self.here))
        }
        let study = SampleEvaluation.study
        let blocks = Numbering(study).items
        let last = try #require(blocks.last { $0.kind == .figure })
        let table = try #require(blocks.first { $0.kind == .table })
        let page = try PageTests.page(
            SampleEvaluation.evaluation(
                [
                    .prose([
                        .paragraph([
                            reference(.figure, "figure", last.block, last.name), .text(", "),
                            reference(.table, "Table", table.block),
                        ])
                    ])
                ] + study.parts, parameters: study.parameters))
        #expect(
            page.contains(
                "<p><a href=\"#figure-\(last.number)\">figure\u{A0}\(last.number)</a>, <a href=\"#table-\(table.number)\">Table\u{A0}\(table.number)</a></p>"
            ))
        #expect(page.contains("id=\"figure-\(last.number)\"") && page.contains("id=\"table-\(table.number)\""))
        let gone = CrossReference(kind: .figure, word: "Figure", block: table.block, location: Self.here)
        let without = try PageTests.page(
            SampleEvaluation.evaluation(
                [.prose([.paragraph([.reference(gone)])])] + study.parts, parameters: study.parameters))
        #expect(without.contains("<p><a href=\"#block-\(table.block)\">Figure\u{A0}?</a></p>"))
    }

    @Test("an interval follows its value")
    func interval() throws {
        var outcome = Outcome()
        outcome.set("gain.mean", .number(12.34))
        outcome.set("gain.mean.lower", .number(11))
        outcome.set("gain.mean.upper", .number(13.5))
        let html = try Self.html(
            [.paragraph([SampleEvaluation.value("s.gain.mean", ".1f interval 'nats'")])],
            after: [.block(SampleEvaluation.block("s", "score", outcome, show: .none))])
        #expect(
            html.hasPrefix(
                "<p><data class=\"pb-value\" value=\"12.34\" title=\"s.gain.mean\ninterval 11 to 13.5\"><a href=\"#block-s\">12.3 [11.0, 13.5]\u{A0}nats</a></data></p>"
            ))
    }

    @Test("a link to a block's id leads to the block")
    func linkToABlock() throws {
        let block = Evaluation.Part.block(SampleEvaluation.block("s", "score", Outcome(), show: .none))
        let html = try Self.html(
            [.paragraph([.link(destination: "#s", title: "", [.text("x")])])], after: [block])
        #expect(html.hasPrefix("<p><a href=\"#block-s\">x</a></p>"))
    }

    @Test("a callout is a note with its kind in words")
    func callout() throws {
        #expect(
            try Self.html([.callout(.warning, [.paragraph([.text("a")])])]) == """
                <div class="pb-callout pb-callout-warning" role="note" aria-label="Warning">
                <p class="pb-callout-kind">Warning</p>
                <p>a</p>
                </div>
                """)
    }

    @Test("a picture that the page holds is drawn, with its words for who cannot see it")
    func picture() throws {
        func image(_ source: String) throws -> String {
            try Self.html([.paragraph([.image(source: source, title: "t", alt: [.text("a\"b")], location: Self.here)])])
        }
        #expect(
            try image("data:image/png;base64,iVBORw0K")
                == "<p><img class=\"pb-embedded\" src=\"data:image/png;base64,iVBORw0K\" alt=\"a&quot;b\" title=\"t\"></p>"
        )
        #expect(try !image("data:image/svg+xml;base64,iVBORw0K").contains("<img"))
        #expect(try !image("data:image/png;base64,iV\"BORw0K").contains("<img"))
    }
}
