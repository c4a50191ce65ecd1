import Foundation
import TestSupport
import Testing

/// What can happen to the folder of parts: one sentence each, and nothing wrong is taken over.
@Suite(.serialized) struct PartFaultTests {
    private let program: Program
    private static let task = ["render", "x.md", "--parts", "parts", "--shard", "1/1"]

    init() throws {
        program = try Program(
            Program.notebook.replacing("limit: 8", with: "limit: 40")
                + "```{spectrum}\nid: directions\nmodels: pair\npairs: pairs\nlayer: 6\n```\n")
    }

    private func page() throws -> [UInt8] {
        #expect(try program.run("render", "x.md", "--no-store", "-o", "whole").code == 0)
        return try program.bytes("whole/x.html")
    }

    /// The part files, with their folder.
    private func parts() -> [String] {
        (FileManager.default.subpaths(atPath: program.folder + "/parts") ?? []).filter { $0.hasSuffix(".part") }
            .sorted()
            .map { "parts/" + $0 }
    }

    private func path(_ name: String) -> String { program.folder + "/" + name }

    private func errors(_ ending: Program.Ending) -> [String] {
        ending.errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("{") }
    }

    @Test func `a part that says it is another unit is damaged`() throws {
        #expect(try program.start(Self.task).wait().code == 0)
        let first = try #require(parts().first { $0.hasSuffix("/group-0.part") })
        let bytes = try program.bytes(first)
        let end = try #require(bytes.firstIndex(of: 10))
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        #expect(head.contains("\"name\":\"group 0\""))
        let other = head.replacing("group 0", with: "group 1")
        try Data(Array(other.utf8) + bytes[end...]).write(to: URL(fileURLWithPath: path(first)))
        let merged = try program.run("merge", "parts")
        #expect(merged.code == 0, "the others are merged")
        #expect(errors(merged) == ["\(first): it is damaged: the bytes are not those that were written"])
        #expect(try program.run("render", "x.md").code == 0)
        #expect(try program.bytes("output/x.html") == page())
    }

    @Test func `what is not a part is named, once for each reason where there are many, and nothing waits for a pipe`()
        throws
    {
        #expect(try program.start(Self.task).wait().code == 0)
        let folder = (try #require(parts().first) as NSString).deletingLastPathComponent
        for number in 0..<8 { try program.write("\(folder)/z\(number).part", "no part") }
        #expect(mkfifo(path(folder + "/a.part"), 0o600) == 0)
        let merged = try program.run("merge", "parts")
        #expect(merged.code == 0 && merged.output.hasSuffix(", 9 left out\n"))
        let damaged = "it is damaged: the bytes are not those that were written"
        #expect(
            errors(merged) == ["\(folder)/a.part: it is not a regular file that can be read"]
                + (0..<5).map { "\(folder)/z\($0).part: \(damaged)" } + ["parts: 3 more: \(damaged)"])
    }

    @Test func `a task with other kernels is named, and the others' parts are used`() throws {
        let other = "export OPENBLAS_CORETYPE=Nehalem; "
        let versions = try ["", other].map { try program.start(["--version"], prefix: $0).wait().output }
        // Only where this processor has kernels to choose from.
        guard versions[0] != versions[1] else { return }
        let first = ["render", "x.md", "--parts", "parts", "--shard", "1/2"]
        #expect(try program.start(first).wait().code == 0)
        let second = ["render", "x.md", "--parts", "parts", "--shard", "2/2"]
        #expect(try program.start(second, prefix: other).wait().code == 0)
        let merged = try program.run("merge", "parts")
        #expect(merged.code == 0 && merged.output.hasSuffix(" left out\n"), "\(merged)")
        #expect(
            errors(merged).allSatisfy {
                $0.contains(": it was calculated with OpenBLAS") && $0.contains("OPENBLAS_CORETYPE")
            })
        #expect(try program.run("render", "x.md", "--log", "log.jsonl").code == 0)
        #expect(try program.bytes("output/x.html") == page())
    }

    @Test(arguments: [-1e9, 1e9])
    func `the times of parts and models, in the past or in the future, change nothing`(_ skew: TimeInterval) throws {
        let date = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: skew)]
        try FileManager.default.setAttributes(date, ofItemAtPath: path("data/demo-heldout.jsonl"))
        #expect(try program.run("render", "x.md", "--parts", "parts", "--shard", "1/2").code == 0)
        for part in parts() { try FileManager.default.setAttributes(date, ofItemAtPath: path(part)) }
        #expect(try program.run("render", "x.md", "--parts", "parts", "--shard", "2/2").code == 0)
        #expect(try program.run("merge", "parts").output.hasSuffix(" parts merged, 0 were there already\n"))
        let render = try program.run("render", "x.md", "--log", "log.jsonl")
        #expect(render.code == 0)
        #expect(try program.bytes("output/x.html") == page())
        let log = String(decoding: try program.bytes("log.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(!log.contains { $0.contains("\"event\":\"unit\"") && $0.contains("\"from\":\"run\"") })
    }

    @Test func `the copies of the store that killed tasks leave are deleted by the next task`() throws {
        try FileManager.default.createDirectory(atPath: path("tmp"), withIntermediateDirectories: true)
        func left() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: path("tmp")).count { $0.hasPrefix("patchbook-store-") }
        }
        let prefix = "export TMPDIR='\(path("tmp"))'; "
        let killed = try program.start(Self.task, prefix: prefix)
        for _ in 0..<200 where try left() == 0 { usleep(10_000) }
        killed.send(SIGKILL)
        #expect(killed.wait().wasKilled)
        #expect(try left() == 1)
        let live = try program.start(Self.task, prefix: prefix)
        for _ in 0..<200 where try left() != 1 || parts().isEmpty { usleep(10_000) }
        // One that is in use stays.
        #expect(try program.start(Self.task, prefix: prefix).wait().code == 0)
        #expect(live.wait().code == 0)
        #expect(try left() == 0)
    }

    @Test(
        .enabled(if: canMount, "needs a user namespace to mount in"),
        arguments: [("size=128k", "No space left on device"), ("ro", "Read-only file system")])
    func `a full or read-only folder of parts is one sentence, and no half part is left`(
        _ options: String, _ reason: String
    ) throws {
        let mounted = Self.mounting(
            "mount -t tmpfs -o \(options) none parts", then: "find parts -name \".*\" -type f")
        let ending = try program.start(Self.task, prefix: mounted).wait()
        #expect(ending.code == 1 && !ending.wasKilled)
        #expect(ending.output.isEmpty, "files that are no parts: \(ending.output)")
        let messages = errors(ending)
        #expect(messages.count == 2, "\(messages)")
        let line = try #require(messages.first)
        #expect(
            line.hasPrefix("x.md: error: the part 'parts/") || line.hasPrefix("x.md: error: the folder 'parts/"),
            "\(line)")
        #expect(line.hasSuffix("' cannot be written: \(reason) [store-failed]"), "\(line)")
        #expect(
            messages.last
                == "help: the parts that are there stay; run the same task again when the folder can be written")
    }

    @Test(.enabled(if: canMount, "needs a user namespace to mount in"))
    func `parts are merged from a folder that can only be read`() throws {
        #expect(try program.start(Self.task).wait().code == 0)
        let mounted = Self.mounting("mount --bind parts parts && mount -o remount,bind,ro parts")
        #expect(try program.start(["merge", "parts"], prefix: mounted).wait().code == 0)
        #expect(try program.run("render", "x.md").code == 0)
        #expect(try program.bytes("output/x.html") == page())
    }

    /// What makes the shell run the program with something mounted that goes away with it.
    /// - Parameter then: a command that runs after the program; the exit code is the program's.
    private static func mounting(_ mount: String, then: String = ":") -> String {
        "unshare --map-root-user --mount bash -c 'mkdir -p parts && \(mount) && { \"$@\"; code=$?; \(then); exit $code; }' "
    }

    /// Whether this machine lets its users mount in a namespace.
    private static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "unshare --map-root-user --mount mount -t tmpfs none /mnt 2>/dev/null"]
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
