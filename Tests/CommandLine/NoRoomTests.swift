import Foundation
import JSON
import TestSupport
import Testing

/// Disks that are full and places that cannot be written: one clear error, no half page, and nothing kept is lost.
///
/// Each holds for any user, root too, whom permissions do not bind: a folder below a file, a folder of the kernel's, a limit on
/// the size of files.
@Suite(.serialized) struct NoRoomTests {
    private static let notebook = """
        ```{table}
        id: card
        csv: |
          layer, effect
          5, 1.25
        ```

        """
    private let program: Program

    init() throws { program = try Program(Self.notebook) }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: program.folder + "/" + folder)) ?? []).sorted()
    }

    /// The lines that are messages, not progress.
    private func messages(_ ending: Program.Ending) -> [String] {
        ending.errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("{") }
    }

    @Test(arguments: [
        ("x.md/output", "Not a directory"), ("/proc/patchbook/output", "No such file or directory"),
        ("/dev/full/output", "Not a directory"),
    ])
    func `a report that cannot be written is one error, and its results are kept`(
        _ folder: String, _ reason: String
    ) throws {
        let ending = try program.run("render", "x.md", "-o", folder)
        #expect(ending.code == 1 && ending.output.isEmpty)
        #expect(messages(ending) == ["x.md: error: '\(folder)/x.html' cannot be written: \(reason)"])
        // What was computed is there for the next render.
        #expect(try program.run("render", "x.md", "--frozen").code == 0)
        #expect(try program.bytes("x.md") == Array(Self.notebook.utf8))
    }

    @Test func `a page that the disk has no room for leaves the old one as it was`() throws {
        #expect(try program.run("render", "x.md").code == 0)
        let page = try program.bytes("output/x.html")
        #expect(page.count > 8192)
        try program.write("x.md", Self.notebook.replacing("1.25", with: "1.5"))
        let ending = try program.start(["render", "x.md", "--no-store"], prefix: "ulimit -f 4; ").wait()
        #expect(ending.code == 1 && !ending.wasKilled)
        #expect(
            messages(ending) == [
                "x.md: error: 'output/x.html' cannot be written: File too large",
                "'output/x.html' is from an earlier render",
            ])
        #expect(try program.bytes("output/x.html") == page)
        #expect(names("output") == ["x.html"])
    }

    @Test func `a new page that the disk has no room for is not there at all`() throws {
        let ending = try program.start(["render", "x.md", "--no-store"], prefix: "ulimit -f 4; ").wait()
        #expect(ending.code == 1 && !ending.wasKilled)
        #expect(names("output") == [])
    }

    @Test func `results that cannot be written to a file are one error, and no page is half there`() throws {
        let ending = try program.run("render", "x.md", "--results", "x.md/results.json")
        #expect(ending.code == 1)
        #expect(messages(ending) == ["x.md: error: 'x.md/results.json' cannot be written: Not a directory"])
        #expect(names("output") == [])
    }

    @Test func `a pipe is written into, and stays one`() throws {
        let ending = try program.start(
            ["render", "x.md", "--results", "pipe"], prefix: "mkfifo pipe; cat pipe >read & "
        ).wait()
        #expect(ending.code == 0, "\(ending.errors)")
        for _ in 0..<100 where try program.bytes("read").last != UInt8(ascii: "\n") { usleep(20_000) }
        #expect(try JSON.parse(try program.bytes("read"))["notebook"]?.string == "x.md")
        let type =
            try FileManager.default.attributesOfItem(atPath: program.folder + "/pipe")[.type] as? FileAttributeType
        #expect(type != .typeRegular)
    }

    @Test(arguments: [
        ("x.md", "x.md' is not a folder of its own"),
        ("x.md/store", "x.md/store/store.sqlite' cannot be written: Not a directory"),
        (
            "/proc/patchbook-store",
            "/proc/patchbook-store/store.sqlite' cannot be written: No such file or directory"
        ),
    ])
    func `a store that cannot be made is one error with what helps`(_ folder: String, _ problem: String) throws {
        let ending = try program.run("render", "x.md", "--store", folder)
        #expect(ending.code == 1 && ending.output.isEmpty)
        let messages = messages(ending)
        #expect(messages.count == 2, "\(messages)")
        #expect(messages.first == "x.md: error: the store '\(problem)")
        #expect(messages.last?.hasPrefix("help: ") == true)
        #expect(names("output") == [])
        #expect(try program.bytes("x.md") == Array(Self.notebook.utf8))
    }

    @Test func `a store that cannot be copied is one error, and no folder is left`() throws {
        #expect(try program.run("render", "x.md").code == 0)
        // A path with room for the copy's folder, and none for a file in it.
        var place = try Fixtures.temporaryFolder()
        while case let left = 4044 - place.utf8.count, left > 1 {
            place += "/" + String(repeating: "t", count: left > 202 ? 200 : left - 1)
        }
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let ending = try program.start(
            ["render", "x.md", "--parts", "parts", "--shard", "1/1"], prefix: "export TMPDIR=\(place); "
        ).wait()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("cannot hold a copy of the store: File name too long"), "\(ending.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])
    }

    @Test func `a full log is told of once, and the render goes on`() throws {
        let ending = try program.run("render", "x.md", "--log", "/dev/full")
        #expect(ending.code == 0)
        #expect(
            messages(ending) == [
                "patchbook: the log '/dev/full' cannot be written: No space left on device; the render goes on without it"
            ])
        #expect(names("output") == ["x.html"])
    }

    @Test func `a store that grows no further is one error, and the next render continues from what it holds`() throws {
        let program = try Program()
        let limit = ["-P", "limit=24"]
        let limited = try program.start(["render", "x.md"] + limit, prefix: "ulimit -f 128; ").wait()
        #expect(limited.code == 1 && !limited.wasKilled)
        let errors = limited.errors.components(separatedBy: "error:").count - 1
        #expect(errors == 1, "\(limited.errors)")
        #expect(limited.errors.contains("[store-failed]"))
        let next = try program.start(["render", "x.md"] + limit).wait()
        #expect(next.code == 0)
        let kept = try RenderTests.events(next.errors).filter { $0["from"]?.string == "store" }
        #expect(!kept.isEmpty, "what was kept before the disk was full is used")
        #expect(try program.start(["render", "x.md", "--no-store", "-o", "whole"] + limit).wait().code == 0)
        #expect(try program.bytes("output/x.html") == program.bytes("whole/x.html"))
    }
}
