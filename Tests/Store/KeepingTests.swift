import Foundation
import Markdown
import Notebooks
import Store
import Testing
import TestSupport

/// Frozen, fresh, half-done and explained.
@Suite struct KeepingTests {
    private let fixture: StoreFixture
    private let store: Store

    init() throws {
        fixture = try StoreFixture()
        store = try fixture.store()
    }

    private static let text = """
        ---
        params: {p: 3}
        ---
        ```{mix}
        id: one
        a: 1
        ```
        ```{mix}
        id: two
        left: one.out
        parameter: p
        ```
        ```{mix}
        id: other
        ```
        """

    private func run(_ text: String, _ policy: Session.Policy = Session.Policy()) throws -> [String] {
        try fixture.notebook(text).run(keeping: store, policy: policy).ran
    }

    private func reasons(_ text: String) throws -> [String] {
        try fixture.notebook(text).session.states(keeping: store).map { "\($0.id): \($0.reason)" }
    }

    @Test func `fresh computes what it names and nothing else, for equal results make nothing stale`() throws {
        #expect(try run(Self.text) == ["one", "two", "other"])
        #expect(try run(Self.text) == [])
        #expect(try run(Self.text, .init(fresh: .blocks(["one"]))) == ["one"])
        #expect(try run(Self.text, .init(fresh: .all)) == ["one", "two", "other"])
    }

    @Test func `frozen names every stale block at its fence, with the reason`() throws {
        _ = try run(Self.text)
        #expect(try run(Self.text, .init(isFrozen: true)) == [])
        let changed = Self.text.replacing("a: 1", with: "a: 2").replacing("id: other", with: "id: other\na: 5")
        let problems = #expect(throws: Diagnostics.self) { try run(changed, .init(isFrozen: true)) }
        #expect(
            problems?.description == """
                notebooks/x.md:4:1: error: block 'one' is stale: option 'a' changed from 1 to 2 [stale-block]
                    ```{mix}
                    ^
                help: --frozen runs nothing; render without it to bring the block up to date

                notebooks/x.md:8:1: error: block 'two' is stale: it refers to 'one', which is stale [stale-block]
                    ```{mix}
                    ^
                help: --frozen runs nothing; render without it to bring the block up to date

                notebooks/x.md:13:1: error: block 'other' is stale: option 'a' changed from 0 to 5 [stale-block]
                    ```{mix}
                    ^
                help: --frozen runs nothing; render without it to bring the block up to date
                """)
    }

    @Test func `each reason is told in words`() throws {
        #expect(
            try reasons(Self.text) == [
                "one: no result of it is kept", "two: it refers to 'one', which is stale",
                "other: no result of it is kept",
            ])
        _ = try run(Self.text)
        #expect(try reasons(Self.text).allSatisfy { $0.hasSuffix(": its result is kept") })
        #expect(
            try reasons(Self.text.replacing("{p: 3}", with: "{p: 4}"))[1] == "two: parameter 'p' changed from 3 to 4")
        #expect(
            try reasons(Self.text.replacing("params:", with: "seed: 4\nparams:"))[0]
                == "one: the seed changed from 0 to 4")
        #expect(
            try reasons(Self.text.replacing("left: one.out\n", with: ""))[1]
                == "two: option 'left' is new; the result of 'one' is gone")
        try fixture.write("f.txt", "1")
        let withFile = Self.text.replacing("id: other", with: "id: other\nfile: f.txt")
        #expect(try reasons(withFile)[2] == "other: option 'file' changed from null to \"f.txt\"; mixed file is new")
        _ = try run(withFile)
        try fixture.write("f.txt", "2")
        #expect(try reasons(withFile)[2] == "other: mixed file digest changed (6b86b273… to d4735e3a…)")
        _ = try store.empty()
        #expect(try reasons(withFile)[0] == "one: no result of it is kept")
    }

    @Test func `a block that was stopped continues from its last finished part`() throws {
        let text = "```{mix}\nid: m\nparts: 6\nstop_after: 4\n```\n"
        #expect(throws: Diagnostics.self) { try run(text) }
        #expect(try store.entries().map(\.units) == [4])
        var seen: [String] = []
        let resumed = fixture.notebook(text.replacing("stop_after: 4\n", with: ""))
        let evaluation = try resumed.events(keeping: store) { event in
            if case .unit(_, let name, let isKept) = event { seen.append("\(name) \(isKept)") }
        }
        #expect(seen == (0..<6).map { "part \($0) \($0 < 4)" })
        #expect(try store.entries().map(\.units) == [0])
        let whole = try resumed.evaluation()
        #expect(evaluation.value("m.sum") == whole.value("m.sum"))
    }

    @Test func `fresh deletes finished parts too`() throws {
        let text = "```{mix}\nid: m\nparts: 3\nstop_after: 2\n```\n"
        #expect(throws: Diagnostics.self) { try run(text) }
        #expect(throws: Diagnostics.self) {
            try run(text.replacing("stop_after: 2", with: "stop_after: 1"), .init(fresh: .all))
        }
        #expect(try store.entries().map(\.units) == [1])
    }

    @Test func `a result stays until the new one takes its place`() throws {
        let text = "```{mix}\nid: m\nparts: 3\n```\n"
        #expect(try run(text) == ["m"])
        let stopped = text.replacing("parts: 3", with: "parts: 3\nstop_after: 1")
        #expect(throws: Diagnostics.self) { try run(stopped, .init(fresh: .all)) }
        #expect(try run(text, .init(isFrozen: true)) == [])
    }

    @Test func `pruning leaves what the latest runs used`() throws {
        try fixture.write("x.md", Self.text)
        _ = try run(Self.text)
        _ = try run(Self.text.replacing("a: 1", with: "a: 2"))
        #expect(try store.entries().count == 5)
        #expect(try store.entries().filter { $0.place == nil }.count == 2)
        #expect(try store.prune(project: fixture.folder).results == 2)
        #expect(try store.entries().map { $0.place?.block } == ["one", "other", "two"])
        #expect(try run(Self.text.replacing("a: 1", with: "a: 2")) == [])
        try FileManager.default.removeItem(atPath: fixture.folder + "/x.md")
        #expect(try store.prune(project: fixture.folder).results == 3)
    }
}

extension SampleNotebook {
    /// The notebook run with a store, each event told as it happens.
    func events(
        keeping keeper: any ResultKeeping, _ observer: (Session.Event) -> Void
    ) throws -> Evaluation {
        let events = EventBox()
        let evaluation = try evaluation(keeping: keeper) { events.add($0) }
        for event in events.all { observer(event) }
        return evaluation
    }
}
