import Foundation
import JSON
import TestSupport
import Testing

/// What `patchbook lsp` does for an editor, feature by feature, on a notebook that uses much of the language.
@Suite(.serialized) struct EditorFeatureTests {
    static let notebook = """
        ---
        title: Planted layers, `{= sweep.peak.layer }`
        params:
          limit: {type: int, default: 8, min: 2, help: how many pairs}
        seed: 7
        headline: [sweep.peak.layer | d]
        bibliography: refs.bib
        ---

        # Set up

        \(Program.models())
        ```{pairs}
        id: pairs
        path: data/demo-heldout.jsonl
        limit: $limit
        ```
        ```{score}
        id: score
        models: pair
        pairs: pairs
        ```

        ## The sweep

        ```{patch}
        id: sweep
        models: pair
        pairs: pairs
        layers: [4, 5]
        controls: [random]
        show: all
        caption: |
          The peak is layer `{= sweep.peak.layer }`,

          - 👩‍🔬 of `{= params.limit }` pairs
        ```

        The peak is `{= sweep.peak.layer | d }` of `{= params.limit }` pairs: [Figure](#sweep), [table](#sweep.layers)
        and [there](#block-sweep), as @doe2020 says.

        # Results

        ```{chart}
        data: sweep.layers
        x: layer
        y: effect
        color: direction
        where: {control: none}
        reference: {value: score.gain.mean, label: "gain of sweep.peak.layer"}
        ```

        ```{expect}
        - claim: sweep.peak.layer in 4..11
          because: the planted layers are 5, 6 and 7
        - claim: params.limit >= 2
          because: it says so
        ```

        ```{include}
        path: more.md
        ```

        """
    static let more = "Included: `{= sweep.peak.layer }`, and [Figure](#sweep).\n"
    static let works = "@book{doe2020, title = {On Layers}, author = {Doe, Ann}, year = 2020}\n"

    nonisolated(unsafe) private static let shared = Result {
        let program = try Program(notebook)
        try program.write("refs.bib", works)
        return (program: program, client: try EditorClient.started(in: program.folder))
    }
    private let program: Program
    private let client: EditorClient

    /// Every test begins with the notebook as it is here, in one editor.
    init() throws {
        (program, client) = try Self.shared.get()
        try program.write("more.md", Self.more)
        try client.open("x.md", Self.notebook)
    }

    @Test func `the notebook itself has no problem`() throws {
        #expect(try client.problems("x.md") == [])
    }

    // MARK: Completion

    /// What may be written at `│` in a text after the notebook: some of the proposals, and some that there are not.
    struct Typed: Sendable, CustomTestStringConvertible {
        let text: String
        let has: [String]
        let lacks: [String]
        var testDescription: String { text }
        init(_ text: String, _ has: [String], lacks: [String] = []) {
            (self.text, self.has, self.lacks) = (text, has, lacks)
        }
    }

    @Test(
        "what may be written is proposed",
        arguments: [
            Typed("```{pa│", ["patch", "pairs", "include"]),
            Typed("```{│}", ["patch"]),
            Typed("```{patch}\nmod│\n```", ["models", "layers", "caption"]),
            Typed("```{patch}\nmodels: pair\n│\n```", ["pairs"], lacks: ["models"]),
            Typed("```{patch}\nmodels: │\n```", ["pair"], lacks: ["pairs", "sweep"]),
            Typed("```{chart}\nmark: │\n```", ["line", "heatmap"]),
            Typed("```{chart}\nidentity: t│\n```", ["true", "false", "$limit"]),
            Typed("```{chart}\ndata: │\n```", ["sweep.layers"], lacks: ["sweep"]),
            Typed("```{chart}\ndata: sweep.layers\nx: │\n```", ["layer", "effect"]),
            Typed("```{chart}\ndata: sweep.layers\ntitle: │\n```", ["$limit"], lacks: ["layer"]),
            Typed("```{chart}\ndata: sweep.layers\nwhere: {│\n```", ["control", "direction"]),
            Typed("```{chart}\ndata: sweep.layers\nwhere: {control: none, la│}\n```", ["layer"]),
            Typed("```{chart}\ndata: sweep.layers\nwhere: {control: │}\n```", [], lacks: ["control", "layer"]),
            Typed("```{chart}\ndata: sweep.layers\nwhere:\n  │\n```", ["control"]),
            Typed("```{table}\ndata: sweep.layers\ncolumns: [layer, │]\n```", ["effect"]),
            Typed("```{table}\ndata: sweep.layers\ncolumns:\n- layer\n- │\n```", ["effect"]),
            Typed("```{chart}\ndata: sweep.layers\nreference: │\n```", ["score", "params.limit"]),
            Typed("```{chart}\ndata: sweep.layers\nreference: {value: score.│}\n```", ["score.gain.mean"]),
            Typed(
                "```{chart}\ndata: sweep.layers\nreference: {value: score.gain.mean, label: │}\n```", [],
                lacks: ["score"]),
            Typed("```{pairs}\nlimit: $│\n```", ["$limit"], lacks: ["limit"]),
            Typed("```{pairs}\npath: da│\n```", ["data", "x.md"]),
            Typed("```{pairs}\npath: data/│\n```", ["data/demo-heldout.jsonl"]),
            Typed("```{table}\ncaption: │\n```", [], lacks: ["$limit"]),
            Typed("```{table}\nshow: │\n```", ["main", "none"]),
            Typed("```{table}\ncaption: The `{= sweep.│\n```", ["sweep.peak.layer"]),
            Typed("```{expect}\n- │\n```", ["claim", "kind", "because"]),
            Typed("```{expect}\n- claim: │\n```", ["sweep", "params.limit"]),
            Typed("```{expect}\n- claim: sweep.│\n```", ["sweep.peak.layer"]),
            Typed("```{expect}\n- claim: sweep.peak.layer > score.│\n```", ["score.gain.mean"]),
            Typed("```{expect}\n- claim: a.b > 1\n  │\n```", ["kind", "because"]),
            Typed("```{include}\npa│\n```", ["path"], lacks: ["caption"]),
            Typed("```{include}\npath: mo│\n```", ["more.md"]),
            Typed("It is `{= │", ["sweep", "score", "params.limit"], lacks: ["chart-1"]),
            Typed("It is `{= sweep.pe│ak.layer }`", ["sweep.peak.layer"], lacks: ["score.gain.mean"]),
            Typed("It is `{= params.│", ["params.limit"]),
            Typed("It is `{= sweep.peak.layer | │", [".2f", "d", ".2f interval"]),
            Typed("See [Figure](#│", ["sweep", "set-up", "results"]),
            Typed("As @do│", ["doe2020"]),
            Typed("As [see @│; @doe2020]", ["doe2020"]),
            Typed("Nothing │", [], lacks: ["sweep"]),
        ])
    func completion(_ typed: Typed) throws {
        let parts = typed.text.split(separator: "│", omittingEmptySubsequences: false)
        let before = Self.notebook + parts[0]
        try client.change("x.md", to: before + parts[1] + "\n")
        let labels = try client.labels("x.md", at: before, in: before)
        for label in typed.has { #expect(labels.contains(label), "\(labels)") }
        for label in typed.lacks { #expect(!labels.contains(label), "\(labels)") }
        if typed.has.isEmpty { #expect(labels == []) }
    }

    @Test func `a proposal replaces the whole word that it completes`() throws {
        let text = Self.notebook + "It is `{= sweep.pe.lay }`.\n"
        try client.change("x.md", to: text)
        let answer = try client.ask("completion", "x.md", at: "It is `{= sweep.pe", in: text)
        let items = try #require(answer["result"]?["items"]?.array)
        let edit = try #require(items.first { $0["label"]?.string == "sweep.peak.layer" }?["textEdit"])
        #expect(
            try EditorClient.text(text, after: [edit]) == text.replacing("sweep.pe.lay ", with: "sweep.peak.layer "))
        let detail = items.first { $0["label"]?.string == "sweep.peak.layer" }?["detail"]?.string
        #expect(detail?.isEmpty == false)
    }

    @Test func `every format that is proposed is one`() throws {
        let text = Self.notebook + "`{= sweep.peak.layer | "
        try client.change("x.md", to: text)
        for format in try client.labels("x.md", at: text, in: text) {
            try client.change("x.md", to: text + format + " }`\n")
            #expect(try !client.problems("x.md").contains { $0["code"]?.string == "bad-format" }, "\(format)")
        }
    }

    @Test func `keys of the front matter are proposed`() throws {
        let text = Self.notebook.replacing("seed: 7", with: "ab")
        try client.change("x.md", to: text)
        #expect(try client.labels("x.md", at: "\nab", in: text).contains("abstract"))
    }

    // MARK: Hover

    private func hover(_ words: String, after: Int? = nil) throws -> String? {
        try client.ask("hover", "x.md", at: words, in: Self.notebook, after: after)["result"]?[
            "contents"]?[
                "value"]?.string
    }

    @Test func `help says what a word means`() throws {
        #expect(try hover("```{pa", after: 6)?.contains("Options") == true)
        #expect(try hover("```{inc")?.contains("path") == true)
        #expect(try hover("limit: $limit", after: 2)?.hasPrefix("**limit**: ") == true)
        #expect(try hover("$li") == "**limit**: how many pairs\n\na whole number, at least 2\n\nValue: `8`")
        #expect(try hover("{= params.li")?.contains("Value: `8`") == true)
        #expect(try hover("models: pai")?.hasPrefix("**pair** `{models}`: ") == true)
        #expect(try hover("{= sweep.peak.layer | d", after: 10)?.hasPrefix("**sweep.peak.layer**: ") == true)
        #expect(try hover("data: sweep.lay")?.contains("- `effect`") == true)
        #expect(try hover("value: score.gain")?.hasPrefix("**score.gain.mean**: ") == true)
        #expect(try hover("@doe") == "**doe2020**: Doe (2020): On Layers")
        #expect(try hover("The peak is", after: 2) == nil)
    }

    @Test func `help gives the last value, and never computes one`() throws {
        let before = try hover("{= sweep.peak.lay")
        #expect(before?.hasSuffix("No value is kept.") == true)
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/.patchbook"))
        #expect(try program.run("render", "x.md").code == 0)
        let after = try #require(try hover("{= sweep.peak.lay"))
        #expect(after.firstMatch(of: /Last value: `[0-9]+`$/) != nil, "\(after)")
        #expect(try hover("models: pai")?.contains("- `pair.layers`: `12`") == true)
        let text = Self.notebook.replacing("layers: [4, 5]", with: "layers: [4, 5, 6]")
        try client.change("x.md", to: text)
        let old = try client.ask("hover", "x.md", at: "{= sweep.peak.lay", in: text)["result"]?["contents"]?["value"]?
            .string
        #expect(old == after + ", computed with other options")
    }

    // MARK: Places

    /// The file and the line, from 1, that a name leads to.
    private func definition(_ words: String) throws -> String? {
        let answer = try client.ask("definition", "x.md", at: words, in: Self.notebook)["result"]
        guard let file = answer?["uri"]?.string?.split(separator: "/").last,
            let line = answer?["range"]?["start"]?["line"]?.int
        else { return nil }
        return "\(file):\(line + 1)"
    }

    /// The line of the notebook on which some words first stand.
    private func line(_ words: String) throws -> String {
        let before = try #require(Self.notebook.firstRange(of: words)).lowerBound
        return "x.md:\(Self.notebook[..<before].count { $0 == "\n" } + 1)"
    }

    @Test func `a name leads to where it is given`() throws {
        for words in ["{= sweep", "[Figure](#swe", "(#block-sw", "data: sweep", "claim: swe", "(#sweep.lay"] {
            #expect(try definition(words) == line("id: sweep"), "\(words)")
        }
        #expect(try definition("models: pa") == line("id: pair"))
        #expect(try definition("value: score.ga") == line("id: score"))
        #expect(try definition("$lim") == line("limit: {type"))
        #expect(try definition("{= params.li") == line("limit: {type"))
        #expect(try definition("path: mor") == "more.md:1")
        #expect(try definition("path: data/demo") == "demo-heldout.jsonl:1")
        #expect(try definition("@doe20") == "refs.bib:1")
        #expect(try definition("bibliography: ref") == "refs.bib:1")
        #expect(try definition("# Resu") == nil)
    }

    @Test func `every mention of a name is found, in included texts too`() throws {
        func found(_ declared: Bool) throws -> [String] {
            let context = JSON.object([JSON.Member("includeDeclaration", .bool(declared))])
            let answer = try client.ask(
                "references", "x.md", at: "id: swe", in: Self.notebook, [JSON.Member("context", context)])
            return try #require(answer["result"]?.array).compactMap {
                $0["uri"]?.string?.split(separator: "/").last.map(String.init)
            }
        }
        let all = try found(true)
        // Title, headline, id, caption, text, figure, table, link, data, claim; and two in the included text.
        #expect(all.count { $0 == "x.md" } == 10)
        #expect(all.count { $0 == "more.md" } == 2)
        #expect(try found(false).count == 11)
    }

    // MARK: Renaming

    private func rename(_ words: String, to new: String) throws -> JSON {
        try client.ask("rename", "x.md", at: words, in: Self.notebook, [JSON.Member("newName", .string(new))])
    }

    private func edits(_ answer: JSON, _ name: String) throws -> [JSON] {
        try #require(answer["result"]?["changes"]?[client.uri(name)]?.array, "\(answer.text())")
    }

    @Test("a block's new name is written everywhere", arguments: ["id: swe", "{= swe", "[Figure](#sw", "claim: sw"])
    func renaming(_ words: String) throws {
        let answer = try rename(words, to: "other-1")
        let text = try EditorClient.text(Self.notebook, after: try edits(answer, "x.md"))
        #expect(
            text
                == Self.notebook.replacing("sweep", with: "other-1").replacing("The other-1", with: "The sweep")
                .replacing("gain of other-1", with: "gain of sweep"))
        let more = try EditorClient.text(Self.more, after: try edits(answer, "more.md"))
        #expect(more == Self.more.replacing("sweep", with: "other-1"))
        try program.write("more.md", more)
        try client.change("x.md", to: text)
        #expect(try client.problems("x.md") == [])
    }

    @Test func `a parameter's new name is written everywhere`() throws {
        let text = try EditorClient.text(Self.notebook, after: try edits(try rename("$lim", to: "most_pairs"), "x.md"))
        #expect(
            text
                == Self.notebook.replacing("limit:", with: "most_pairs:").replacing(
                    "most_pairs: $limit", with: "limit: $most_pairs"
                )
                .replacing("params.limit", with: "params.most_pairs"))
        try client.change("x.md", to: text)
        #expect(try client.problems("x.md") == [])
    }

    @Test func `a name that cannot be given is refused with a reason`() throws {
        for (words, new, reason) in [
            ("id: swe", "Sweep", "'Sweep' cannot be an id"), ("id: swe", "", "'' cannot be an id"),
            ("id: swe", "params", "'params' cannot be an id"), ("id: swe", "score", "the id 'score' is taken"),
            ("id: swe", "chart-1", "the id 'chart-1' is taken"), ("$lim", "2x", "'2x' cannot name a parameter"),
            ("@doe", "roe", "the key of a work belongs to the bibliography"),
            ("# Resu", "roe", "there is no id of a block and no parameter here"),
        ] {
            let error = try rename(words, to: new)["error"]
            #expect(error?["code"]?.int == -32803)
            #expect(error?["message"]?.string?.contains(reason) == true, "\(words): \(error?.text() ?? "")")
        }
        let text = Self.notebook + "See [Figure](#chart-1).\n"
        try client.change("x.md", to: text)
        let answer = try client.ask("prepareRename", "x.md", at: "#chart", in: text)
        #expect(answer["error"]?["message"]?.string == "this block has no id of its own; give it one with 'id'")
        let range = try client.ask("prepareRename", "x.md", at: "{= swe", in: text)["result"]
        #expect(range?["end"]?["character"]?.int == (range?["start"]?["character"]?.int ?? 0) + "sweep".count)
    }

    @Test func `a name that is also written with an escape is not renamed in part`() throws {
        let text = Self.notebook.replacing("data: sweep.layers", with: "data: \"\\x73weep.layers\"")
        try client.change("x.md", to: text)
        #expect(try client.problems("x.md") == [])
        let answer = try client.ask("rename", "x.md", at: "id: swe", in: text, [JSON.Member("newName", .string("b"))])
        #expect(answer["error"]?["message"]?.string?.contains("as with an escape") == true, "\(answer.text())")
    }

    // MARK: Outline

    @Test func `the outline has headings with their blocks inside`() throws {
        func names(_ symbols: JSON?) -> [String] {
            (symbols?.array ?? []).flatMap { symbol in
                [symbol["name"]?.string ?? ""] + names(symbol["children"]).map { "  " + $0 }
            }
        }
        let symbols = try client.result("textDocument/documentSymbol", client.document("x.md"))
        #expect(
            names(symbols) == [
                "Set up", "  pair", "  pairs", "  score", "  The sweep", "    sweep", "Results", "  chart-1",
                "  expect-1",
                "  more.md",
            ])
    }

    @Test func `front matter, sections, blocks and listings fold`() throws {
        let text = """
            ---
            title: T
            ---

            Setext
            ======

            ```python
            # no heading
            ```

            ## Inner

            ```{table}
            csv: |
              a
              1
            ```


            # Next
            """
        try client.change("x.md", to: text)
        let folds = try client.result("textDocument/foldingRange", client.document("x.md")).array ?? []
        #expect(
            folds.map { [$0["startLine"]?.int, $0["endLine"]?.int] } == [
                [0, 2], [4, 17], [7, 9], [11, 17], [13, 17],
            ])
    }

    @Test func `an answer is about the text as it is`() throws {
        for number in 1...20 {
            let text = Self.notebook.replacing("id: score", with: "id: score-\(number)")
                .replacing("score.gain", with: "score-\(number).gain")
            try client.change("x.md", to: text)
            #expect(try client.labels("x.md", at: "claim: ", in: text).contains("score-\(number)"))
        }
    }
}
