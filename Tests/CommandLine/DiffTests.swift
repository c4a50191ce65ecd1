import Foundation
import JSON
import TestSupport
import Testing

/// Comparing runs as a user does it.
@Suite(.serialized) struct DiffTests {
    @Test func `pages and results files are compared, at git revisions too`() throws {
        let program = try Program()
        #expect(try program.run("render", "x.md", "--results", "first.json").code == 0)
        for (before, after) in [("output/x.html", "output/x.html"), ("first.json", "first.json")] {
            let same = try program.run("diff", before, after)
            #expect(same.code == 0 && same.output.isEmpty && same.errors.isEmpty, "\(same)")
        }
        // A page leaves out large tables and says no more than that.
        #expect(try program.run("diff", "output/x.html", "first.json").code == 0)
        let git =
            "git init -q . && git -c user.name=a -c user.email=a@b add output && "
            + "git -c user.name=a -c user.email=a@b commit -qm one && "
        let limited = try program.start(["render", "x.md", "-P", "limit=6"], prefix: git).wait()
        #expect(limited.code == 0, "\(limited.errors)")
        let moved = try program.run("diff", "HEAD:output/x.html", "output/x.html", "--json")
        #expect(moved.code == 4, "\(moved.errors)")
        let json = try JSON.parse(moved.output)
        let changes = try #require(json["changes"]?.array)
        func change(_ kind: String, _ name: String) -> JSON? {
            changes.first { $0["kind"]?.string == kind && $0["name"]?.string == name }
        }
        #expect(change("parameter", "limit")?["before"]?["value"] == .int(8))
        #expect(change("parameter", "limit")?["after"]?["value"] == .int(6))
        #expect(change("option", "limit")?["block"] == .string("pairs"))
        #expect(change("row", "pairs") != nil)
        let page = try program.run("diff", "HEAD:output/x.html", "output/x.html", "-o", "d.html")
        #expect(page.code == 4 && page.output == "d.html\n", "\(page.errors)")
        let text = String(decoding: try program.bytes("d.html"), as: UTF8.self)
        #expect(text.contains("HEAD:output/x.html and output/x.html") && text.contains("pb-chart"))
        #expect(!text.contains(program.folder))
        #expect(try program.run("diff", "HEAD:output/x.html", "output/x.html", "-o", "d2.html").code == 4)
        #expect(try program.bytes("d2.html") == program.bytes("d.html"))
        #expect(try program.run("diff", "d.html", "d2.html").code == 0)
    }

    @Test func `results of another schema are compared as far as they can be read, and it is said`() throws {
        let program = try Program(
            "---\nparams: {p: 2}\n---\n```{expect}\n- {claim: params.p > 1, because: it says so}\n```\n")
        #expect(try program.run("render", "x.md", "--results", "a.json").code == 0)
        let text = String(decoding: try program.bytes("a.json"), as: UTF8.self)
        let schema = try #require(try JSON.parse(text)["schema"]?.int)
        try program.write("b.json", text.replacing("\"schema\": \(schema)", with: "\"schema\": \(schema - 1)"))
        let ending = try program.run("diff", "b.json", "a.json")
        #expect(
            ending.code == 4
                && ending.output == "what made the runs\n  the schema of results: \(schema - 1) → \(schema)\n")
        #expect(
            ending.errors.hasPrefix(
                "note: 'b.json' holds results of schema \(schema - 1), and this release writes schema \(schema):"))
    }

    @Test func `what is no run is one clear error`() throws {
        let program = try Program()
        try program.write("a.html", "<html></html>")
        try program.write("b.json", "{\"schema\": 4")
        try program.write("c.json", "{\"schema\": 999, \"blocks\": []}")
        try program.write("d.json", "{}")
        for (file, message) in [
            ("a.html", "error: 'a.html' holds no results of a run: it is neither a report nor a results file\n"),
            ("b.json", "error: 'b.json' holds no results of a run: JSON, line 1, column 13: "),
            ("c.json", "error: 'c.json' holds results of schema 999, and this release reads schema "),
            ("d.json", "error: 'd.json' holds no results of a run: it has no 'schema'\n"),
            ("none.html", "error: there is no file 'none.html'; a git revision is written REVISION:PATH\n"),
            ("HEAD:none.html", "error: git does not know 'HEAD:none.html': "),
            ("models", "error: 'models' is a folder, and a report or a results file was expected\n"),
        ] {
            let ending = try program.run("diff", file, file)
            #expect(ending.code == 1 && ending.errors.hasPrefix(message), "\(file): \(ending.errors)")
            #expect(ending.errors.split(separator: "\n").count == 1)
        }
        #expect(try program.run("diff", "a", "b", "--tolerance", "2").code == 2)
        #expect(try program.run("diff", "a", "b", "--json", "-o", "c").code == 2)
    }
}
