import Comparison
import Markdown
import Notebooks
import Testing
import Values

@Suite struct SweepPageTests {
    private func page(
        title: [MarkdownInline] = [], headline: [Publication.Headline] = [],
        with change: (String, String) = (#""seed": 7"#, #""seed": 7"#)
    ) throws -> Evaluation {
        let sweep = try Sweep([try Sweep.Axis("limit=1..3")])
        let results = [
            try SampleRun.results(),
            try SampleRun.results((#""found": 1.5, "held": true"#, #""found": 0.5, "held": false"#), change),
        ]
        // The third point has no page.
        let points = zip(sweep.points, results).map { point, results in
            SweepPage.Point(
                point, address: "x,\(point.name).html", results: results, input: Input(name: point.name, digest: "aa"))
        }
        return SweepPage(sweep, points, notebook: "x.md", title: title, headline: headline).evaluation
    }

    @Test func `values with their intervals, claims over all points, and curves are compared`() throws {
        let page = try page()
        let outcomes = Dictionary(uniqueKeysWithValues: page.blocks.map { ($0.head.id, $0.result.outcome) })
        // The claim names the gain.
        let values = try #require(outcomes["values"]?.tables.first?.table)
        #expect(
            values.columns == ["limit", "scores.gain.mean", "scores.gain.mean.lower", "scores.gain.mean.upper"])
        let gain: [Scalar] = [.number(1.5), .number(1), .number(2)]
        #expect(values.rows == [[.string("1")] + gain, [.string("2")] + gain])
        let verdicts = try #require(outcomes["verdicts"]?.claims)
        #expect(verdicts.map(\.held) == [false] && verdicts[0].found == .bool(false))
        #expect(verdicts[0].because == "held at 1 of 2 points: it fails at limit 2")
        #expect(outcomes["claims"]?.tables.first?.table.rows.map { $0[5] } == [.bool(true), .bool(false)])
        #expect(outcomes["curve-1"]?.figures.first?.data.rows.count == 4)
        #expect(
            page.parts.contains {
                if case .prose([.paragraph([.text("One point has no page and is left out.")])]) = $0 {
                    true
                } else {
                    false
                }
            })
    }

    @Test func `a point whose blocks failed, and a claim without an interval, say so`() throws {
        let sweep = try Sweep([try Sweep.Axis("limit=1..2")])
        let claim = #""found": 1.5, "held": true"#
        let results = [
            try SampleRun.results(
                (claim, #""found": 1.5, "missing": "an estimate is over only 2 prompts", "held": false"#)),
            try SampleRun.results((#""command": "score", "#, #""command": "score", "failure": ["it failed"], "#)),
        ]
        let points = zip(sweep.points, results).map { point, results in
            SweepPage.Point(point, address: "x.html", results: results, input: Input(name: point.name, digest: "aa"))
        }
        let page = SweepPage(sweep, points, notebook: "x.md", title: [], headline: []).evaluation
        let prose = page.parts.compactMap { if case .prose(let blocks) = $0 { blocks } else { nil } }
        #expect(prose.contains([.paragraph([.text("✗ 1 of 3 blocks gave NO RESULT at limit 2: scores")])]))
        let outcomes = Dictionary(uniqueKeysWithValues: page.blocks.map { ($0.head.id, $0.result.outcome) })
        #expect(
            outcomes["verdicts"]?.claims.first?.because
                == "held at 1 of 2 points: it fails at limit 1 (without an interval: an estimate is over only 2 prompts)"
        )
        let table = outcomes["claims"]?.tables.first?.table
        #expect(
            table?[column: "without_interval"] == [.string("an estimate is over only 2 prompts"), .null])
    }

    @Test func `the page has the notebook's title without what is computed, and its files' names as they are`() throws {
        let value = InlineValue(path: "a.b", format: "", location: SourceLocation(line: 1, column: 1))
        let page = try page(title: [.text("A study, "), .emphasis([.value(value)])])
        #expect(page.title == [.text("A study, "), .emphasis([.text("…")]), .text(" by limit")])
        #expect(page.blocks.allSatisfy { $0.result.inputs.map(\.name) == ["file limit=1", "file limit=2"] })
    }

    private static func value(_ path: String, _ format: String = "") -> InlineValue {
        InlineValue(path: path, format: format, location: SourceLocation(line: 1, column: 1))
    }

    @Test func `a headline says which values are compared, by its own names and formats, parameters too`() throws {
        let page = try page(headline: [
            Publication.Headline(Self.value("scores.accuracy", ".0%"), name: "right"),
            Publication.Headline(Self.value("held-out.count")), Publication.Headline(Self.value("params.limit")),
        ])
        let result = try #require(page.blocks.first?.result)
        let table = try #require(result.outcome.tables.first?.table)
        #expect(table.columns == ["limit", "scores.accuracy", "held-out.count", "params.limit"])
        #expect(table.rows.map { $0[3] } == [.int(3), .int(3)])
        guard case .map(let names)? = result.option("headings"), case .map(let formats)? = result.option("format")
        else {
            Issue.record("the table has the author's names")
            return
        }
        #expect(names.map(\.value) == ["right", "held-out.count", "params.limit"].map { .scalar(.string($0)) })
        #expect(formats.first?.value == .scalar(.string(".0%")))
    }

    @Test func `the title keeps what is the same at all points, and the footer has the seed that all have`() throws {
        let title: [MarkdownInline] = [
            .value(Self.value("params.limit")), .value(Self.value("scores.accuracy", ".0%")), .value(Self.value("a.b")),
        ]
        let same = try page(title: title)
        #expect(same.title.prefix(3) == [.text("3"), .text("50%"), .text("…")])
        #expect(same.seed == 7 && same.hasOneSeed)
        #expect(
            try page(title: title, with: (#""parameters": {"limit": 3}"#, #""parameters": {"limit": 4}"#)).title.first
                == .text("…")
        )
        let other = try page(with: (#""seed": 7"#, #""seed": 8"#))
        #expect(!other.hasOneSeed && ResultsJSON.json(of: other)["provenance"]?["seed"] == .null)
    }

    @Test func `claims with the same text in different blocks are different claims`() throws {
        let claim =
            #"{"claim": "scores.gain.mean > 1", "kind": "identity", "because": "it must", "found": 2, "held": true}"#
        let block =
            #"}, "expect-2": {"command": "expect", "options": {}, "key": "k", "values": {}, "tables": {}, "claims": [\#(claim)]}},"#
        let page = try page(with: ("}},\n\"provenance\"", block + "\n\"provenance\""))
        let verdicts = try #require(page.blocks.first { $0.head.id == "verdicts" }?.result.outcome.claims)
        #expect(verdicts.map(\.kind) == [.prediction, .identity])
        #expect(
            verdicts.map(\.because) == ["held at 1 of 2 points: it fails at limit 2", "held at 1 of 1 point: it must"])
    }
}
