import Comparison
import JSON
import Notebooks
import Statistics
import TestSupport
import Testing

@Suite struct DifferenceTests {
    private func difference(_ changes: (String, String)..., tolerance: Double = 1e-6) throws -> Difference {
        var text = SampleRun.text
        for (old, new) in changes {
            #expect(text.contains(old), "the sample has no '\(old)'")
            text = text.replacing(old, with: new)
        }
        return Difference(
            try SampleRun.results(), try Results(try JSON.parse(text)), tolerance: Tolerance(relative: tolerance))
    }

    @Test func `a run does not differ from itself`() throws {
        let found = try difference()
        #expect(found.isEmpty && found.paired.isEmpty && found.notes.isEmpty)
        #expect(found.text == "")
        #expect(found.json["changes"] == .array([]))
    }

    @Test(
        "one change is told as exactly that",
        arguments: [
            (#""accuracy": 0.5"#, #""accuracy": 0.75"#, "scores\n  accuracy: 0.5 → 0.75\n"),
            (
                #""gain.mean": 1.5, "gain.mean.lower": 1.0"#, #""gain.mean": 1.6, "gain.mean.lower": 1.0"#,
                "scores\n  gain.mean: 1.5 [1, 2] → 1.6 [1, 2]\n"
            ),
            (
                #""gain.mean": 1.5, "gain.mean.lower": 1.0, "gain.mean.upper": 2.0"#,
                #""gain.mean": 3.5, "gain.mean.lower": 3.0, "gain.mean.upper": 4.0"#,
                "scores\n  gain.mean: 1.5 [1, 2] → 3.5 [3, 4]; the intervals do not overlap\n"
            ),
            (
                #""gain.mean.upper": 2.0"#, #""gain.mean.upper": 2.25"#,
                "scores\n  gain.mean: 1.5 [1, 2] → 1.5 [1, 2.25]\n"
            ),
            (
                #""command": "score", "#, #""command": "score", "failure": ["it failed"], "#,
                "scores\n  block: {score} → {score} without a result: it failed\n"
            ),
            (
                #""found": 1.5, "held": true"#, #""found": 0.5, "held": false"#,
                "expect-1\n  claim 'scores.gain.mean > 1': held (found 1.5) → FAILED (found 0.5)\n"
            ),
            (
                #""found": 1.5, "held": true"#, #""found": 1.5, "missing": "there is one prompt", "held": false"#,
                "expect-1\n  claim 'scores.gain.mean > 1': held (found 1.5) → FAILED (found 1.5 without an interval: there is one prompt)\n"
            ),
            (
                #""normalize": "sum""#, #""normalize": "mean""#, "scores\n  option normalize: sum → mean\n"
            ),
            (
                #""found": 0.0, "tolerance": 1e-05, "unit": "nats", "held": true"#,
                #""found": 0.1, "tolerance": 1e-05, "unit": "nats", "held": false"#,
                "scores\n  identity 'Self-patch changes nothing': held (found 0) → FAILED (found 0.1)\n"
            ),
            (
                #"[1, "up", "none", 0.4, 0.3, 0.5]"#, #"[1, "up", "none", 0.7, 0.6, 0.8]"#,
                "scores\n  layers.effect of layer 1, control none: 0.4 [0.3, 0.5] → 0.7 [0.6, 0.8]; the intervals do not overlap\n"
            ),
            (#""seed": 7"#, #""seed": 8"#, "what made the runs\n  seed: 7 → 8\n"),
            (
                #""parameters": {"limit": 3}"#, #""parameters": {"limit": 4}"#,
                "what made the runs\n  parameter limit: 3 → 4\n"
            ),
            (#""sha256": "aa""#, #""sha256": "bb""#, "held-out\n  input pairs file: aa → bb\n"),
            (
                "\"schema\": \(Version.schema)", "\"schema\": 3",
                "what made the runs\n  the schema of results: \(Version.schema) → 3\n"
            ),
            (#", [2, 1.75]]"#, "]", "scores\n  a row of pairs: gone; it was pair 2\n"),
            (#""accuracy": 0.5"#, #""accuracy": 0.500001"#, "scores\n  accuracy: 0.5 → 0.500001\n"),
        ])
    func oneChange(_ old: String, _ new: String, _ text: String) throws {
        #expect(try difference((old, new)).text == text)
    }

    @Test func `one pair that changed is told with its paired difference`() throws {
        let found = try difference(("[1, 1.5]", "[1, 1.8]"))
        #expect(found.changes.count == 1)
        #expect(found.changes.first?.row == "pair 1")
        let paired = try #require(found.paired.first)
        #expect(found.paired.count == 1 && paired.column == "pairs.gain" && paired.count == 3)
        #expect(abs(paired.mean - 0.1) < 1e-12)
        #expect(
            found.text.hasPrefix("scores\n  pairs.gain of pair 1: 1.5 → 1.8\n  pairs.gain, pair by pair: 0.1 ["),
            "\(found.text)")
    }

    @Test func `pairs of another file are not compared pair by pair`() throws {
        let found = try difference(("[1, 1.5]", "[1, 1.8]"), (#""sha256": "aa""#, #""sha256": "bb""#))
        #expect(found.paired.isEmpty)
    }

    @Test func `blocks, tables and columns that only one run has are told`() throws {
        #expect(
            try difference((#""expect-1": {"#, #""expect-2": {"#)).text
                == "expect-1\n  block: gone; it was {expect}\nexpect-2\n  block: new; it is {expect}\n")
        #expect(
            try difference((#""columns": ["pair", "gain"]"#, #""columns": ["pair", "rise"]"#)).text
                == "scores\n  column pairs.gain: gone; it was a column\n  column pairs.rise: new; it is a column\n")
    }

    @Test func `numbers within the tolerance are the same, and so are zero and rounding`() throws {
        #expect(try difference((#""accuracy": 0.5"#, #""accuracy": 0.5000004"#)).isEmpty)
        #expect(try difference((#""found": 0.0"#, #""found": 1e-13"#)).isEmpty)
        #expect(try !difference((#""accuracy": 0.5"#, #""accuracy": 0.5000004"#), tolerance: 0).isEmpty)
        #expect(try difference((#""accuracy": 0.5"#, #""accuracy": 0.52"#), tolerance: 0.1).isEmpty)
        for tolerance in [1e-6, 0.5] {
            #expect(try difference((#""found": 0.0"#, #""found": 1e-12"#), tolerance: tolerance).isEmpty)
            #expect(try !difference((#""found": 0.0"#, #""found": 3e-12"#), tolerance: tolerance).isEmpty)
        }
        #expect(try !difference((#""found": 0.0"#, #""found": 1e-13"#), tolerance: 0).isEmpty)
    }

    @Test func `a text of several lines differs in one line`() throws {
        let change = (#""path": "p.jsonl""#, #""path": "a\nb\nd""#)
        #expect(try difference(change).text == "held-out\n  option path: 'p.jsonl' in line 1 → 'a'\n")
        let texts = try [#"a\nb\nc"#, #"a\nb"#].map { try SampleRun.results((#""p.jsonl""#, "\"\($0)\"")) }
        #expect(Difference(texts[0], texts[1]).text == "held-out\n  option path: 'c' in line 3 → nothing\n")
    }

    @Test func `rows that a page leaves out are named, and only where something moved`() throws {
        let large = (#""rows": [[0, 1.25], [1, 1.5], [2, 1.75]]"#, #""count": 3840"#)
        let before = try SampleRun.results(large)
        #expect(Difference(before, before).notes.isEmpty)
        let after = try SampleRun.results(large, (#""accuracy": 0.5"#, #""accuracy": 0.6"#))
        let found = Difference(before, after)
        #expect(found.changes.count == 1 && found.notes.count == 1)
        #expect(found.notes[0].contains("'scores.pairs'") && found.notes[0].contains("3840 rows"))
    }

    @Test func `the paired interval agrees with SciPy`() throws {
        let fixture = try JSON.parse(Fixtures.bytes(Fixtures.path("comparison/paired.json")))
        let runs = try ["before", "after"].map { try Results(try #require(fixture[$0])) }
        let found = Difference(runs[0], runs[1])
        let paired = try #require(found.paired.first)
        let expected = try ["mean", "lower", "upper"].map { try #require(fixture[$0]?.number) }
        #expect(found.paired.count == 1 && paired.count == 60)
        #expect(abs(paired.mean - expected[0]) < 1e-12)
        let interval = try #require(paired.interval)
        let width = expected[2] - expected[1]
        // Two thousand resamples determine an end to about this share of the interval.
        #expect(abs(interval.lower - expected[1]) < 0.06 * width, "\(interval), SciPy \(expected)")
        #expect(abs(interval.upper - expected[2]) < 0.06 * width, "\(interval), SciPy \(expected)")
        // A paired interval is far narrower than what the two means would give apart.
        #expect(width < 1)
    }

    @Test func `a page of the difference has each sort of change, and the curves of both runs`() throws {
        let runs = (
            NamedRun("a.html", try SampleRun.results()),
            NamedRun(
                "b.html",
                try SampleRun.results(
                    (#"[1, "up", "none", 0.4, 0.3, 0.5]"#, #"[1, "up", "none", 0.7, 0.6, 0.8]"#),
                    (#""found": 1.5, "held": true"#, #""found": 0.5, "held": false"#)))
        )
        let page = Difference(runs.0.results, runs.1.results).page(runs, files: [])
        let figures = page.blocks.flatMap(\.result.outcome.figures)
        #expect(figures.map(\.title) == ["scores: effect by layer"])
        // Two runs with two layers each; the random control is not a run.
        #expect(figures[0].data.rows.count == 4)
        #expect(page.blocks.map(\.head.id) == ["claims", "curve-1", "cells"])
    }
}
