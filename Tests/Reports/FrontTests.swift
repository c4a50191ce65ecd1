import Foundation
import Markdown
import Notebooks
import Reports
import Testing
import Values

/// What the head of a page says of its authors and of what it comes to.
@Suite struct FrontTests {
    static func page(_ change: (inout Publication) -> Void) throws -> String {
        var outcome = Outcome()
        outcome.set("gain.mean", .number(0.256))
        outcome.set("gain.mean.lower", .number(0.2))
        outcome.set("gain.mean.upper", .number(0.3))
        var evaluation = SampleEvaluation.evaluation(
            [.block(SampleEvaluation.block("s", "score", outcome))], title: [.text("Gains & losses: 50%")])
        change(&evaluation.publication)
        return try PageTests.page(evaluation)
    }

    @Test("authors, day, DOI and abstract stand at the head")
    func head() throws {
        let page = try Self.page {
            $0.authors = [
                Publication.Author("A. One", orcid: "0000-0002-1825-0097", affiliation: "Lab & co"),
                Publication.Author("B. Two"),
            ]
            $0.date = "2026-11-29"
            $0.doi = "10.1000/182"
            $0.abstract = [.paragraph([.text("The gain is "), SampleEvaluation.value("s.gain.mean", ".0%")])]
        }
        #expect(page.contains("<meta name=\"author\" content=\"A. One, B. Two\">"))
        #expect(
            page.contains(
                "<span>A. One <a href=\"https://orcid.org/0000-0002-1825-0097\" aria-label=\"ORCID of A. One\">ORCID</a> <span class=\"pb-affiliation\">Lab &amp; co</span></span><span>B. Two</span>"
            ))
        #expect(
            page.contains(
                "<time datetime=\"2026-11-29\">2026-11-29</time> · <a href=\"https://doi.org/10.1000/182\">doi:10.1000/182</a>"
            ))
        #expect(page.contains("<p>The gain is <data class=\"pb-value\" value=\"0.256\""))
    }

    @Test("headline values have their intervals, and lists of reports can read them")
    func headline() throws {
        let page = try Self.page {
            let gain = InlineValue(path: "s.gain.mean", format: ".0%", location: SampleEvaluation.here)
            $0.headline = [Publication.Headline(gain), Publication.Headline(gain, name: "gain & more")]
        }
        #expect(page.contains("<dt>s.gain.mean</dt>") && page.contains("26%</a></data> [20%, 30%]</dd>"))
        #expect(
            page.contains(
                " data-headline=\"[[&quot;s.gain.mean&quot;,&quot;26%&quot;],[&quot;gain &amp; more&quot;,&quot;26%&quot;]]\""
            ))
        #expect(page.contains("<dt>gain &amp; more</dt>"))
        #expect(!(try Self.page { _ in }).contains("data-headline"))
    }

    @Test("a page with authors says how to cite it, in words and as BibTeX")
    func citation() throws {
        let page = try Self.page {
            $0.authors = ["A. One", "B. Two", "C. Größer"].map { Publication.Author($0) }
            $0.date = "2026-11-29"
            $0.doi = "10.1000/18_2"
        }
        #expect(
            page.contains(
                "<p>A. One, B. Two, and C. Größer (2026-11-29). Gains &amp; losses: 50%. https://doi.org/10.1000/18_2</p>"
            )
        )
        let entry = """
            @misc{one2026,
              title = {{Gains \\&amp; losses: 50\\%}},
              author = {A. One and B. Two and C. Größer},
              year = {2026},
              date = {2026-11-29},
              doi = {10.1000/18_2},
              howpublished = {Patchbook report}
            }
            """
        #expect(page.contains(entry))
        #expect(!(try Self.page { _ in }).contains("Cite this"))
    }

    @Test("a command's main figure is open and the others are folded, but for those that the text refers to")
    func moreFigures() throws {
        let block = SampleEvaluation.block("sweep", "patch", SampleEvaluation.sweep)
        let names = SampleEvaluation.sweep.figures.map(\.name)
        try #require(names.count == 2)
        func page(_ text: [MarkdownInline], _ block: EvaluatedBlock) throws -> (before: String, fold: String) {
            let page = try PageTests.page(SampleEvaluation.evaluation([.prose([.paragraph(text)]), .block(block)]))
            let parts = page.components(separatedBy: "<details class=\"pb-more\">")
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        let folded = try page([], block)
        #expect(folded.before.contains("id=\"figure-1\"") && !folded.before.contains("id=\"figure-2\""))
        #expect(folded.fold.contains("<summary>1 more figure</summary>") && folded.fold.contains("id=\"figure-2\""))
        let reference = CrossReference(
            kind: .figure, word: "Figure", block: "sweep", name: names[1], location: SampleEvaluation.here)
        let referred = try page([.reference(reference)], block)
        #expect(referred.fold.isEmpty && referred.before.contains("id=\"figure-2\""))
        let closed = try page(
            [], SampleEvaluation.block("sweep", "patch", SampleEvaluation.sweep, show: .parts(["folded"])))
        let title = SampleEvaluation.sweep.figures[0].title
        #expect(closed.fold.contains("<summary>\(title), and 1 more figure</summary>"))
        let all = try page([], SampleEvaluation.block("sweep", "patch", SampleEvaluation.sweep, show: .figures))
        #expect(all.fold.isEmpty && all.before.contains("id=\"figure-2\""))
        let one = try page(
            [], SampleEvaluation.block("sweep", "patch", SampleEvaluation.sweep, show: .parts([names[1], "gone"])))
        #expect(one.before.contains("id=\"figure-1\"") && !one.before.contains("id=\"figure-2\"") && one.fold.isEmpty)
        #expect(one.before.contains("This run drew no figure &#39;gone&#39;."))
    }

    @Test("every figure, table, heading and claim has a link to itself, and figures and tables are listed")
    func links() throws {
        let page = try PageTests.page(SampleEvaluation.study)
        for anchor in ["the-sweep", "figure-1", "figure-3", "table-1", "claim-1", "claim-2"] {
            #expect(page.contains(" id=\"\(anchor)\""), "\(anchor)")
            #expect(page.contains("<a class=\"pb-link\" href=\"#\(anchor)\" aria-label=\"Link to "), "\(anchor)")
        }
        #expect(page.contains("<summary>3 figures and 1 table</summary>"))
        #expect(
            page.contains("<li><a href=\"#table-1\">Table\u{A0}1. Effects, intervals and p values by layer.</a></li>"))
    }
}
