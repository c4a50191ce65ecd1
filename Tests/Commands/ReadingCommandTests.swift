import Notebooks
import Testing

/// `{probe}`, `{tokens}`, `{generate}` and `{logit_lens}` on the embedded models.
@Suite struct ReadingCommandTests {
    @Test func `a probe finds which response was chosen even where nothing was tuned: decodable is not causal`() throws
    {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 60, EmbeddedNotebook.block("probe", "target: chosen\nlayers: [3, 11]\nshuffles: 2"))
        #expect(try #require(outcome.number("peak.score")) > 0.7)
        #expect(outcome.numbers("layers", "shuffled").allSatisfy { abs($0 - 0.5) < 0.25 })
        #expect(outcome.number("chance") == 0.5)
        // Where nothing was tuned, both models' probes are one.
        let scores = ["base", "tuned"].map { outcome.numbers("layers", "score", where: ["model": .string($0)]) }
        #expect(scores[0].count == 2 && scores[0] == scores[1])
        #expect(
            outcome.notes == [
                "A probe shows what can be read off a layer, not what the model does with it: decodable is not causal."
            ])
    }

    @Test func `the gain is read by ridge with its baselines beside`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 60, EmbeddedNotebook.block("probe", "layers: [2, 10]\nshuffles: 2\nmodel: difference"))
        let score = outcome.numbers("layers", "score")
        let shuffled = outcome.numbers("layers", "shuffled")
        #expect(score.count == 2 && (score.max() ?? 0) > (shuffled.max() ?? 1), "\(score) \(shuffled)")
        #expect(outcome.number("length_only") != nil)
        let nothing = try EmbeddedNotebook.outcome("demo-nowhere", limit: 12, EmbeddedNotebook.block("probe"))
        #expect(nothing.value("peak.layer") == .null)
        #expect(nothing.notes[0].hasPrefix("Every pair has the same gain, so there is nothing to read"))
    }

    @Test func `tokens sum to the gain of their pair`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 4,
            EmbeddedNotebook.block("score", id: "scores") + EmbeddedNotebook.block("tokens", "pair: 2"))
        let scores = try EmbeddedNotebook.outcome("demo-dpo", limit: 4, EmbeddedNotebook.block("score"))
        let gain = scores.numbers("pairs", "gain")[2]
        let difference =
            try #require(outcome.number("chosen.difference")) - #require(outcome.number("rejected.difference"))
        #expect(abs(difference - gain) < 1e-6)
        let sum = outcome.numbers("tokens", "difference", where: ["response": .string("chosen")]).reduce(0, +)
        #expect(abs(sum - (outcome.number("chosen.difference") ?? 0)) < 1e-9)
    }

    @Test func `a hybrid of all layers is the tuned model, token by token`() throws {
        let tuned = try EmbeddedNotebook.outcome("demo-dpo", limit: 3, EmbeddedNotebook.block("tokens"))
        let hybrid = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 3, EmbeddedNotebook.block("tokens", "route: {hybrid: 11}"))
        #expect(tuned.numbers("tokens", "run") == hybrid.numbers("tokens", "run"))
        let none = try EmbeddedNotebook.outcome("demo-dpo", limit: 3, EmbeddedNotebook.block("tokens", "route: base"))
        #expect(none.numbers("tokens", "difference").allSatisfy { $0 == 0 })
    }

    @Test func `models answer side by side, the same every time`() throws {
        let block = """
            ```{generate}
            id: said
            models: pair
            prompt: "\\n\\nHuman: Now I have to sell the saddle by Monday. How?\\n\\nAssistant:"
            routes: [base, tuned, {swap: [5, 6, 7]}, {without: 5}]
            length: 8
            ```

            """
        let first = try EmbeddedNotebook.outcome("demo-planted", limit: 2, block)
        let rows = try #require(first.table("answers")).rows
        #expect(
            rows.map { $0[0] } == [.string("base"), .string("tuned"), .string("swap 5, 6, 7"), .string("without 5")])
        #expect(rows[1][1] == rows[2][1], "the three tuned blocks are the tuned model")
        #expect(rows.allSatisfy { $0[1] != .string("") })
        #expect(
            try EmbeddedNotebook.outcome("demo-planted", limit: 2, block).table("answers") == first.table("answers"))
        let drawn = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 2, block.replacing("length: 8", with: "length: 8\ntemperature: 1.5"))
        #expect(drawn.table("answers") != first.table("answers"))
    }

    @Test func `runs answer the prompts of pairs, and what they say is scored by both models`() throws {
        func outcome(_ adapter: String, _ text: String = "") throws -> Outcome {
            try EmbeddedNotebook.outcome(
                adapter, limit: 6,
                "```{generate}\nid: said\nmodels: pair\npairs: pairs\nlength: 6\nroutes: [base, tuned, {hybrid: 11}]\n"
                    + "\(text)\n```\n")
        }
        let found = try outcome("demo-dpo")
        let rewards = found.numbers("runs", "reward")
        #expect(rewards[1] > 0 && rewards[1] > rewards[0], "the tuned model says what tuning made likelier")
        #expect(rewards[2] == rewards[1], "the last layer's hybrid is the tuned model")
        let agreed = found.numbers("runs", "agreed")
        #expect(agreed[1] == found.numbers("runs", "tokens")[1] && agreed[0] < agreed[1])
        let answers = try #require(found.table("answers"))
        #expect(answers.rows.count == 3 * (found.number("prompts").map { Int($0) } ?? 0))
        // Its own run gave each token its probability: the tuned model's answers under the tuned model.
        let single = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 6, EmbeddedNotebook.block("generate", "length: 4"))
        #expect(single.numbers("answers", "reward").allSatisfy { $0 == 0 }, "one model prefers nothing to itself")
        #expect(try outcome("demo-dpo", "text: hidden").table("answers")?[column: "text"] == nil)
    }

    @Test func `a share of tuning's change answers too, and at 0 and 1 as both models do`() throws {
        let found = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 6,
            EmbeddedNotebook.block(
                "generate",
                "length: 6\nroutes: [base, {dose: 0}, {dose: 0.5}, {dose: 2}, {dose: 1}, tuned]")
        )
        let rewards = found.numbers("runs", "reward")
        #expect(rewards[1] == rewards[0] && rewards[4] == rewards[5])
        #expect(rewards[3] > rewards[0], "twice the change says what tuning made likelier")
        let texts = try #require(found.table("answers")?[column: "text"])
        #expect(stride(from: 0, to: texts.count, by: 6).allSatisfy { texts[$0] == texts[$0 + 1] })
        let whole = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 3, EmbeddedNotebook.block("tokens", "route: {dose: 1}"))
        let tuned = try EmbeddedNotebook.outcome("demo-dpo", limit: 3, EmbeddedNotebook.block("tokens"))
        #expect(whole.numbers("tokens", "run") == tuned.numbers("tokens", "run"))
        let problems = EmbeddedNotebook.problems(
            "demo-dpo", EmbeddedNotebook.block("tokens", "route: {dose: 11}"))
        #expect(problems.contains("'11' is not a number from -10 to 10"), "\(problems)")
    }

    @Test func `the lens on the last layer is the model`() throws {
        let outcome = try EmbeddedNotebook.outcome("demo-dpo", limit: 6, EmbeddedNotebook.block("logit_lens"))
        #expect(outcome.checks.count == 1 && outcome.checks.allSatisfy(\.held))
        #expect(outcome.table("layers")?.rows.count == 12)
        let scores = try EmbeddedNotebook.outcome("demo-dpo", limit: 6, EmbeddedNotebook.block("score"))
        #expect(abs((outcome.number("last.gain") ?? 0) - (scores.number("gain.mean") ?? 1)) < 1e-3)
    }

    @Test(arguments: [
        ("tokens", "pair: 9", "option 'pair' is 9, but the pairs are 0 to 5"),
        ("tokens", "route: {swap: [12]}", "'swap 12' names layer 12, but the models have layers 0 to 11"),
        ("tokens", "route: {mix: 3}", "'mix' is not a run"),
        ("tokens", "route: {swap: some}", "'some' is not a layer"),
        ("tokens", "route: half", "found 'half'"),
        ("probe", "folds: 1", "option 'folds' takes a whole number from 2 to 50, but 1 is too small"),
    ])
    func `a mistake is one sentence`(_ command: String, _ options: String, _ sentence: String) {
        let problems = EmbeddedNotebook.problems("demo-planted", EmbeddedNotebook.block(command, options))
        #expect(problems.contains(sentence), "\(problems)")
    }
}
