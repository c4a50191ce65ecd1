import Markdown
import Notebooks
import References
import Reports
import Testing
import TestSupport

/// Citations and the list of references as a page shows them.
@Suite struct ReferenceHTMLTests {
    private static func citation(_ key: String, suffix: String = "", isInText: Bool = false) -> MarkdownInline {
        .citation(
            Citation(
                [
                    Citation.Item(
                        key: key, prefix: "", suffix: suffix, showsAuthor: true, location: SampleEvaluation.here)
                ],
                isInText: isInText))
    }

    private static func page(
        _ parts: [Evaluation.Part], style: CitationStyle = .authorYear, title: [MarkdownInline] = []
    ) throws -> String {
        let works =
            "@book{roe, author={Roe, Ray}, title={B <c>}, year=2021}\n@book{doe, author={Doe, D.}, title={A}, year=2020, doi={10.1/a<b}}"
        var evaluation = SampleEvaluation.evaluation(parts, title: title)
        evaluation.citationSource = CitationSource(Bibliography.read(Array(works.utf8)).bibliography, style: style)
        return try PageTests.page(evaluation)
    }

    @Test("citations lead to the list at the end, and each entry back to them")
    func links() throws {
        let page = try Self.page([
            .prose([
                .paragraph([Self.citation("roe", suffix: ", p. 3"), .text(" "), Self.citation("doe", isInText: true)]),
                .paragraph([.link(destination: "https://a.example", title: "", [Self.citation("roe")])]),
                .paragraph([Self.citation("roe")]),
            ])
        ])
        #expect(
            try PageTests.between("</header>\n", "\n</main>", in: page) == """
                <p><span class="pb-cite">(<a id="pb-cite-1" href="#pb-ref-2">Roe 2021</a>, 3)</span> \
                <span class="pb-cite">Doe (<a id="pb-cite-2" href="#pb-ref-1">2020</a>)</span></p>
                <p><a href="https://a.example"><span class="pb-cite">(Roe 2021)</span></a></p>
                <p><span class="pb-cite">(<a id="pb-cite-3" href="#pb-ref-2">Roe 2021</a>)</span></p>
                <section class="pb-references" aria-labelledby="patchbook-references">
                <h2 id="patchbook-references">References</h2>
                <ul>
                <li id="pb-ref-1">Doe, D. 2020. <i>A</i>. <a href="https://doi.org/10.1/a%3Cb">https://doi.org/10.1/a&lt;b</a>. \
                <a class="pb-back" href="#pb-cite-2" aria-label="Back to citation 1 of this work">↩</a></li>
                <li id="pb-ref-2">Roe, Ray. 2021. <i>B &lt;c&gt;</i>. \
                <a class="pb-back" href="#pb-cite-1" aria-label="Back to citation 1 of this work">↩</a> \
                <a class="pb-back" href="#pb-cite-3" aria-label="Back to citation 2 of this work"><sup>2</sup></a></li>
                </ul>
                </section>
                """)
    }

    @Test("a work that only the abstract cites is in the list")
    func abstracts() throws {
        let works = "@book{roe, author={Roe, Ray}, title={B}, year=2021}"
        var evaluation = SampleEvaluation.evaluation([.prose([.paragraph([.text("Text.")])])])
        evaluation.citationSource = CitationSource(Bibliography.read(Array(works.utf8)).bibliography)
        evaluation.publication.abstract = [.paragraph([Self.citation("roe", isInText: true)])]
        let page = try PageTests.page(evaluation)
        #expect(page.contains("<li id=\"pb-ref-1\">Roe, Ray. 2021."))
        #expect(page.contains("Roe (<a id=\"pb-cite-1\" href=\"#pb-ref-1\">2021</a>)"))
    }

    @Test("numbers follow the order of the page: title, captions, text")
    func numbers() throws {
        let block = SampleEvaluation.block("s", "patch", SampleEvaluation.sweep, caption: [Self.citation("doe")])
        let page = try Self.page(
            [.block(block), .prose([.paragraph([Self.citation("roe")])])], style: .numeric,
            title: [.text("T "), Self.citation("roe")])
        #expect(page.contains("<title>T [1]</title>"))
        #expect(
            page.contains("[<a id=\"pb-cite-2\" href=\"#pb-ref-2\">2</a>]")
                && page.contains("<ol>\n<li id=\"pb-ref-1\">Roe"))
        #expect(page.contains("<a href=\"#patchbook-references\">References</a>") == false)
    }

    @Test("a page that cites nothing has no list, and long pages name it in their contents")
    func contents() throws {
        #expect(try !Self.page([.prose([.paragraph([.text("x")])])]).contains("pb-references\""))
        let headings = (1...3).map { MarkdownBlock.heading(level: 2, [.text("H\($0)")]) }
        let page = try Self.page([.prose(headings + [.paragraph([Self.citation("doe")])])])
        #expect(page.contains("<a href=\"#patchbook-references\">References</a>"))
    }
}
