import Notebooks
import TestSupport
import Testing
import Values

/// `{pairs}` over files of every kind, on the embedded models.
@Suite struct PairsReadingTests {
    private func outcome(_ name: String, _ options: String = "") throws -> Outcome {
        try EmbeddedNotebook.outcome("demo-dpo", limit: 4, block(name, options))
    }

    private func block(_ name: String, _ options: String) -> String {
        "```{pairs}\nid: more\nmodels: pair\npath: Tests/Fixtures/preferences/\(name)\nsplit: none\n\(options)\n```\n"
    }

    private func text(_ outcome: Outcome, _ part: String, kind: String? = nil) throws -> String {
        let figure = try #require(outcome.figures.first)
        func place(_ column: String) throws -> Int { try #require(figure.data.index(of: column)) }
        let (part_, kind_, token) = (try place("part"), try place("kind"), try place("token"))
        return figure.data.rows.filter {
            $0[part_] == .string(part) && (kind == nil || $0[kind_] == .string(kind ?? ""))
        }.map {
            if case .string(let text) = $0[token] { text } else { "" }
        }.joined()
    }

    @Test(arguments: ["ultrafeedback.jsonl", "tulu3.jsonl", "helpsteer3.jsonl"])
    func `messages are written with the model's template, and the figure shows what was read`(name: String) throws {
        let outcome = try outcome(name, "on_bad_row: drop")
        #expect(outcome.number("rendered.count") == outcome.number("count"))
        #expect(try text(outcome, "prompt").hasPrefix("<|begin_of_text|>\n\nHuman: "))
        #expect(try text(outcome, "prompt").hasSuffix("\n\nHuman: Name a bird that swims.\n\nAssistant:"))
        #expect(try text(outcome, "chosen") == " A grebe swims well.")
        #expect(try text(outcome, "rejected") == " Birds.")
        #expect(try text(outcome, "prompt", kind: "template").hasPrefix("<|begin_of_text|>\n\nHuman:"))
        #expect(try text(outcome, "prompt", kind: "template").hasSuffix("Assistant:"))
        // One token holds the full stop and the line breaks that the template writes after it.
        #expect(try text(outcome, "prompt", kind: "text").hasSuffix(" Name a bird that swims.\n\n"))
        #expect(try text(outcome, "chosen", kind: "text") == " A grebe swims well.")
    }

    @Test func `the figure shows what the tokenizer added and what straddles the prompt's end`() throws {
        let rows = try outcome("rewardbench.jsonl", "eos: true")
        #expect(try text(rows, "prompt", kind: "added") == "<|begin_of_text|>")
        #expect(try text(rows, "chosen", kind: "added") == "<|end_of_text|>")
        #expect(try text(rows, "prompt", kind: "template").isEmpty)
        let straddled = try outcome("straddled.jsonl")
        #expect(straddled.number("straddled.count") == 1)
        #expect(try text(straddled, "chosen", kind: "straddling") == " saddle")
    }

    @Test func `ties are dropped and counted with their reason`() throws {
        let outcome = try outcome("helpsteer2.jsonl", "on_bad_row: drop")
        #expect(outcome.number("count") == 3)
        #expect(outcome.table("dropped")?.rows == [[.int(3), .string("neither response is preferred")]])
        #expect(outcome.table("reasons")?.rows == [[.string("neither response is preferred"), .int(1)]])
        #expect(
            EmbeddedNotebook.problems("demo-dpo", block("helpsteer2.jsonl", "")).contains(
                "row 3: neither response is preferred"))
    }

    @Test func `RewardBench's rows give a pair for each rejected response`() throws {
        #expect(try outcome("rewardbench2.jsonl").number("count") == 12)
    }

    @Test func `columns of other names are read`() throws {
        let columns = "columns: {prompt: question, chosen: best, rejected: worst}"
        let outcome = try outcome("questions.csv", columns)
        #expect(outcome.number("count") == 4)
        #expect(outcome.number("rendered.count") == 0)
        #expect(try text(outcome, "prompt", kind: "template").isEmpty)
        let turns = try self.outcome("questions.csv", "\(columns)\ntemplate: chat")
        #expect(turns.number("rendered.count") == 4)
        #expect(try text(turns, "chosen") == " A grebe swims well.")
    }

    @Test func `the end token is scored where it is asked for`() throws {
        func lengths(_ options: String) throws -> [Double] {
            try outcome("rewardbench.jsonl", options).numbers("tokens", "chosen_tokens")
        }
        #expect(try lengths("eos: true") == lengths("").map { $0 + 1 })
    }

    @Test(arguments: [
        ("columns: {chosen: best}", "'chosen' and 'rejected' must both be named"),
        ("columns: {best: chosen}", "'best' is not one of them"), ("template_date: 2024-02-30", "found '2024-02-30'"),
        ("template: none", "row 1: the row is a list of messages, which 'template: none' does not take"),
    ])
    func `what cannot be read is named`(options: String, sentence: String) {
        #expect(EmbeddedNotebook.problems("demo-dpo", block("ultrafeedback.jsonl", options)).contains(sentence))
    }

    @Test func `reading together changes no id of the embedded pairs`() throws {
        let block = "```{pairs}\nid: more\nmodels: pair\npath: notebooks/data/demo-heldout.jsonl\nsplit: none\n```\n"
        let outcome = try EmbeddedNotebook.outcome("demo-dpo", block)
        #expect(outcome.number("apart.count") == 0)
        #expect(outcome.number("straddled.count") == 0)
    }

    @Test func `a prompt of messages is answered as the same prompt in words`() throws {
        func answers(_ prompt: String) throws -> Table? {
            try EmbeddedNotebook.outcome(
                "demo-dpo", "```{generate}\nid: said\nmodels: pair\n\(prompt)\nlength: 6\n```\n"
            ).table("answers")
        }
        let messages = try answers("messages: [{role: user, content: How do I sell a saddle?}]")
        #expect(try messages == answers("prompt: \"\\n\\nHuman: How do I sell a saddle?\\n\\nAssistant:\""))
        #expect(
            EmbeddedNotebook.problems("demo-dpo", "```{generate}\nid: said\nmodels: pair\n```\n")
                .contains("takes one of 'prompt', 'messages' and 'pairs'"))
    }
}
