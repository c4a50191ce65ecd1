import Notebooks
import Testing
import Values

/// `{lineage}`: three models in a row, of which the second and the third are known.
@Suite struct LineageCommandTests {
    private static let second = """
        ```{models}
        id: second
        base: {path: notebooks/models/demo, adapter: notebooks/models/demo-planted}
        tuned: {path: notebooks/models/demo, adapter: notebooks/models/demo-dpo}
        ```

        """

    private static func block(_ stages: String, _ options: String = "orders: 2") -> String {
        second + "```{lineage}\nid: found\nstages: \(stages)\npairs: pairs\n\(options)\n```\n"
    }

    @Test func `the transitions sum to the whole, and each has the steps and shares of its own patch`() throws {
        let outcome = try EmbeddedNotebook.outcome("demo-planted", limit: 12, Self.block("[pair, second]"))
        #expect(outcome.checks.count == 2 && outcome.checks.allSatisfy(\.held))
        let whole = try EmbeddedNotebook.outcome("demo-dpo", limit: 12, EmbeddedNotebook.block("score"))
        let gains = outcome.numbers("transitions", "gain")
        #expect(abs(gains.reduce(0, +) - (whole.number("gain.mean") ?? .nan)) < 1e-9)
        #expect(outcome.number("gain.mean") == whole.number("gain.mean"))
        #expect(abs(outcome.numbers("transitions", "share").reduce(0, +) - 1) < 1e-9)
        #expect(outcome.numbers("transitions", "after")[0] == outcome.numbers("transitions", "before")[1])
        let patch = try EmbeddedNotebook.outcome(
            "demo-planted", limit: 12, EmbeddedNotebook.block("patch", "controls: []"))
        let first: [String: Scalar] = ["stage": .string("pair")]
        #expect(
            outcome.numbers("layers", "increment", where: first)
                == patch.numbers("layers", "increment", where: ["direction": .string("tuned_to_base")]))
        let shares = outcome.numbers("layers", "shapley", where: first)
        #expect(abs(shares.reduce(0, +) - gains[0]) < 1e-9)
        #expect(shares.enumerated().allSatisfy { (5...7).contains($0.offset) || $0.element == 0 })
        #expect(outcome.figures.map(\.name) == ["increments", "shapley", "gains"])
    }

    @Test(arguments: [
        ("[second, pair]", "the tuned model of 'second' is not the base of 'pair', so they are not in a row"),
        ("[pair]", "takes a list of two or more ids of {models} blocks above, but there is one only"),
        ("[pair, pair]", "'pair' is listed twice"), ("[pair, pairs]", "no {models} block above has the id 'pairs'"),
    ])
    func `models that are not in a row are refused`(_ stages: String, _ sentence: String) {
        let found = EmbeddedNotebook.problems("demo-planted", Self.block(stages))
        #expect(found.contains(sentence), "\(found)")
    }

    @Test func `an odd number of orders is refused`() {
        let found = EmbeddedNotebook.problems("demo-planted", Self.block("[pair, second]", "orders: 3"))
        #expect(found.contains("orders come in twos, each with its reverse, and 3 is odd"))
    }
}
