import Foundation
import JSON
import TestSupport
import Testing

/// What `patchbook lsp` makes of messages, whole and broken.
@Suite struct EditorProtocolTests {
    private static let invalidRequest = -32600, invalidParams = -32602, parseError = -32700

    @Test func `a conversation begins with initialize and ends with shutdown and exit`() throws {
        let client = try EditorClient(in: try Fixtures.temporaryFolder())
        #expect(try client.errorCode("textDocument/hover") == -32002)
        let capabilities = try client.result("initialize", .object([JSON.Member("capabilities", .object([]))]))
        #expect(capabilities["capabilities"]?["positionEncoding"]?.string == "utf-16")
        #expect(capabilities["serverInfo"]?["name"]?.string == "patchbook")
        try client.notify("initialized", .object([]))
        #expect(try client.errorCode("initialize") == Self.invalidRequest)
        #expect(try client.errorCode("textDocument/formatting") == -32601)
        try client.notify("$/setTrace", .object([]))
        #expect(try client.result("shutdown") == .null)
        #expect(try client.errorCode("textDocument/hover") == Self.invalidRequest)
        try client.notify("exit", .null)
        #expect(try client.end() == 0)
    }

    @Test func `an exit without shutdown, and an editor that is gone, end with 1`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        try client.notify("exit", .null)
        #expect(try client.end() == 1)
        #expect(try EditorClient.started(in: try Fixtures.temporaryFolder()).end() == 1)
    }

    @Test(
        "a broken message has an error, and the next one is answered",
        arguments: [
            ("Content-Length: 9\r\n\r\nnot JSON!", [parseError]),
            ("Content-Length: 0\r\n\r\n", [parseError]),
            ("Content-Length: -5\r\n\r\n", [parseError]),
            ("Content-Length: 99999999999999999999\r\n\r\n", [parseError]),
            ("Content-Type: x\r\n\r\n", [parseError]),
            ("nonsense\r\n\r\n", [parseError]),
            // Shorter than the message, so that its rest stands before the next header.
            ("Content-Length: 10\r\n\r\n{\"jsonrpc\":\"2.0\"}", [parseError, parseError]),
            ("Content-Length: 2\r\n\r\n[]", [invalidRequest]),
            ("Content-Length: 12\r\n\r\n{\"method\":7}", [invalidRequest]),
            ("Content-Length: 26\r\n\r\n{\"id\":null,\"method\":\"exit\"}", [parseError, parseError]),
            ("Content-Length: 27\r\n\r\n{\"id\":null,\"method\":\"exit\"}", [invalidRequest]),
            (
                "Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}",
                [invalidRequest]
            ),
            ("content-length:2\r\n\r\n[]", [invalidRequest]),
        ])
    func broken(_ text: String, _ codes: [Int]) throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        try client.send(Array(text.utf8))
        #expect(try client.errorCode("textDocument/formatting") == -32601)
        #expect(client.notices.compactMap { $0["error"]?["code"]?.int } == codes)
        #expect(client.notices.allSatisfy { $0["id"] == .null })
    }

    @Test func `a length that is too long swallows what follows, and then the server finds its way again`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        try client.send(Array("Content-Length: 40\r\n\r\n{}".utf8))
        for _ in 0..<3 { try client.send(EditorClient.request(99, "textDocument/formatting", .null)) }
        _ = try client.answer { $0["id"]?.int == 99 }
        #expect(client.notices.compactMap { $0["error"]?["code"]?.int }.allSatisfy { $0 == Self.parseError })
        #expect(!client.notices.isEmpty)
    }

    @Test func `a message may come byte by byte, and many in one piece`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        for byte in EditorClient.framed(EditorClient.request(50, "nothing", .null).text()) { try client.send([byte]) }
        #expect(try client.answer { $0["id"]?.int == 50 }["error"]?["code"]?.int == -32601)
        try client.send((60..<80).flatMap { EditorClient.framed(EditorClient.request($0, "nothing", .null).text()) })
        for id in 60..<80 { _ = try client.answer { $0["id"]?.int == id } }
        #expect(client.notices.isEmpty)
    }

    @Test func `a request that is cancelled before its answer says so`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        func cancel(_ id: Int) -> [UInt8] {
            EditorClient.framed("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":\(id)}}")
        }
        try client.send(
            EditorClient.framed(EditorClient.request(50, "nothing", .null).text()) + cancel(50) + cancel(51))
        #expect(try client.answer { $0["id"]?.int == 50 }["error"]?["code"]?.int == -32800)
        try client.send(cancel(50))
        #expect(try client.errorCode("nothing") == -32601)
    }

    @Test func `parameters that cannot be used are errors`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        try client.open("x.md", "```{table}\n```\n")
        func hover(_ members: [JSON.Member]) throws -> Int? {
            try client.errorCode("textDocument/hover", client.document("x.md", members))
        }
        #expect(try hover([]) == Self.invalidParams)
        #expect(try hover([JSON.Member("position", EditorClient.position(-1, 0))]) == Self.invalidParams)
        #expect(try hover([JSON.Member("position", EditorClient.position(0, -1))]) == Self.invalidParams)
        #expect(try hover([JSON.Member("position", EditorClient.position(Int.max, Int.max))]) == nil)
        #expect(try hover([JSON.Member("position", EditorClient.position(0, Int.max))]) == nil)
        #expect(try client.errorCode("textDocument/hover", client.document("y.md")) == Self.invalidParams)
        #expect(try client.errorCode("textDocument/hover", .array([])) == Self.invalidParams)
        #expect(try client.errorCode("textDocument/rename", client.document("x.md")) == Self.invalidParams)
        let backwards = JSON.object([
            JSON.Member("start", EditorClient.position(1, 0)), JSON.Member("end", EditorClient.position(0, 0)),
        ])
        #expect(
            try client.errorCode("textDocument/codeAction", client.document("x.md", [JSON.Member("range", backwards)]))
                == Self.invalidParams)
    }

    @Test func `a notification that cannot be used is told to the editor's log, and the text stays as it was`() throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder())
        try client.open("x.md", "# One\n")
        try client.change("y.md", to: "")
        try client.change("x.md", [.object([JSON.Member("text", .string("# Two\n"))]), .object([])])
        let symbols = try client.result("textDocument/documentSymbol", client.document("x.md"))
        #expect(symbols.array?.first?["name"]?.string == "One")
        let logged = client.notices.filter { $0["method"]?.string == "window/logMessage" }
        #expect(
            logged.compactMap { $0["params"]?["message"]?.string } == [
                "textDocument/didChange: the text '\(client.uri("y.md"))' is not open",
                "textDocument/didChange: a change has a 'text'",
            ])
    }

    @Test func `files are watched where the editor can do that`() throws {
        let watched = JSON.object([JSON.Member("dynamicRegistration", .bool(true))])
        let client = try EditorClient.started(
            in: try Fixtures.temporaryFolder(),
            capabilities: [
                JSON.Member("workspace", .object([JSON.Member("didChangeWatchedFiles", watched)]))
            ])
        let asked = try client.answer { $0["method"]?.string == "client/registerCapability" }
        try client.send(
            .object([
                JSON.Member("jsonrpc", .string("2.0")), JSON.Member("id", asked["id"] ?? .null),
                JSON.Member("result", .null),
            ]))
        #expect(try client.errorCode("nothing") == -32601)
        #expect(client.notices.isEmpty)
    }

    // MARK: Places

    /// Emoji, combining marks, East Asian text and letters with accents, in front of a mistake.
    private static let letters = "é e\u{301} 👩‍🔬 漢字 𝛼"

    @Test("columns are counted as was agreed", arguments: ["utf-8", "utf-16"])
    func columns(_ encoding: String) throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder(), encoding: encoding)
        let text = "---\nparams: {limit: 1}\n---\n\(Self.letters) `{= params.limmit }` \(Self.letters)\n"
        try client.open("x.md", text)
        let range = try client.problems("x.md").first?["range"]
        let before = Self.letters + " `{= "
        let start = encoding == "utf-8" ? before.utf8.count : before.utf16.count
        #expect(range?["start"] == EditorClient.position(3, start))
        #expect(range?["end"] == EditorClient.position(3, start + "params.limmit".count))
        let hover = try client.ask(
            "textDocument/completion",
            client.document("x.md", [JSON.Member("position", EditorClient.position(3, start + 7))]))
        #expect(hover["result"]?["items"]?.array?.first?["label"]?.string == "params.limit")
    }

    @Test("a text that is changed bit by bit is the text that results", arguments: ["utf-8", "utf-16"])
    func increments(_ encoding: String) throws {
        let client = try EditorClient.started(in: try Fixtures.temporaryFolder(), encoding: encoding)
        let pieces = [
            "", "\n", "\r\n", "\r", Self.letters, "`{= a.b }`", "# Heading 👩‍🔬\n", "```{table}\n", "```\n",
            "csv: |\n  a\n  1\n", " x",
        ]
        var text = "---\ntitle: T\n---\n\n# One\n"
        try client.open("x.md", text)
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(bound))
        }
        for round in 1...60 {
            var changes: [JSON] = []
            for _ in 0...random(3) {
                // The characters of a `String` would join a CR and an LF into one.
                let scalars = Array(text.unicodeScalars)
                let start = Self.boundary(random(scalars.count + 1), in: scalars)
                let end = Self.boundary(min(scalars.count, start + random(6)), in: scalars)
                let new = pieces[random(pieces.count)]
                changes.append(
                    .object([
                        JSON.Member(
                            "range",
                            .object([
                                JSON.Member("start", Self.place(start, in: scalars, encoding)),
                                JSON.Member("end", Self.place(end, in: scalars, encoding)),
                            ])), JSON.Member("text", .string(new)),
                    ]))
                var view = String.UnicodeScalarView(scalars[..<start])
                view.append(contentsOf: new.unicodeScalars)
                view.append(contentsOf: scalars[end...])
                text = String(view)
            }
            try client.change("x.md", changes)
            guard round % 10 == 0 else { continue }
            try client.open("y.md", text)
            for feature in ["documentSymbol", "foldingRange"] {
                #expect(
                    try client.result("textDocument/" + feature, client.document("x.md"))
                        == client.result("textDocument/" + feature, client.document("y.md")))
            }
            #expect(try client.problems("x.md") == client.problems("y.md"))
            try client.close("y.md")
        }
    }

    /// The next place that is not between a CR and its LF.
    private static func boundary(_ index: Int, in scalars: [Unicode.Scalar]) -> Int {
        index > 0 && index < scalars.count && scalars[index - 1] == "\r" && scalars[index] == "\n" ? index + 1 : index
    }

    /// The place of a scalar; lines end at LF, CR LF and CR.
    private static func place(_ index: Int, in scalars: [Unicode.Scalar], _ encoding: String) -> JSON {
        var (line, start) = (0, 0)
        for place in 0..<index where scalars[place] == "\n" || scalars[place] == "\r" {
            if scalars[place] == "\r", place + 1 < scalars.count, scalars[place + 1] == "\n" { continue }
            (line, start) = (line + 1, place + 1)
        }
        let before = String(String.UnicodeScalarView(scalars[start..<max(start, index)]))
        return EditorClient.position(line, encoding == "utf-8" ? before.utf8.count : before.utf16.count)
    }
}
