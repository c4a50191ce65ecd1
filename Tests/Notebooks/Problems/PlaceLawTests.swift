import Markdown
import Notebooks
import Testing
import TestSupport

/// Every problem's place quotes exactly the text that it is about: what stands between « and » here.
@Suite struct PlaceLawTests {
    static let marked = [
        "```{«tabel»}\n```\n",
        "«```{double}»\nid: d\n```\n",
        "```{numbers}\n«limt»: 3\n```\n",
        "```{numbers}\nlimit: «many»\n```\n",
        "```{numbers}\nlimit: «'3'»\n```\n",
        "```{numbers}\nlimit: «\"a \\\" b\"» # a comment\n```\n",
        "```{numbers}\nlimit: «[1, {a: 2}]»\n```\n",
        "```{numbers}\nlimit: «{a: 1,\n  b: [2, 3]}»\nscale: 1\n```\n",
        "```{numbers}\nlimit: «|\n  two\n  lines»\nscale: 1\n```\n",
        "```{numbers}\nlimit: «a text that\n  goes on»\nscale: 1\n```\n",
        "```{numbers}\nmarks: [odd, «evn»]\n```\n",
        "```{numbers}\nlayers: [1, 2, «1»]\n```\n",
        "```{numbers}\nlimit: «$limt»\n```\n",
        "  ```{numbers}\n  limit: «many»\n  ```\n",
        "```{numbers}\nid: «Big»\n```\n",
        "```{numbers}\nid: n\n```\n```{numbers}\nid: «n»\n```\n",
        "```{numbers}\nid: n\n```\n```{double}\nof: «m»\n```\n",
        "```{numbers}\nid: n\n```\n```{double}\nof: n\ndata: «n.rws»\n```\n",
        "```«{numbers} strict»\n```\n",
        "```«{ numbers }»\n```\n",
        "```«{numbers #id}»\n```\n",
        "```«{}»\n```\n",
        "- «```{numbers}»\n  ```\n",
        "Text `{= «a».b }`\n",
        "```{numbers}\nid: n\n```\nText `{= «n.smu» | .2f }` and `{= n.sum | «.2» }`\n",
        "```{numbers}\nid: n\n```\nText `{= n.sum | «.2f interval» }`\n",
        "Text `«{= }»` here\n",
        "Text `«{= a b }»` here\n",
        "See [the rest](«#nowhere») of it\n",
        "See [Figure](«#nowhere») of it\n",
        "Text«[^b]».\n\n[^a]: One[^«»\n".replacing("[^«»", with: ""),
        "Text.\n\n«[^a]»: Never mentioned\n",
        "Text.\n\n- «[^a]»: In a list\n",
        "\n«---»\ntitle: Late\n---\n",
        "<!-- first -->\n«---»\nseed: 3\n---\n",
        "---\n«sed»: 3\n---\n",
        "---\nseed: «-3»\n---\n",
        "---\nparams: {n: {default: 3, «mni»: 2}}\n---\n",
        "---\nparams: {n: {type: int, default: «many»}}\n---\n",
        "---\nparams: {n: {type: int, default: «[1, 2]»}}\n---\n",
        "```{numbers}\nid:«\u{A0}»n\nlimit: 2\n```\n",
        "```{numbers}\nlimit: 2\n«\u{3000}»id: n\n```\n",
        "Text\n\n«<!--» hidden\n\n```{numbers}\n```\n",
    ]

    @Test(arguments: marked)
    func `a problem quotes what it is about`(marked: String) {
        let marked = MarkedText(marked)
        let problems = SampleNotebook(marked.text).session.analysis.problems.all
        for quote in marked.quotes {
            #expect(problems.map(\.quote).contains(quote), "\(problems.map { ($0.message, $0.quote ?? "") })")
        }
        // A place that is listed twice in the text is still the marked one.
        if marked.quotes.count == 1, let first = problems.first(where: { $0.quote == marked.quotes[0] })?.location {
            #expect(first.line == marked.first.line)
            #expect(first.column == marked.first.column)
        }
    }

    @Test(arguments: [
        "```{numbers}\n«limt|limit»: 3\n```\n",
        "```{numbers}\norder: «dwon|down»\n```\n", "```«{numbers} strict|{numbers}»\n```\n",
        "---\nparams: {limit: 3}\n---\n```{numbers}\nlimit: «$limt|$limit»\n```\n",
        "```{numbers}\nid: number\n```\n```{double}\nof: «numbr|number»\n```\n",
        "```{numbers}\nid: n\n```\n```{double}\nof: n\ndata: «n.rws|n.rows»\n```\n",
        "```{numbers}\nid: n\n```\nText `{= «n.smu|n.sum» }`\n",
        "```{numbers}\nid: number\n```\nText `{= «numbr|number».sum }`\n",
        "# T\n\n## Results\n\nSee [the rest](«#reslts|#results»)\n",
        "```{numbers}\nid:«\u{A0}| »n\n```\n",
        "Text[^nte]«».\n\n[^note]: A\n".replacing("[^nte]«»", with: "«[^nte]|[^note]»"),
    ])
    func `a replacement put in the place of what it replaces mends the problem`(marked: String) throws {
        let parts = try #require(marked.firstMatch(of: /«(.*?)\|(.*?)»/))
        let wrong = marked.replacing(parts.0, with: parts.1)
        let problem = try #require(
            SampleNotebook(wrong).session.analysis.problems.all.first { !$0.replacements.isEmpty }, "\(wrong)")
        #expect(problem.quote == String(parts.1))
        #expect(problem.replacements.contains(String(parts.2)), "\(problem.replacements)")
        let mended = marked.replacing(parts.0, with: parts.2)
        #expect(!SampleNotebook(mended).session.analysis.problems.all.contains { $0.code == problem.code })
    }
}
