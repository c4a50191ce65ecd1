import Notebooks
import Testing

/// `{distances}` and `{lasso}` on the embedded models.
@Suite struct DistanceCommandTests {
    private static let score = EmbeddedNotebook.block("score", id: "scores")

    @Test func `layers below the first tuned one have not moved at all, and those from it on have`() throws {
        for measure in ["l2", "relative", "cosine"] {
            let outcome = try EmbeddedNotebook.outcome(
                "demo-planted", limit: 6, EmbeddedNotebook.block("distances", "measure: \(measure)"))
            let distances = outcome.numbers("layers", "distance")
            #expect(distances.prefix(5).allSatisfy { $0 == 0 })
            #expect(distances.dropFirst(5).allSatisfy { $0 > 0 })
            #expect(outcome.table("pairs")?.rows.count == 72)
        }
    }

    @Test func `a projection has a sign, and its mean is no larger than the distance's`() throws {
        let projection = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 8, EmbeddedNotebook.block("distances", "measure: projection\npositions: response"))
        let distance = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 8, EmbeddedNotebook.block("distances", "positions: response"))
        for (signed, whole) in zip(projection.numbers("layers", "distance"), distance.numbers("layers", "distance")) {
            #expect(signed <= whole + 1e-9)
        }
        #expect(projection.numbers("layers", "distance")[7] > 0)
    }

    @Test(arguments: ["mean", "max", "last"])
    func `pooling over one token is that token`(_ pool: String) throws {
        let one = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 4, EmbeddedNotebook.block("distances", "positions: last_prompt\npool: \(pool)"))
        let mean = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 4, EmbeddedNotebook.block("distances", "positions: last_prompt"))
        #expect(one.numbers("pairs", "distance") == mean.numbers("pairs", "distance"))
    }

    @Test func `the LASSO shows its path, its stability and its rivals`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 60,
            EmbeddedNotebook.block("distances", "positions: response", id: "far") + Self.score
                + "```{lasso}\nid: fit\nx: far\ny: scores\nstability: 20\npermutations: 10\n```\n")
        let alpha = try #require(outcome.number("alpha"))
        #expect(try #require(outcome.number("alpha_1se")) >= alpha)
        #expect(outcome.table("coefficients")?.rows.count == 12)
        #expect(outcome.table("path")?.rows.count == 1200)
        #expect(outcome.table("errors")?.rows.count == 100)
        let inside = try #require(outcome.number("r2"))
        let nested = try #require(outcome.number("r2.nested"))
        #expect(nested < inside, "a fit explains less of what it has not seen")
        #expect(try #require(outcome.number("inflation.largest")) > 10, "neighbouring layers' distances say the same")
        #expect(outcome.notes.contains { $0.contains("variance inflation above 10") })
        #expect(outcome.figures.map(\.name) == ["coefficients", "stability", "path", "errors"])
        let frequencies = outcome.numbers("coefficients", "frequency")
        #expect(frequencies.allSatisfy { (0...1).contains($0) })
    }

    @Test func `a given penalty is taken as it is, and lengths can stand beside the layers`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 30,
            EmbeddedNotebook.block("distances", id: "far") + Self.score
                + "```{lasso}\nid: fit\nx: far\ny: scores\nalpha: 0.3\nstability: 4\npermutations: 4\ncovariates: [length_difference]\n```\n"
        )
        #expect(outcome.number("alpha") == 0.3)
        #expect(outcome.table("coefficients")?.rows.last?.first == .string("length_difference"))
        #expect(outcome.table("coefficients")?.rows.count == 13)
    }

    @Test func `where nothing was tuned there is nothing to explain, and the page says so`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-nowhere", limit: 12,
            EmbeddedNotebook.block("distances", id: "far") + Self.score
                + "```{lasso}\nid: fit\nx: far\ny: scores\n```\n")
        #expect(outcome.value("support") == .null)
        #expect(
            outcome.notes == [
                "Every pair has the same gain, so no distance can explain it: the target is the same on every row, "
                    + "so there is nothing to explain."
            ])
    }

    @Test func `distances and scores of other pairs do not go together`() {
        let more = "```{pairs}\nid: few\npath: notebooks/data/demo-heldout.jsonl\nlimit: 4\n```\n"
        let problems = EmbeddedNotebook.problems(
            "demo-dpo",
            EmbeddedNotebook.block("distances", id: "far") + more
                + "```{score}\nid: scores\nmodels: pair\npairs: few\n```\n```{lasso}\nid: fit\nx: far\ny: scores\n```\n"
        )
        #expect(
            problems.contains(
                "'far' reads the pairs 'pairs' and 'scores' the pairs 'few'; both must read one {pairs} block"))
    }

    @Test(arguments: [
        ("alpha: none", "option 'alpha' takes 'cv', or a number above 0, but 'none' is neither"),
        ("alpha: 0", "option 'alpha' takes 'cv', or a number above 0, but '0' is neither"),
        ("covariates: [weight]", "'weight' is not one of them"),
    ])
    func `a mistake is one sentence`(_ options: String, _ sentence: String) {
        let problems = EmbeddedNotebook.problems(
            "demo-dpo",
            EmbeddedNotebook.block("distances", id: "far") + Self.score
                + "```{lasso}\nid: fit\nx: far\ny: scores\n\(options)\n```\n")
        #expect(problems.contains(sentence))
    }
}
