import Markdown
import Notebooks
import Testing

/// `{pairs}`: which pairs choices are made on.
@Suite struct PairsSplitTests {
    private func tokens(_ split: String) throws -> Outcome {
        try EmbeddedNotebook.evaluation("demo-planted", limit: 20, split: split, "").blocks[1].result.outcome
    }

    @Test func `half of the prompts are to choose on, drawn from the seed`() throws {
        let outcome = try tokens("{fit: 0.5}")
        let table = try #require(outcome.table("tokens"))
        let (splits, prompts) = (table[column: "split"] ?? [], table[column: "prompt_number"] ?? [])
        #expect(outcome.number("fit.count").map { (8...12).contains($0) } == true)
        #expect((outcome.number("fit.count") ?? 0) + (outcome.number("confirm.count") ?? 0) == 20)
        for (index, prompt) in prompts.enumerated() {
            #expect(splits[prompts.firstIndex(of: prompt) ?? 0] == splits[index], "a prompt is in one part")
        }
        #expect(try tokens("{fit: 0.5}").table("tokens") == table)
    }

    @Test func `without a split every pair is in both parts`() throws {
        let outcome = try tokens("none")
        #expect(outcome.number("fit.count") == 20 && outcome.number("confirm.count") == 20)
        #expect(outcome.table("tokens")?[column: "split"]?.allSatisfy { $0 == .string("all") } == true)
    }

    @Test(arguments: [
        ("half", "option 'split' takes 'none', or {fit: SHARE} with a share between 0 and 1, but 'half' is neither"),
        ("{fit: 1}", "'1' is not a share"), ("{test: 0.5}", "'test' is not one of its keys"), ("{}", "it has no 'fit'"),
    ])
    func `a mistake is one sentence`(_ split: String, _ sentence: String) {
        let error = #expect(throws: Diagnostics.self) {
            try EmbeddedNotebook.evaluation("demo-planted", limit: 4, split: split, "")
        }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
