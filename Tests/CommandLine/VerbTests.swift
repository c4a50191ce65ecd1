import Foundation
import JSON
import TestSupport
import Testing

/// The smaller verbs, and what the process ends with.
@Suite struct VerbTests {
    private static let broken =
        "# T\n\n```{table}\ncsv: |\n  a\n  1\nrow: 2\n```\n\n```{chart}\ndata: x.y\nx: a\ny: b\n```\n"

    @Test func `docs/command-line.md says what the verbs say of themselves`() throws {
        let written = try Fixtures.bytes(Fixtures.repository + "/docs/command-line.md")
        #expect(try Program().run("help", "--verbs").output == String(decoding: written, as: UTF8.self))
    }

    @Test func `check gives every problem as JSON where it is asked to`() throws {
        let program = try Program(Self.broken)
        let ending = try program.run("check", "x.md", "--json")
        #expect(ending.code == 1)
        let json = try JSON.parse(Array(ending.output.utf8))
        #expect(json["schema"]?.int == 1)
        let notebook = try #require(json["notebooks"]?.array?.first)
        #expect(notebook["notebook"]?.string == "x.md")
        let problems = try #require(notebook["problems"]?.array)
        #expect(problems.compactMap { $0["code"]?.string } == ["unknown-option", "unknown-block"])
        #expect(
            problems[0].text()
                == #"{"file":"x.md","line":7,"column":1,"end":{"line":7,"column":4},"severity":"error","code":"unknown-option","message":"{table} has no option 'row'","help":"did you mean 'rows'?","replacements":["rows"],"excerpt":"    row: 2\n    ^"}"#
        )
    }

    @Test func `a new notebook has no problems, and is never written over`() throws {
        let program = try Program()
        #expect(try program.run("new", "fresh/start.md").output == "fresh/start.md\n")
        let render = try program.run("render", "fresh/start.md")
        #expect(render.code == 0, "\(render.errors)")
        #expect(render.output == "fresh/output/start.html\n")
        let own = try program.run(
            "new", "own.md", "--base", "models/demo", "--adapter", "models/demo-planted", "--pairs",
            "data/demo-heldout.jsonl")
        #expect(own.code == 0, "\(own.errors)")
        #expect(try program.run("render", "own.md", "-Plimit=4").code == 0)
        #expect(try program.run("new", "other.md", "--base", "models/demo").code == 2)
        let pairs = ["--pairs", "data/demo-heldout.jsonl"]
        let adapter = ["new", "tuned.md", "--base", "models/demo", "--tuned", "models/demo-planted"] + pairs
        #expect(try program.start(adapter).wait().code == 0)
        #expect(try program.run("check", "tuned.md").code == 0)
        let folder = try Fixtures.temporaryFolder()
        let outside = try program.start(
            ["new", folder + "/far.md", "--base", "models/demo", "--adapter", "models/demo-planted"] + pairs
        ).wait()
        #expect(outside.code == 1 && outside.errors.contains("[outside-project]"), "\(outside.errors)")
        #expect(outside.errors.hasSuffix("would fail 'patchbook check', so it is not written\n"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/far.md"))
        let none = try program.run("check", "data")
        #expect(none.errors.contains("the folder holds no notebook (.md); folders inside it are not searched"))
        let again = try program.run("new", "fresh/start.md")
        #expect(again.code == 1)
        #expect(again.errors == "fresh/start.md: error: the file already exists\n")
        #expect(try program.run("new", "start.txt").code == 2)
        #expect(try program.run("new", "fresh/next").output == "fresh/next.md\n")
    }

    @Test func `inspect says what a model is, or why it is none`() throws {
        let program = try Program()
        let ending = try program.run("inspect", "models/demo", "--adapter", "models/demo-planted")
        #expect(ending.output.hasPrefix("family         llama\nlayers         12\nwidth          128\n"))
        #expect(ending.output.contains("\ntensors        110 BF16\n"))
        #expect(ending.output.contains("\nchat template  yes\n"))
        #expect(ending.output.contains("\nends a turn    '<|end_of_text|>' ("))
        #expect(!ending.output.contains(" 0.0 s"), "a cost has digits, or a bound")
        let none = try program.run("inspect", "data")
        #expect(none.code == 1)
        #expect(
            none.errors
                == "error: data: the folder holds no config.json; expected a model folder in Hugging Face's layout\n")
    }

    @Test func `what is not a notebook is not rendered, and a parameter needs a name`() throws {
        let program = try Program("# T\n")
        let data = try program.run("render", "data/demo-heldout.jsonl")
        #expect(data.code == 1)
        #expect(
            data.errors
                == "data/demo-heldout.jsonl: error: it is not a notebook: a notebook's name ends in '.md' [missing-file]\n"
        )
        #expect(try program.run("render", "x.md", "-P=a=1").code == 2)
    }

    @Test func `what fails at run time is named as the notebook names it, and no page tells where the project lies`()
        throws
    {
        let program = try Program(
            "```{models}\nid: m\nbase: models/demo\ntuned: {path: models/demo, adapter: models/demo-planted}\n```\n"
                + "```{pairs}\npath: data/bad.jsonl\n```\n")
        try program.write("data/bad.jsonl", "{}\n")
        let ending = try program.run("render", "x.md", "--no-store")
        #expect(ending.code == 1)
        #expect(ending.errors.contains("': data/bad.jsonl, row 1: "), "\(ending.errors)")
        let page = String(decoding: try program.bytes("output/x.html"), as: UTF8.self)
        #expect(page.contains("data/bad.jsonl, row 1: "))
        #expect(!page.contains(program.folder))
    }

    @Test func `wrong usage ends with 2, a failed claim with 3, a broken notebook with 1`() throws {
        let claim =
            "```{table}\nid: t\ncsv: |\n  a\n  1\n```\n```{expect}\n- {claim: params.p > 3, because: it says so}\n```\n"
        let program = try Program("---\nparams: {p: 2}\n---\n" + claim)
        #expect(try program.run("render", "x.md").code == 3)
        // The parameter is in the key of the claims, so the other verdict is not the kept one.
        #expect(try program.run("render", "x.md", "-P", "p=4").code == 0)
        #expect(try program.run("render", "x.md").code == 3)
        #expect(try program.run("render", "x.md", "-P", "q=4").code == 1)
        for usage in [
            ["render", "x.md", "--frozen", "--fresh"], ["render", "x.md", "--frozen", "--no-store"],
            ["render", "x.md", "--threads", "0"], ["render", "x.md", "--memory", "lots"],
            ["render", "x.md", "--fresh-block", "nothing"], ["render"], ["explain", "x.md", "nothing"],
            ["cache", "prune", "--all", "--days", "3"],
        ] {
            let ending = try program.start(usage).wait()
            #expect(ending.code == 2, "\(usage): \(ending.errors)")
        }
        let fresh = try program.run("render", "--fresh-block", "t", "x.md", "-P", "p=4", "--memory", "1.5GiB")
        let ran = try RenderTests.events(fresh.errors).filter { $0["from"]?.string == "run" }
        #expect(ran.compactMap { $0["block"]?.string } == ["t"])
    }

    @Test func `what cannot go together is named as it was given`() throws {
        let program = try Program(Self.broken)
        for (arguments, sentence) in [
            (["render", "x.md", "--frozen", "--fresh"], "so it cannot go with --fresh\n"),
            (["render", "x.md", "--frozen", "--fresh-block", "a"], "so it cannot go with --fresh-block\n"),
            (["inspect", "x", "--tokens", "0"], "--tokens takes a whole number, at least 1\n"),
            (["inspect", "x", "--threads", "0"], "--threads takes a whole number, at least 1\n"),
        ] {
            let ending = try program.start(arguments).wait()
            #expect(ending.code == 2 && ending.errors.contains(sentence), "\(arguments): \(ending.errors)")
        }
    }

    @Test func `pruning tells what went`() throws {
        let program = try Program(
            "---\nparams: {p: 2}\n---\n```{expect}\n- {claim: params.p > 1, because: it says so}\n```\n")
        for number in 2...4 { _ = try program.run("render", "x.md", "-P", "p=\(number)") }
        let list = try program.run("cache", "list").output.split(separator: "\n")
        #expect(list.first == "notebook          block     key           size")
        #expect(list.count { $0.hasPrefix("(no longer used)            ") } == 2)
        #expect(list[1].hasPrefix("x.md              expect-1  "))
        #expect(list.last?.hasPrefix("3 results, ") == true)
        #expect(try program.run("cache", "prune").output.hasPrefix("2 results and 0 parts pruned, "))
        #expect(try program.run("cache", "prune", "--all").output.hasPrefix("1 result and 0 parts pruned, "))
    }
}
