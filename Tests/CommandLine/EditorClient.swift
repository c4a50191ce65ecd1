import Foundation
import JSON
import TestSupport
import Testing

/// An editor: it starts `patchbook lsp` in a project and speaks to it as editors do.
final class EditorClient {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private let folder: String
    private var bytes: [UInt8] = []
    private var last = 0
    /// The versions of the texts that are open; no two have the same, so that no old notice is taken for a new one.
    private var versions: [String: Int] = [:]
    private var newest = 0
    /// What the server said unasked, in order.
    private(set) var notices: [JSON] = []

    struct Silence: Error {}
    /// What the server writes is nothing but messages.
    struct Garbage: Error { let text: String }

    init(in folder: String, _ arguments: [String] = []) throws {
        self.folder = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        process.executableURL = URL(fileURLWithPath: Fixtures.repository + "/.build/release/patchbook")
        process.arguments = ["lsp"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    /// An editor after the first words of the protocol.
    static func started(
        in folder: String, _ arguments: [String] = [], encoding: String = "utf-16", capabilities: [JSON.Member] = []
    ) throws -> EditorClient {
        let client = try EditorClient(in: folder, arguments)
        let general = JSON.object([
            JSON.Member("positionEncodings", .array([.string(encoding), .string("utf-16")]))
        ])
        let answer = try client.result(
            "initialize",
            .object([JSON.Member("capabilities", .object([JSON.Member("general", general)] + capabilities))]))
        try #require(answer["capabilities"]?["positionEncoding"]?.string == encoding)
        try client.notify("initialized", .object([]))
        return client
    }

    // MARK: Messages

    func send(_ bytes: [UInt8]) throws { try input.fileHandleForWriting.write(contentsOf: Data(bytes)) }

    static func framed(_ text: String) -> [UInt8] { Array("Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8) }

    func send(_ message: JSON) throws { try send(Self.framed(message.text())) }

    func notify(_ method: String, _ parameters: JSON) throws {
        try send(
            .object([
                JSON.Member("jsonrpc", .string("2.0")), JSON.Member("method", .string(method)),
                JSON.Member("params", parameters),
            ]))
    }

    static func request(_ id: Int, _ method: String, _ parameters: JSON) -> JSON {
        .object([
            JSON.Member("jsonrpc", .string("2.0")), JSON.Member("id", .int(id)), JSON.Member("method", .string(method)),
            JSON.Member("params", parameters),
        ])
    }

    /// The whole answer to a request.
    func ask(_ method: String, _ parameters: JSON = .object([])) throws -> JSON {
        last += 1
        try send(Self.request(last, method, parameters))
        return try answer { [last] in $0["id"]?.int == last && $0["method"] == nil }
    }

    /// The result of a request.
    func result(_ method: String, _ parameters: JSON = .object([])) throws -> JSON {
        let answer = try ask(method, parameters)
        return try #require(answer["result"], "\(answer.text())")
    }

    /// The number of the error that a request ends with.
    func errorCode(_ method: String, _ parameters: JSON = .object([])) throws -> Int? {
        try ask(method, parameters)["error"]?["code"]?.int
    }

    /// The next message that fits; the others are kept as notices.
    func answer(_ fits: (JSON) -> Bool) throws -> JSON {
        while true {
            let message = try next()
            if fits(message) { return message }
            notices.append(message)
        }
    }

    private func next() throws -> JSON {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            if let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) {
                let header = String(decoding: bytes[..<end], as: UTF8.self)
                guard let match = header.wholeMatch(of: /Content-Length: ([0-9]+)/), let length = Int(match.1) else {
                    throw Garbage(text: header)
                }
                if bytes.count >= end + 4 + length {
                    defer { bytes.removeFirst(end + 4 + length) }
                    return try JSON.parse(Array(bytes[(end + 4)..<(end + 4 + length)]))
                }
            }
            var waiting = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 60_000) > 0 else { throw Silence() }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Silence() }
            bytes += more
        }
    }

    /// Closes the input, and gives the status that the server ends with.
    func end() throws -> Int32 {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }

    // MARK: Texts

    func uri(_ name: String) -> String { URL(fileURLWithPath: "\(folder)/\(name)").absoluteString }

    func document(_ name: String, _ more: [JSON.Member] = []) -> JSON {
        .object([JSON.Member("textDocument", .object([JSON.Member("uri", .string(uri(name)))]))] + more)
    }

    /// Opens a text, again where it is open already.
    func open(_ name: String, _ text: String) throws {
        if versions[name] != nil { try close(name) }
        newest += 1
        versions[name] = newest
        try notify(
            "textDocument/didOpen",
            .object([
                JSON.Member(
                    "textDocument",
                    .object([
                        JSON.Member("uri", .string(uri(name))), JSON.Member("languageId", .string("markdown")),
                        JSON.Member("version", .int(newest)), JSON.Member("text", .string(text)),
                    ]))
            ]))
    }

    func change(_ name: String, _ changes: [JSON]) throws {
        newest += 1
        versions[name] = newest
        try notify(
            "textDocument/didChange",
            .object([
                JSON.Member(
                    "textDocument",
                    .object([
                        JSON.Member("uri", .string(uri(name))), JSON.Member("version", .int(newest)),
                    ])), JSON.Member("contentChanges", .array(changes)),
            ]))
    }

    func change(_ name: String, to text: String) throws {
        try change(name, [.object([JSON.Member("text", .string(text))])])
    }

    func close(_ name: String) throws {
        versions[name] = nil
        try notify("textDocument/didClose", document(name))
    }

    /// The problems of a text as the server tells them of its present version, once they are as they should be.
    func problems(_ name: String, until fits: ([JSON]) -> Bool = { _ in true }) throws -> [JSON] {
        let uri = uri(name)
        func isTold(_ message: JSON) -> Bool {
            message["method"]?.string == "textDocument/publishDiagnostics"
                && message["params"]?["uri"]?.string == uri && message["params"]?["version"]?.int == versions[name]
                && fits(message["params"]?["diagnostics"]?.array ?? [])
        }
        let known = notices.last(where: isTold)
        notices.removeAll(where: isTold)
        let told = try known ?? answer(isTold)
        return try #require(told["params"]?["diagnostics"]?.array)
    }

    // MARK: Places

    static func position(_ line: Int, _ character: Int) -> JSON {
        .object([JSON.Member("line", .int(line)), JSON.Member("character", .int(character))])
    }

    /// The place where some words first end in a text, or `after` UTF-16 units of them.
    static func position(of words: String, in text: String, after: Int? = nil) throws -> JSON {
        let found = try #require(text.firstRange(of: words), "'\(words)' is not in the text")
        let units = text[..<found.lowerBound].utf16.count + (after ?? words.utf16.count)
        let before = text.utf16.prefix(units).split(separator: 10, omittingEmptySubsequences: false)
        return position(before.count - 1, before.last?.count ?? 0)
    }

    /// Asks about the place after some words.
    func ask(
        _ feature: String, _ name: String, at words: String, in text: String, after: Int? = nil,
        _ more: [JSON.Member] = []
    ) throws -> JSON {
        let place = try Self.position(of: words, in: text, after: after)
        return try ask("textDocument/" + feature, document(name, [JSON.Member("position", place)] + more))
    }

    /// The labels of the proposals after some words.
    func labels(_ name: String, at words: String, in text: String, after: Int? = nil) throws -> [String] {
        let answer = try ask("completion", name, at: words, in: text, after: after)
        return try #require(answer["result"]?["items"]?.array, "\(answer.text())").compactMap { $0["label"]?.string }
    }

    /// The text after some edits; the places are counted in UTF-16 units.
    static func text(_ text: String, after edits: [JSON]) throws -> String {
        var units = Array(text.utf16)
        let lines = units.indices.filter { $0 == 0 || units[$0 - 1] == 10 }
        func offset(_ place: JSON?) throws -> Int {
            let line = try #require(place?["line"]?.int)
            let column = try #require(place?["character"]?.int)
            return line < lines.count ? lines[line] + column : units.count
        }
        let ranges = try edits.map { edit in
            (try offset(edit["range"]?["start"])..<offset(edit["range"]?["end"]), try #require(edit["newText"]?.string))
        }
        for (range, new) in ranges.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
            units.replaceSubrange(range, with: new.utf16)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
