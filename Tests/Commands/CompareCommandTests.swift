import Notebooks
import TestSupport
import Testing
import Values

/// `{compare}`: two blocks over the same rows, pair by pair.
@Suite struct CompareCommandTests {
    /// Two readings of one file, of which the second lacks the file's first rows, and a block of `command` over each.
    private func blocks(_ command: String, _ options: String, _ compare: String) -> String {
        """
        ```{pairs}
        id: later
        path: notebooks/data/demo-heldout.jsonl
        skip: 2
        limit: 6
        split: none
        ```
        ```{\(command)}
        id: one
        models: pair
        pairs: pairs
        \(options)
        ```
        ```{\(command)}
        id: two
        models: pair
        pairs: later
        \(options)
        ```
        ```{compare}
        id: both
        first: one.pairs
        second: two.pairs
        \(compare)
        ```

        """
    }

    @Test func `pairs are matched by their row, and what has no counterpart is counted`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 6, split: "none", blocks("score", "", "column: gain"))
        #expect(outcome.number("count") == 4)
        #expect(outcome.numbers("pairs", "row") == [3, 4, 5, 6])
        #expect(outcome.number("first.mean") == outcome.number("second.mean"))
        #expect(outcome.number("difference.mean") == 0)
        #expect(outcome.number("difference.mean.lower") == 0)
        #expect(try #require(outcome.number("correlation")) > 0.999_999)
        #expect(
            outcome.notes.contains {
                $0 == "Only pairs that both blocks have are compared: 2 of 'one' and 2 of 'two' are left out."
            })
    }

    @Test func `the difference is of pairs, and its interval is that of the differences`() throws {
        let compare = "column: gain\nmeasure: "
        func outcome(_ measure: String) throws -> Outcome {
            try EmbeddedNotebook.outcome(
                "demo-dpo", limit: 24,
                "```{score}\nid: one\nmodels: pair\npairs: pairs\n```\n"
                    + "```{score}\nid: two\nmodels: pair\npairs: pairs\nnormalize: token\n```\n"
                    + "```{compare}\nid: both\nfirst: one.pairs\nsecond: two.pairs\n\(compare)\(measure)\n```\n")
        }
        let mean = try outcome("mean")
        let (first, second) = (mean.numbers("pairs", "first"), mean.numbers("pairs", "second"))
        let differences = zip(first, second).map { $1 - $0 }
        #expect(mean.numbers("pairs", "difference") == differences)
        let expected = differences.reduce(0, +) / Double(differences.count)
        #expect(abs(try #require(mean.number("difference.mean")) - expected) < 1e-12)
        #expect(try #require(mean.number("difference.mean.lower")) < expected)
        #expect(try #require(mean.number("difference.mean.upper")) > expected)
        let share = try outcome("positive")
        for (name, values) in [("first", first), ("second", second)] {
            #expect(share.number("\(name).mean") == Double(values.count { $0 > 0 }) / Double(values.count))
        }
    }

    @Test func `profiles of increments are correlated over layers`() throws {
        let sweeps =
            ["demo-dpo", "demo-planted"].enumerated().map { number, adapter in
                """
                ```{models}
                id: pair\(number)
                base: notebooks/models/demo
                tuned: {path: notebooks/models/demo, adapter: notebooks/models/\(adapter)}
                ```
                ```{patch}
                id: sweep\(number)
                models: pair\(number)
                pairs: pairs
                controls: []
                direction: tuned_to_base
                ```

                """
            }.joined()
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 12,
            sweeps + "```{compare}\nid: both\nfirst: sweep0.pairs\nsecond: sweep1.pairs\ncolumn: effect\neach: layer\n"
                + "increments: true\n```\n")
        let (first, second) = (outcome.numbers("groups", "first"), outcome.numbers("groups", "second"))
        #expect(first.count == 12)
        // Increments add up to the last layer's effect, and layers that were not tuned add nothing.
        #expect(second.indices.allSatisfy { (second[$0] == 0) == !(5...7).contains($0) }, "\(second)")
        let sweep = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 12, EmbeddedNotebook.block("patch", "controls: []\ndirection: tuned_to_base"))
        let last = try #require(sweep.numbers("layers", "effect").last)
        #expect(abs(first.reduce(0, +) - last) < 1e-9)
        func deviations(_ row: [Double]) -> [Double] { row.map { $0 - row.reduce(0, +) / Double(row.count) } }
        func product(_ one: [Double], _ two: [Double]) -> Double { zip(one, two).map(*).reduce(0, +) }
        let (a, b) = (deviations(first), deviations(second))
        let expected = product(a, b) / (product(a, a) * product(b, b)).squareRoot()
        #expect(abs(try #require(outcome.number("profile.correlation")) - expected) < 1e-12)
        let interval = try (
            #require(outcome.number("profile.correlation.lower")), #require(outcome.number("profile.correlation.upper"))
        )
        #expect(interval.0 < expected && expected < interval.1)
        #expect(outcome.figures.map(\.name) == ["groups", "profiles"])
    }

    @Test func `an increment needs the whole number before it, and nothing else is one`() throws {
        func outcome(_ first: String, _ second: String, _ each: String = "layer") throws -> Outcome {
            let sweeps = [("one", first), ("two", second)].map {
                EmbeddedNotebook.block("patch", "controls: []\ndirection: tuned_to_base\n\($1)", id: $0)
            }.joined()
            return try EmbeddedNotebook.outcome(
                "demo-dpo", limit: 6,
                sweeps + "```{compare}\nid: both\nfirst: one.pairs\nsecond: two.pairs\ncolumn: effect\neach: \(each)\n"
                    + "increments: true\n```\n")
        }
        // Layer 6 is the first of one sweep, and in both there is a step from 6 to 7 only.
        let found = try outcome("layers: [5, 6, 7]", "layers: [6, 7, 9]")
        #expect(found.numbers("groups", "group") == [7])
        #expect(found.numbers("groups", "difference") == [0])
        #expect(throws: (any Error).self) { try outcome("layers: [5, 7, 9]", "layers: [5, 7, 9]") }
        #expect(throws: (any Error).self) { try outcome("layers: [5, 6]", "layers: [5, 6]", "positions") }
        let problems = EmbeddedNotebook.problems(
            "demo-dpo",
            EmbeddedNotebook.block("score", id: "one")
                + "```{compare}\nid: both\nfirst: one.pairs\nsecond: one.pairs\ncolumn: split\n```\n")
        #expect(problems.contains("column 'split' of 'one.pairs' has no numbers in these rows"), "\(problems)")
    }

    @Test func `noise that two blocks share raises their correlation, and on different pairs it does not`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 12,
            EmbeddedNotebook.block("patch", "controls: []\ndirection: tuned_to_base", id: "sweep")
                + "```{compare}\nid: both\nfirst: sweep.pairs\nsecond: sweep.pairs\ncolumn: effect\neach: layer\n"
                + "increments: true\n```\n")
        #expect(abs(try #require(outcome.number("profile.correlation")) - 1) < 1e-12)
        let apart = try #require(outcome.number("profile.disjoint"))
        #expect(apart < 0.999 && apart > -1)
        // A block compared with itself: each of the three is that block on two halves of the pairs.
        for name in ["first", "second"] {
            #expect(abs(try #require(outcome.number("profile.\(name).disjoint")) - apart) < 1e-12)
        }
    }

    @Test func `a figure that the block will not draw cannot be referred to`() {
        let score = "```{score}\nid: one\nmodels: pair\npairs: pairs\n```\n"
        let compare = "```{compare}\nid: both\nfirst: one.pairs\nsecond: one.pairs\ncolumn: gain\nshow: "
        let problems = EmbeddedNotebook.problems("demo-dpo", score + compare + "profiles\n```\n")
        #expect(problems.contains("{compare} has no figure and no table 'profiles' to show"), "\(problems)")
        #expect(EmbeddedNotebook.problems("demo-dpo", score + compare + "pairs\n```\n").isEmpty)
    }

    @Test func `each layer is compared by itself`() throws {
        let outcome = try EmbeddedNotebook.outcome(
            "demo-dpo", limit: 6, split: "none",
            blocks(
                "patch", "direction: tuned_to_base\ncontrols: []\nlayers: [2, 5]",
                "column: effect\neach: layer"))
        #expect(outcome.numbers("groups", "group") == [2, 5])
        #expect(outcome.numbers("groups", "count") == [4, 4])
        #expect(outcome.numbers("groups", "difference") == [0, 0])
    }

    @Test(arguments: [
        ("score", "", "column: gane", "table 'one.pairs' has no column 'gane'"),
        ("patch", "direction: tuned_to_base\ncontrols: []\nlayers: [2, 5]", "column: effect", "has more than one row"),
        ("score", "", "column: gain\nwhere: {split: fit}", "'where' keeps none of the 6 rows"),
    ])
    func `what cannot be compared is named`(command: String, options: String, compare: String, sentence: String) {
        #expect(EmbeddedNotebook.problems("demo-dpo", blocks(command, options, compare)).contains(sentence))
    }

    @Test func `rows of two files are not compared`() {
        let text = blocks("score", "", "column: gain").replacing(
            "path: notebooks/data/demo-heldout.jsonl\nskip: 2", with: "path: notebooks/data/demo-train.jsonl")
        #expect(
            EmbeddedNotebook.problems("demo-dpo", text).contains(
                "'pairs' reads 'notebooks/data/demo-heldout.jsonl' and 'later' reads 'notebooks/data/demo-train.jsonl'")
        )
    }
}
