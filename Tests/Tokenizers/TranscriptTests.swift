import Digests
import Foundation
import JSON
import Testing
import Tokenizers

/// Digests of the token ids of every HH-RLHF transcript against Hugging Face's `tokenizers`; they run where the data lies.
@Suite struct TranscriptTests {
    static let llama3 = ProcessInfo.processInfo.environment["PATCHBOOK_LLAMA3_TOKENIZER"] ?? ""
    static let data = Fixtures.repository.deletingLastPathComponent()
        .appending(path: "shared/data/hh-rlhf/harmless-base-test.jsonl.gz").path

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test(.enabled(if: exists(data), "the HH-RLHF data is not here"))
    func theEmbeddedTokenizerReadsEveryTranscriptAsTheReferenceDoes() throws {
        let bytes = try Fixtures.bytes("notebooks/models/demo/tokenizer.json")
        try #require(
            Fixtures.json("hh-digests")["demo_file"]?.string == SHA256.digest(of: bytes).hex,
            "the embedded tokenizer is another one now: run scripts/fixtures/tokenizer_ids.py hh")
        try Self.check(Tokenizer(json: bytes), "demo")
    }

    @Test(.enabled(if: exists(data) && exists(llama3), "PATCHBOOK_LLAMA3_TOKENIZER names no file"))
    func llama3ReadsEveryTranscriptAsTheReferenceDoes() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: Self.llama3)))
        try Self.check(Tokenizer(json: bytes), "llama3")
    }

    static func check(_ tokenizer: Tokenizer, _ name: String) throws {
        let expected = try #require(Fixtures.json("hh-digests")[name])
        let rows = try transcripts()
        #expect(rows.count == 2312)
        let (nasty, random) = try Fixtures.texts()
        let parts = try rows.map { try halves($0.chosen, $0.rejected) }
        let lists: [(name: String, texts: [String], front: Bool)] = [
            ("chosen", rows.map(\.chosen), true), ("rejected", rows.map(\.rejected), true),
            ("prompts", parts.map(\.prompt), true), ("chosen_responses", parts.map(\.chosen), false),
            ("rejected_responses", parts.map(\.rejected), false), ("random", random, true), ("texts", nasty, true),
        ]
        for list in lists {
            let ids = try list.texts.map { try tokenizer.encode($0, addingSpecialTokens: list.front) }
            #expect(ids.map(\.count).reduce(0, +) == expected[list.name]?["tokens"]?.int, "\(name) \(list.name)")
            #expect(Fixtures.digest(ids) == expected[list.name]?["digest"]?.string, "\(name) \(list.name)")
        }
    }

    static func transcripts() throws -> [(chosen: String, rejected: String)] {
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", data]
        let output = Pipe()
        gzip.standardOutput = output
        try gzip.run()
        let lines = try #require(try output.fileHandleForReading.readToEnd())
        gzip.waitUntilExit()
        try #require(gzip.terminationStatus == 0)
        return try lines.split(separator: UInt8(ascii: "\n")).map { line in
            let row = try JSON.parse([UInt8](line))
            return (try #require(row["chosen"]?.string), try #require(row["rejected"]?.string))
        }
    }

    /// What both transcripts share up to the last marker inside of it, and the two rests.
    static func halves(_ chosen: String, _ rejected: String) throws -> (
        prompt: String, chosen: String, rejected: String
    ) {
        let shared = Array(zip(chosen.utf8, rejected.utf8).prefix { $0 == $1 }.map(\.0))
        let marker = Array("\n\nAssistant:".utf8)
        let start = try #require(
            stride(from: shared.count - marker.count, through: 0, by: -1).first { shared[$0...].starts(with: marker) })
        func part(_ text: some Sequence<UInt8>) -> String { String(decoding: Array(text), as: UTF8.self) }
        let cut = start + marker.count
        return (part(shared[..<cut]), part(chosen.utf8.dropFirst(cut)), part(rejected.utf8.dropFirst(cut)))
    }
}
