import Commands
import Markdown
import Notebooks
import TestSupport
import Testing

/// Every problem of a command quotes exactly the text that it is about: what stands between « and » here.
@Suite struct PlaceTests {
    private static let models =
        "```{models}\nid: m\nbase: notebooks/models/demo\ntuned: {path: notebooks/models/demo, adapter: notebooks/models/demo-dpo}\n```\n"
    private static let pairs = "```{pairs}\nid: p\npath: notebooks/data/demo-heldout.jsonl\nlimit: 4\n```\n"
    private static let table = "```{table}\nid: t\ncsv: |\n  layer,effect\n  0,1\n  1,2\n```\n"

    static let marked =
        [
            "```{models}\nid: m\nbase: «notebooks/models/dmo»\ntuned: {path: notebooks/models/demo, adapter: «notebooks/models/dpo»}\n```\n",
            "```{models}\nid: m\nbase: notebooks/models/demo\ntuned: {path: x, «revsion»: y}\n```\n",
            "```{models}\nid: m\nbase: notebooks/models/demo\ntuned: «[a]»\n```\n",
            models + "```{pairs}\nid: p\npath: «notebooks/data/demo.jsonl»\n```\n",
            models
                + "```{pairs}\nid: p\npath: notebooks/data/demo-heldout.jsonl\nsplit: {fit: «2»}\ncolumns: {«promt»: x}\n```\n",
        ]
        + [
            "{patch}\nlayers: «[3, 40]»", "{patch}\nsets: «4»\norders: «3»\nbasis: «mean»\nneutral: «A bus.»",
            "{patch}\npositions: [all, «foo»]", "{patch}\ncontrols: [self, «rndom»]", "{patch}\nheads: «each»",
            "{patch}\nestimand: swap\nsite: «z»\ncontrols: «[random]»",
            "{patch}\ncaption: \"`{= «p.cnt» }`\"",
            "{spectrum}\nlayer: «12»", "{probe}\nlayers: «12..14»", "{logit_lens}\nlayers: «[12]»",
            "{distances}\nmeasure: «l3»", "{tokens}\nroute: «{swap: [12]}»", "{tokens}\nroute: {«mix»: 3}",
        ].map {
            models + pairs + "```" + $0.replacing("\n", with: "\nmodels: m\npairs: p\n", maxReplacements: 1) + "\n```\n"
        }
        + [
            "```{chart}\ndata: «t.dta»\nx: layer\ny: effect\n```\n",
            "```{chart}\ndata: t.data\nx: «layr»\ny: «efect»\nwhere: {«cntrol»: 1}\n```\n",
            "```{chart}\ndata: t.data\nx: layer\ny: [effect, «effect»]\n```\n",
            "```{chart}\ndata: t.data\nx: layer\ny: effect\nreference: [1, «t.x», {value: 2, «lable»: a}]\n```\n",
            "```{chart}\ndata: t.data\nx: layer\ny: effect\ny_scale: log\nreference: {value: «-1»}\n```\n",
            "```{table}\ndata: t.data\ncolumns: [layer, «layr»]\nsort: «efct»\nformat: {layer: «.2x»}\n```\n",
            "```{table}\ndata: t.data\ncolumns: [layer]\nformat: {«effect»: .2f}\n```\n",
            "```{table}\ncsv: «data.csv»\n```\n",
            "```{expect}\n- claim: «params.x» > 1\n  because: a\n- {claim: «t.data <», because: b}\n```\n",
            "```{expect}\n- {claim: t.data > 1, «becuase»: b}\n- «a claim»\n```\n",
        ].map { table + $0 }

    @Test(arguments: marked)
    func `a problem of a command quotes what it is about`(marked: String) {
        let marked = MarkedText(marked)
        let problems = EmbeddedNotebook.standard(marked.text).session.analysis.problems.all
        for quote in marked.quotes {
            #expect(problems.map(\.quote).contains(quote), "\(problems.map { ($0.message, $0.quote ?? "") })")
        }
        if marked.quotes.count == 1, let first = problems.first(where: { $0.quote == marked.quotes[0] })?.location {
            #expect(first.line == marked.first.line && first.column == marked.first.column)
        }
    }
}
