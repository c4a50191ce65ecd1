import Foundation
import TestSupport
import Testing

/// What a render writes, and what it never writes over.
@Suite struct OutputTests {
    private static let text =
        "---\nparams: {p: 2}\n---\n```{expect}\n- {claim: params.p > 1, because: it says so}\n```\n"

    @Test func `an output never replaces what a render reads, nor leaves the project unasked`() throws {
        let program = try Program()
        try program.write("part.md", "Text\n")
        try program.write("y.md", Self.text + "```{include}\npath: part.md\n```\n")
        let before = try ["x.md", "y.md", "part.md", "data/demo-heldout.jsonl"].map(program.bytes)
        try FileManager.default.createSymbolicLink(atPath: program.folder + "/link.md", withDestinationPath: "x.md")
        for arguments in [
            ["x.md", "--results", "x.md"], ["x.md", "--log", "x.md"], ["x.md", "--results", "./models/../x.md"],
            ["x.md", "--results", "link.md"], ["x.md", "--results", "data/demo-heldout.jsonl"],
            ["x.md", "--log", "models/demo/config.json"], ["y.md", "--results", "part.md"], ["x.md", "-o", ""],
            ["x.md", "--results", ""], ["x.md", "-o", "../elsewhere"], ["x.md", "--results", "../results.json"],
            ["x.md", "--results", "output/x.html"], ["x.md", "--log", "output/index.html"],
            ["x.md", "--results", "a.json", "--log", "./a.json"], ["y.md", "-o", "out", "--log", "out/../part.md"],
        ] {
            let ending = try program.start(["render", "--no-store", "-P", "limit=4"] + arguments).wait()
            #expect(ending.code == 1 && ending.errors.hasPrefix("error: "), "\(arguments): \(ending.errors)")
            #expect(!ending.errors.contains("started"), "nothing ran")
        }
        #expect(try ["x.md", "y.md", "part.md", "data/demo-heldout.jsonl"].map(program.bytes) == before)
    }

    @Test func `pages mirror folders, and two notebooks never share a page`() throws {
        let program = try Program(Self.text)
        for folder in ["a", "b", "notebooks"] {
            try FileManager.default.createDirectory(
                atPath: program.folder + "/" + folder, withIntermediateDirectories: true)
            try program.write(folder + "/y.md", Self.text)
        }
        try program.write("patchbook.yml", "")
        #expect(
            try program.run("render", "a/y.md", "b/y.md").output == "output/a/y.html\noutput/b/y.html\n")
        #expect(try program.run("render", "notebooks/y.md").output == "output/y.html\n")
        try program.write("y.md", Self.text)
        let both = try program.run("render", "y.md", "notebooks/y.md")
        #expect(both.code == 1 && both.errors.contains("would both be written to 'output/y.html'"))
        try program.write("index.md", Self.text)
        let index = try program.run("render", "index.md")
        #expect(index.code == 1 && index.errors.contains("where the list of reports lies"))
        let inside = try program.start(["render", "y.md"], prefix: "cd notebooks && ").wait()
        #expect(inside.output == "../output/y.html\n", "\(inside.errors)")
    }

    @Test func `a failed block is marked on the page, and the others run`() throws {
        let program = try Program(
            Program.notebook.replacing("path: data/demo-heldout.jsonl", with: "path: data/empty.jsonl")
                + "```{table}\nid: t\ncsv: |\n  a\n  7\n```\n")
        try program.write("data/empty.jsonl", "not a pair\n")
        let ending = try program.run("render", "x.md")
        #expect(ending.code == 1 && ending.errors.contains("[run-failed]") && ending.errors.contains("[not-run]"))
        let page = String(decoding: try program.bytes("output/x.html"), as: UTF8.self)
        #expect(page.contains("blocks gave NO RESULT") && page.contains("Planted layers, ?"))
        #expect(page.contains("id=\"block-t\""))
    }

    @Test func `a notebook with problems says that its old page is old`() throws {
        let program = try Program(Self.text)
        #expect(try program.run("render", "x.md").code == 0)
        try program.write("x.md", Self.text + "`{= a.b }`\n")
        let ending = try program.run("render", "x.md")
        #expect(ending.code == 1 && ending.errors.contains("'output/x.html' is from an earlier render"))
    }

    @Test func `a frozen render of kept results needs no model and no data`() throws {
        let program = try Program()
        #expect(try program.run("render", "x.md").code == 0)
        let page = try program.bytes("output/x.html")
        for name in ["models", "data"] { try FileManager.default.removeItem(atPath: program.folder + "/" + name) }
        let frozen = try program.run("render", "x.md", "--frozen")
        #expect(frozen.code == 0, "\(frozen.errors)")
        #expect(try program.bytes("output/x.html") == page)
        #expect(try program.run("render", "x.md").code == 1)
    }
}
