import Markdown
import Notebooks
import Synchronization
import Testing
import TestSupport

@Suite struct SessionTests {
    static let blocks = [
        "```{numbers}\nid: n\nlimit: 4\n```\n", "```{numbers}\nid: m\nlimt: 4\n```\n",
        "```{double}\nid: d\nof: n\n```\n",
        "```{double}\nid: e\nof: m\n```\n", "```{double}\nid: f\nof: nobody\n```\n", "```{tabel}\nid: t\n```\n",
        "```{read}\nid: r\npath: 'a\n```\n", "```{numbers} strict\nid: s\n```\n",
        "Text `{= n.sum }` and `{= m.smu }`.\n",
        "See [Figure](#n), [Table](#q) and [x](#y).\n", "```{numbers}\nid: n\n```\n", "## Heading[^a]\n",
        "[^a]: A note\n", "[^b]: Another\n", "<!-- a comment -->\n", "```{break}\nid: b\nhow: throw\n```\n",
    ]

    @Test func `an analysis binds what can be bound and names every problem`() {
        let analysis = SampleNotebook(
            "```{numbers}\nid: n\n```\n```{numbers}\nid: m\nlimt: 2\n```\n```{double}\nid: e\nof: n\n```\n```{double}\nid: d\nof: m\n```\n"
        ).session.analysis
        #expect(analysis.blocks.map(\.id) == ["n", "e"])
        #expect(analysis.document.blocks.map(\.head.id) == ["n", "m", "e", "d"])
        #expect(analysis.problems.all.map(\.code) == [.unknownOption])
        #expect(throws: Diagnostics.self) { try analysis.sound() }
    }

    @Test(arguments: 0..<60)
    func `whatever was typed before, the same text has the same problems`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let chosen = (0..<Int(3 + random.next() % 8)).map { _ in
            Self.blocks[Int(random.next() % UInt64(Self.blocks.count))]
        }
        let text = chosen.joined(separator: "\n")
        let alone = SampleNotebook(text).session.analysis
        // The blocks arrive one by one, in an order of their own, and some are taken away again.
        var session = SampleNotebook("").session
        var typed = Array(repeating: "", count: chosen.count)
        for index in chosen.indices.shuffled(using: &random) {
            typed[index] = chosen[index]
            session.update(SampleNotebook(typed.joined(separator: "\n")).source)
            if random.next() % 4 == 0 { session.update(SampleNotebook(chosen[0]).source) }
        }
        let analysis = session.update(SampleNotebook(text).source)
        #expect(analysis.problems == alone.problems)
        #expect(analysis.blocks.map(\.id) == alone.blocks.map(\.id))
        for problem in analysis.problems.all { #expect(problem.location == nil || problem.quote != nil) }
    }

    @Test func `a run goes on past a failed block, and blocks that need it say so`() {
        let session = SampleNotebook(
            """
            ```{break}
            id: b
            how: throw
            ```
            ```{double}
            id: d
            of: n
            ```
            ```{numbers}
            id: n
            ```
            ```{double}
            id: e
            of: n
            data: b.rows
            ```
            ```{numbers}
            id: m
            ```
            """.replacing("```{double}\nid: d\nof: n\n```\n", with: "")
        ).session
        let seen = Mutex<[String]>([])
        let evaluation = session.run { event in
            switch event {
            case .blockFinished(let id, _, _): seen.withLock { $0.append("\(id) finished") }
            case .blockFailed(let id, let failure): seen.withLock { $0.append("\(id) failed: \(failure.reason)") }
            default: break
            }
        }
        #expect(
            seen.withLock { $0 } == ["b failed: failed", "n finished", "e failed: needs([\"b\"])", "m finished"])
        #expect(evaluation.isPartial)
        #expect(evaluation.value("n.sum") == .int(6) && evaluation.value("b.sum") == nil)
        #expect(
            evaluation.problems.all.map(\.message) == [
                "block 'b': the file 'x.bin' ends after 12 bytes",
                "block 'e' did not run: it needs 'b', which gave no result",
            ])
        #expect(evaluation.problems.all.map(\.severity) == [.error, .warning])
    }

    @Test func `broken blocks do not run, and the others do`() {
        let evaluation = SampleNotebook("```{numbers}\nid: n\n```\n```{tabel}\nid: t\n```\n").session.run()
        #expect(evaluation.blocks.map { $0.failure?.reason } == [nil, .broken])
    }

    @Test func `a cancelled run stops at the next block and says so`() {
        let cancellation = Cancellation()
        let session = SampleNotebook("```{numbers}\nid: n\n```\n```{numbers}\nid: m\n```\n").session
        let evaluation = session.run(cancellation: cancellation) { event in
            if case .blockFinished = event { cancellation.cancel() }
        }
        #expect(evaluation.blocks.map { $0.failure?.reason } == [nil, .stopped])
    }

    @Test func `a reference to a figure that a block does not show is found before anything runs`() {
        let sample = SampleNotebook(
            "See [Figure](#n) and [Table](#n).\n\n```{numbers}\nid: n\nshow: tables\n```\n```{numbers}\nid: m\nshow: none\n```\n[Table](#m)\n"
        )
        #expect(
            sample.session.analysis.problems.all.map(\.message) == [
                "block 'n' shows no figure", "block 'm' shows no table",
            ])
    }
}
