import Foundation
import JSON
import Markdown
import Notebooks
import Preview
import Reports
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// A preview without its server: files in, pages and states out. Its gate is one for all tests, so they run one after another.
@Suite(.serialized) struct WorkspaceTests {
    /// A folder with one notebook, previewed.
    private struct Desk {
        let folder: String
        let workspace: Workspace
        let states: States

        /// The states that the page was told, the last one at hand.
        final class States: Sendable {
            let last = Mutex(JSON.null)
        }

        init(_ text: String) async throws {
            let folder = try Fixtures.temporaryFolder()
            self.folder = folder
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x.md"))
            let store = try Store(folder: folder + "/.patchbook")
            let samples = Catalogue.samples.commands + [SlowCommand.self]
            let templates = try PageTemplates()
            workspace = Workspace(
                PreviewSources(
                    list: {
                        FileManager.default.fileExists(atPath: folder + "/x.md") ? [.success(folder + "/x.md")] : []
                    }, folders: [folder],
                    open: { path throws(Diagnostics) in
                        guard let data = FileManager.default.contents(atPath: path) else {
                            let text = SourceText(name: "x.md", text: "")
                            throw Diagnostics([Diagnostic(.missingFile, at: nil, of: text, "it cannot be read")])
                        }
                        var session = Session(
                            catalogue: Catalogue(samples), project: Project(notebookFolder: folder, root: folder))
                        session.update(try SourceText(name: "x.md", bytes: Array(data)))
                        return session
                    }, store: { _ in store }, templates: { _ in templates }, resources: Resources(),
                    speed: { 1 }, say: { _ in }))
            states = States()
            await workspace.open()
            let stream = try #require(await workspace.states("/x.html"))
            Task { [states] in
                for await text in stream {
                    if let state = try? JSON.parse(Array(text.utf8)) { states.last.withLock { $0 = state } }
                }
            }
        }

        func write(_ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x.md"), options: .atomic)
        }

        var page: String { get async { await workspace.page("/x.html")?.html ?? "" } }

        /// The states of blocks by id, as the page is told them: `slow: waits`.
        var blocks: [String] {
            (states.last.withLock { $0 }["blocks"]?.array ?? []).map {
                "\($0["id"]?.string ?? ""): \($0["state"]?.string ?? "")"
            }
        }

        var words: String { states.last.withLock { $0 }["blocks"]?.array?.first?["words"]?.string ?? "" }

        var problems: [JSON] { states.last.withLock { $0 }["problems"]?.array ?? [] }

        /// Waits up to ten seconds until something holds.
        func wait(_ holds: () async -> Bool) async throws {
            for _ in 0..<1000 {
                if await holds() { return }
                try await Task.sleep(for: .milliseconds(10))
            }
            Issue.record("still \(blocks), \(problems.compactMap { $0["message"]?.string })")
        }
    }

    private static let numbers = "---\ntitle: T\n---\nThe sum is `{= n.sum }`.\n\n```{numbers}\nid: n\nlimit: 3\n```\n"

    @Test func `a page follows its notebook, and a broken block keeps its last result until it is mended`() async throws
    {
        let desk = try await Desk(Self.numbers)
        try await desk.wait { await desk.page.contains(">6<") && desk.blocks.isEmpty }
        try desk.write(Self.numbers.replacing("The sum", with: "Their sum"))
        try await desk.wait { await desk.page.contains("Their sum") }
        try desk.write(Self.numbers.replacing("limit: 3", with: "limit: many").replacing("The", with: "This"))
        try await desk.wait { desk.problems.count == 1 }
        #expect(desk.blocks == ["n: stale"])
        let problem = try #require(desk.problems.first)
        #expect(problem["line"]?.int == 8)
        #expect(problem["anchor"]?.string == "block-n")
        #expect(problem["inside"]?.bool == true)
        let page = await desk.page
        #expect(page.contains("This sum") && page.contains(">6<"), "the text is new, the result the last one")
        try desk.write(Self.numbers.replacing("limit: 3", with: "limit: 4"))
        try await desk.wait { await desk.page.contains(">10<") && desk.problems.isEmpty && desk.blocks.isEmpty }
    }

    @Test func `a notebook that is gone says so on its last page, and is followed again when it is back`() async throws
    {
        let desk = try await Desk(Self.numbers)
        try await desk.wait { await desk.page.contains(">6<") && desk.blocks.isEmpty }
        let before = await desk.page
        for text in [Self.numbers.replacing("The sum", with: "Their sum"), Self.numbers] {
            try FileManager.default.removeItem(atPath: desk.folder + "/x.md")
            try await desk.wait { desk.problems.compactMap { $0["message"]?.string } == ["it cannot be read"] }
            #expect(await desk.page.contains(">6<"))
            #expect(await desk.workspace.states("/x.html") != nil, "a page that is opened again gets its state too")
            try desk.write(text)
            let isNew = text != Self.numbers
            try await desk.wait { await desk.page.contains("Their sum") == isNew && desk.problems.isEmpty }
        }
        #expect(await desk.page == before)
    }

    @Test func `a file that is named, gone and back again is noticed`() async throws {
        let text = """
            ---
            bibliography: works.bib
            ---
            Text [@a], ![a picture](p.png), [a file](notes.txt).

            ```{include}
            path: part.md
            ```

            """
        let files = [
            "works.bib": "@misc{a, title={T}, author={A}, year={2000}}\n", "part.md": "A part.\n", "notes.txt": "",
        ].mapValues { Data($0.utf8) }.merging([
            "p.png": try Data(contentsOf: URL(fileURLWithPath: Fixtures.repository + "/notebooks/pictures/report.png"))
        ]) { first, _ in first }
        let desk = try await Desk("Nothing yet.\n")
        func place(_ name: String) -> URL { URL(fileURLWithPath: desk.folder + "/" + name) }
        for (name, data) in files { try data.write(to: place(name)) }
        try desk.write(text)
        try await desk.wait { await desk.page.contains("A part.") && desk.problems.isEmpty && desk.blocks.isEmpty }
        for (name, data) in files {
            try FileManager.default.removeItem(at: place(name))
            try await desk.wait { desk.problems.contains { $0["message"]?.string?.contains(name) == true } }
            try data.write(to: place(name))
            try await desk.wait { desk.problems.isEmpty && desk.blocks.isEmpty }
        }
    }

    @Test func `a list of reports that changed before its page listens reaches it at once`() async throws {
        let desk = try await Desk(Self.numbers)
        try await desk.wait { await desk.page.contains(">6<") }
        let before = try #require(await desk.workspace.page("/")?.version)
        try desk.write(Self.numbers.replacing("title: T", with: "title: Another"))
        try await desk.wait { await desk.page.contains("Another") }
        var states = try #require(await desk.workspace.states("/")).makeAsyncIterator()
        let state = try JSON.parse(Array(try #require(await states.next()).utf8))
        #expect(state["version"]?.int == before + 1)
    }

    @Test func `a text that quotes what is not there leaves the page as it was`() async throws {
        let desk = try await Desk(Self.numbers)
        try await desk.wait { await desk.page.contains(">6<") }
        let before = await desk.page
        try desk.write(Self.numbers.replacing("n.sum", with: "m.sum"))
        try await desk.wait { desk.problems.count == 1 }
        #expect(await desk.page == before)
        try desk.write(Self.numbers)
        try await desk.wait { desk.problems.isEmpty }
    }

    @Test func `a notebook that is broken from the start has a page, and its problems`() async throws {
        let desk = try await Desk("`{= m.sum }`\n")
        try await desk.wait { desk.problems.count == 1 }
        #expect(await desk.page.contains("<h1>x.md</h1>"))
        try desk.write(Self.numbers)
        try await desk.wait { await desk.page.contains(">6<") && desk.problems.isEmpty }
    }

    private static func slow(_ units: Int, size: Int = 0, text: String = "Text.") -> String {
        "\(text)\n\n```{slow}\nid: slow\nunits: \(units)\nsize: \(size)\n```\n\n```{numbers}\nid: n\n```\n"
    }

    @Test func `a short block runs at once`() async throws {
        let desk = try await Desk(Self.slow(3, size: 3))
        SlowCommand.gate.open(3)
        try await desk.wait { await desk.page.contains("<dd>3</dd>") && desk.blocks.isEmpty }
    }

    @Test func `a long block waits, runs when it is started, stops for an edit of it, and goes on from what is kept`()
        async throws
    {
        // At one operation per second, five units take 30 s.
        let desk = try await Desk(Self.slow(5, size: 6))
        try await desk.wait { desk.blocks == ["slow: waits"] }
        #expect(desk.words == "Takes about 30 s: 5 units.")
        #expect(await desk.page.contains("The sum is right"), "what does not need it has run")
        let before = SlowCommand.gate.passed.load(ordering: .relaxed)
        #expect(await desk.workspace.start("/x.html", block: "slow"))
        try await desk.wait { desk.blocks == ["slow: runs"] }
        SlowCommand.gate.open(2)
        try await desk.wait { SlowCommand.gate.passed.load(ordering: .relaxed) == before + 2 }

        // An edit of other text leaves it alone, and is shown while it runs.
        try desk.write(Self.slow(5, size: 6, text: "Other text."))
        try await desk.wait { await desk.page.contains("Other text.") }
        #expect(desk.blocks == ["slow: runs"])

        // An edit of the block stops it at its next part, and the new block waits again.
        try desk.write(Self.slow(6, size: 6))
        try await desk.wait { await desk.page.contains("units: 6") }
        SlowCommand.gate.open(1)
        try await desk.wait { desk.blocks == ["slow: waits"] }
        #expect(SlowCommand.gate.passed.load(ordering: .relaxed) == before + 3)

        // Undone, it has three parts already, and runs as it was asked to, though the others take 12 s.
        try desk.write(Self.slow(5, size: 6))
        try await desk.wait { desk.blocks == ["slow: runs"] }
        SlowCommand.gate.open(2)
        try await desk.wait { await desk.page.contains("<dd>5</dd>") && desk.blocks.isEmpty }
        #expect(SlowCommand.gate.passed.load(ordering: .relaxed) == before + 5)
    }

    @Test func `a block that someone stopped waits, and goes on when it is started again`() async throws {
        let desk = try await Desk(Self.slow(7))
        try await desk.wait { desk.blocks.first == "slow: runs" }
        #expect(await desk.workspace.stop("/x.html", block: "slow"))
        SlowCommand.gate.open(1)
        try await desk.wait { desk.blocks == ["slow: waits"] }
        #expect(await !desk.workspace.stop("/x.html", block: "slow"))
        #expect(await desk.workspace.start("/x.html", block: "slow"))
        SlowCommand.gate.open(6)
        try await desk.wait { await desk.page.contains("<dd>7</dd>") && desk.blocks.isEmpty }
    }

    @Test func `a block that fails says why, and runs again only when it is asked to or has changed`() async throws {
        let failing = "```{slow}\nid: slow\nfails: true\n```\n"
        let desk = try await Desk(failing)
        try await desk.wait { desk.blocks == ["slow: failed"] }
        #expect(desk.problems.first?["message"]?.string == "block 'slow': it was asked to fail")
        try desk.write("Text.\n\n" + failing)
        try await desk.wait { await desk.page.contains("Text.") }
        #expect(desk.blocks == ["slow: failed"])
        #expect(desk.problems.count == 1)
        SlowCommand.gate.open(4)
        try desk.write(failing.replacing("true", with: "false"))
        try await desk.wait { desk.blocks.isEmpty && desk.problems.isEmpty }
    }

    @Test func `the terminal's key starts all that waits`() async throws {
        let desk = try await Desk(Self.slow(2, size: 40))
        try await desk.wait { desk.blocks == ["slow: waits"] }
        SlowCommand.gate.open(2)
        await desk.workspace.startAll()
        try await desk.wait { await desk.page.contains("<dd>2</dd>") && desk.blocks.isEmpty }
    }
}
