import Foundation
import JSON
import TestSupport
import Testing

/// Rendering as a user does it: what is kept, what is told, and what the process ends with.
@Suite(.serialized) struct RenderTests {
    private let program: Program

    init() throws { program = try Program() }

    @Test func `a render that finds everything kept gives the same bytes and runs no block`() throws {
        #expect(try program.run("render", "x.md", "--results", "first.json").code == 0)
        let page = try program.bytes("output/x.html")
        let kept = try program.run("render", "x.md", "--frozen", "--results", "second.json")
        #expect(kept.code == 0)
        // Only a block that runs loads a model.
        let finished = try Self.events(kept.errors).filter { $0["event"]?.string == "finished" }
        #expect(finished.count == 5 && finished.allSatisfy { $0["from"]?.string == "store" }, "\(kept.errors)")
        #expect(try program.bytes("output/x.html") == page)
        #expect(try program.bytes("second.json") == program.bytes("first.json"))
        #expect(try program.run("render", "x.md", "--no-store", "-o", "other").code == 0)
        #expect(try program.bytes("other/x.html") == page)
        #expect(try program.run("render", "x.md", "--stamp", "-o", "stamped").code == 0)
        let stamped = String(decoding: try program.bytes("stamped/x.html"), as: UTF8.self)
        #expect(stamped.contains("5 of 5 blocks"))
        // Threads change nothing, so nothing runs again; nor would the page change if it did.
        #expect(try program.run("render", "x.md", "--fresh", "--threads", "1").code == 0)
        #expect(try program.bytes("output/x.html") == page)
    }

    @Test func `each change of a file runs just the blocks that depend on it, and explain names it`() throws {
        func ran() throws -> [String] {
            let ending = try program.run("render", "x.md", "-P", "limit=3")
            #expect(ending.code == 0, "\(ending.errors)")
            return try Self.events(ending.errors).filter {
                $0["event"]?.string == "finished" && $0["from"]?.string == "run"
            }
            .compactMap { $0["block"]?.string }
        }
        func explained(_ id: String) throws -> String {
            let output = try program.run("explain", "x.md", id, "-P", "limit=3").output
            return String(output.prefix { $0 != "\n" })
        }
        #expect(try ran() == ["pair", "pairs", "score", "sweep", "expect-1"])
        #expect(try ran() == [])
        // Another learning rate in the adapter's card is another adapter, but the same numbers: claims stand.
        try edit("models/demo-planted/adapter_config.json") { $0 + [UInt8(ascii: "\n")] }
        #expect(try explained("pair").hasPrefix("pair: stale: tuned adapter digest changed ("))
        #expect(try explained("score") == "score: stale: it refers to 'pair' and 'pairs', which are stale")
        #expect(try ran() == ["pair", "pairs", "score", "sweep"])
        try edit("models/demo/model.safetensors") { bytes in
            var bytes = bytes
            bytes[bytes.count - 2] ^= 1
            return bytes
        }
        #expect(try explained("pair").hasPrefix("pair: stale: base weights digest changed ("))
        #expect(try ran().prefix(4) == ["pair", "pairs", "score", "sweep"])
        try edit("models/demo/tokenizer.json") { $0 + [UInt8(ascii: "\n")] }
        #expect(try explained("pair").hasPrefix("pair: stale: base tokenizer digest changed ("))
        #expect(try ran() == ["pair", "pairs", "score", "sweep"])
        // A pair after those that are read: the file is another, what was read of it is not.
        try edit("data/demo-heldout.jsonl") {
            $0 + Array(#"{"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: c"}"#.utf8)
        }
        #expect(try explained("pairs").hasPrefix("pairs: stale: pairs file digest changed ("))
        #expect(try ran() == ["pairs"])
        let frozen = try program.run("render", "x.md", "--frozen", "-P", "limit=4")
        #expect(frozen.code == 1)
        #expect(frozen.errors.contains("block 'pairs' is stale: option 'limit' changed from 3 to 4 [stale-block]"))
    }

    @Test func `two renders at once give the same page and a sound store`() throws {
        let runs = try ["a", "b"].map { try program.start(["render", "x.md", "-o", $0]) }
        for run in runs {
            let ending = run.wait()
            #expect(ending.code == 0, "\(ending.errors)")
        }
        #expect(try program.bytes("a/x.html") == program.bytes("b/x.html"))
        #expect(try program.run("render", "x.md", "--frozen").code == 0)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends a render cleanly, and the next continues from there`(_ signal: Int32) throws {
        let first = try program.start(["render", "x.md", "-P", "limit=40", "--log", "log.jsonl"])
        try waitForUnits(2)
        first.send(signal)
        let ending = first.wait()
        #expect(ending.code == 128 + signal)
        #expect(!ending.wasKilled)
        #expect(try Self.events(ending.errors).last?["event"]?.string == "stopped")
        let cached = try program.run("cache", "list").output
        #expect(cached.contains("unfinished, "))
    }

    @Test func `renders killed at any moment end with the very same page, and compute nothing twice`() throws {
        let limit = ["-P", "limit=24"]
        #expect(try program.start(["render", "x.md", "--store", "whole", "-o", "whole"] + limit).wait().code == 0)
        var killed = 0
        for number in 0..<5 {
            let run = try program.start(["render", "x.md", "--log", "log.jsonl"] + limit)
            usleep(UInt32(150_000 + 330_000 * number))
            run.send(SIGKILL)
            if run.wait().wasKilled { killed += 1 }
        }
        #expect(killed > 0, "every render ended before it was killed")
        #expect(try program.start(["render", "x.md", "--log", "log.jsonl"] + limit).wait().code == 0)
        #expect(try program.bytes("output/x.html") == program.bytes("whole/x.html"))
        // A part is told of once it is kept, and so is a block.
        let computed = try Self.events(String(decoding: program.bytes("log.jsonl"), as: UTF8.self)).filter {
            $0["from"]?.string == "run"
        }.map { "\($0["block"]?.string ?? "") \($0["unit"]?.string ?? "")" }
        #expect(Set(computed).count == computed.count, "\(computed)")
    }

    @Test func `a limit on the size of files is an error that says so, and nothing is lost`() throws {
        #expect(try program.run("render", "x.md", "-P", "limit=2").code == 0)
        let limited = try program.start(["render", "x.md", "-P", "limit=24"], prefix: "ulimit -f 128; ").wait()
        #expect(limited.code == 1)
        #expect(
            limited.errors.contains("the store '") && limited.errors.contains("[store-failed]"), "\(limited.errors)")
        #expect(try program.run("render", "x.md", "--frozen", "-P", "limit=2").code == 0)
    }

    /// Waits until the log tells of this many finished parts.
    private func waitForUnits(_ count: Int) throws {
        for _ in 0..<600 {
            usleep(50_000)
            let text = (try? program.bytes("log.jsonl")).map { String(decoding: $0, as: UTF8.self) } ?? ""
            if text.components(separatedBy: #""event":"unit""#).count > count { return }
        }
        Issue.record("no parts were finished")
    }

    private func edit(_ name: String, _ change: ([UInt8]) -> [UInt8]) throws {
        try Data(change(try program.bytes(name))).write(to: URL(fileURLWithPath: program.folder + "/" + name))
    }

    /// The lines that are JSON; a log that a kill cut short may end in half a line.
    static func events(_ text: String) throws -> [JSON] {
        text.split(separator: "\n").compactMap { $0.hasPrefix("{") ? try? JSON.parse(Array($0.utf8)) : nil }
    }
}
