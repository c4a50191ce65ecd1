import JSON
import TestSupport
import Testing

/// Pages over pairs whose texts must not be passed on.
@Suite(.serialized) struct HiddenTextTests {
    @Test func `a page over pairs that hide their text holds neither a word of them nor a token id`() throws {
        let program = try Program(Self.notebook)
        try program.write("data/marked.jsonl", Self.pairs)
        func rendered(_ text: String) throws -> (page: String, results: JSON) {
            let ending = try program.run("render", "x.md", "-P", "text=\(text)", "--results", "\(text).json")
            #expect(ending.code == 0, "\(ending.errors)")
            let page = String(decoding: try program.bytes("output/x.html"), as: UTF8.self)
                .replacing("%20", with: " ").replacing(#/<[^>]*>/#, with: "")
            return (page, try JSON.parse(program.bytes("\(text).json")))
        }
        let shown = try rendered("shown")
        let hidden = try rendered("hidden")
        let rows = try #require(shown.results["blocks"]?["pairs"]?["tables"]?["tokens"]?["rows"]?.array)
        let ids = try #require(rows.first?.array).compactMap(\.string).filter { $0.contains(" ") }
        #expect(ids.count == 3)
        // What is looked for is there to be found.
        #expect(shown.page.contains("kestrel") && ids.allSatisfy(shown.page.contains))
        #expect(!hidden.page.contains("kestrel"))
        for text in ids {
            let few = text.split(separator: " ").prefix(4).joined(separator: " ")
            #expect(shown.page.contains(few) && !hidden.page.contains(few))
        }
        func columns(_ block: String) -> [String]? {
            hidden.results["blocks"]?[block]?["tables"]?["tokens"]?["columns"]?.array?.compactMap(\.string)
        }
        #expect(
            columns("pairs") == [
                "pair", "row", "prompt_number", "split", "prompt_tokens", "chosen_tokens", "rejected_tokens",
            ])
        #expect(columns("found") == ["response", "position", "base", "run", "difference"])
        // The numbers are the same, and no model ran again for them.
        for block in ["score", "sweep", "apart", "read"] {
            #expect(hidden.results["blocks"]?[block] == shown.results["blocks"]?[block])
        }
    }

    @Test func `what hides its text cannot be shown by another block`() throws {
        let program = try Program(
            Self.notebook.replacing("text: $text", with: "text: hidden", maxReplacements: 1).replacing(
                "text: $text", with: "text: shown")
                + "```{table}\ndata: pairs.tokens\ncolumns: [chosen_ids]\n```\n")
        try program.write("data/marked.jsonl", Self.pairs)
        let ending = try program.run("check", "x.md")
        #expect(ending.code == 1)
        let said = ending.output + ending.errors
        #expect(said.contains("the pairs 'pairs' hide their text, and this block would show a part of it"), "\(said)")
        #expect(said.contains("give this block 'text: hidden' too"))
        #expect(said.contains("chosen_ids"))
    }

    @Test func `a template that quotes a row of hidden text is not quoted itself`() throws {
        let row =
            #"{"prompt": [{"role": "kestrel", "content": "a"}], "chosen": [{"role": "assistant", "content": "b"}], "#
            + #""rejected": [{"role": "assistant", "content": "c"}]}"#
        for (option, code) in [("error", Int32(1)), ("drop", 1)] {
            let program = try Program(
                Program.models()
                    + "\n```{pairs}\npath: data/marked.jsonl\ntext: hidden\nshow: all\non_bad_row: \(option)\n```\n")
            try program.write("data/marked.jsonl", row)
            let ending = try program.run("render", "x.md")
            #expect(ending.code == code, "\(ending.errors)")
            #expect(ending.errors.contains("the chat template refuses the row"), "\(ending.errors)")
            let page = String(decoding: try program.bytes("output/x.html"), as: UTF8.self)
            #expect(!page.contains("kestrel") && !ending.errors.contains("kestrel"))
        }
    }

    private static let pairs = ["Monday", "Friday", "Sunday"].map { day in
        #"{"prompt": "\n\nHuman: What flew on \#(day)?\n\nAssistant:", "#
            + #""chosen": " A kestrel flew on \#(day).", "rejected": " No kestrel flew at all."}"#
    }.joined(separator: "\n")

    private static let notebook = """
        ---
        title: Hidden
        params: {text: {type: string, default: hidden}}
        ---
        \(Program.models())
        ```{pairs}
        id: pairs
        path: data/marked.jsonl
        split: none
        show: all
        text: $text
        ```
        ```{tokens}
        id: found
        models: pair
        pairs: pairs
        show: all
        text: $text
        ```
        ```{score}
        id: score
        models: pair
        pairs: pairs
        show: all
        ```
        ```{patch}
        id: sweep
        models: pair
        pairs: pairs
        layers: [5, 6]
        controls: [random]
        show: all
        ```
        ```{distances}
        id: apart
        models: pair
        pairs: pairs
        show: all
        ```
        ```{logit_lens}
        id: read
        models: pair
        pairs: pairs
        show: all
        ```

        """
}
