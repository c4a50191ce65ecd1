import Foundation
import JSON
import TestSupport
import Testing

/// `patchbook check` and `patchbook help`, as their users run them.
@Suite struct CheckTests {
    @Test func `check says everything at once and ends with 1`() throws {
        let program = try Program("Text `{= a.b }` and [Figure](#c)\n\n```{tabel}\n```\n")
        let ending = try program.run("check", "x.md")
        #expect(ending.code == 1)
        #expect(ending.errors.components(separatedBy: "error: ").count == 4)
        #expect(ending.errors.contains("x.md:3:5: error: there is no command 'tabel' [unknown-command]"))
    }

    @Test func `check gives the line and the caret as JSON too`() throws {
        let program = try Program("Text `{= a.b }`\n")
        let json = try JSON.parse(try program.run("check", "x.md", "--json").output)
        let problem = try #require(json["notebooks"]?.array?.first?["problems"]?.array?.first)
        #expect(problem["line"]?.int == 1 && problem["column"]?.int == 10)
        #expect(problem["excerpt"]?.string == "    Text `{= a.b }`\n             ^")
    }

    @Test func `check sees what is missing without opening what is there, each at its place`() throws {
        let program = try Program()
        try FileManager.default.removeItem(atPath: program.folder + "/models/demo/model.safetensors")
        try FileManager.default.moveItem(
            atPath: program.folder + "/data/demo-heldout.jsonl", toPath: program.folder + "/data/demo-heldot.jsonl")
        try FileManager.default.removeItem(atPath: program.folder + "/models/demo-planted")
        let errors = try program.run("check", "x.md").errors
        for line in [
            "x.md:8:7: error: ", "x.md:9:37: error: there is no adapter at 'models/demo-planted' [missing-file]",
            "x.md:13:7: error: there is no file 'data/demo-heldout.jsonl' [missing-file]",
            "help: did you mean 'data/demo-heldot.jsonl'?",
        ] { #expect(errors.contains(line), "\(errors)") }
        try Data("no tensors".utf8).write(to: URL(fileURLWithPath: program.folder + "/models/demo/model.safetensors"))
        #expect(!(try program.run("check", "x.md").errors.contains("x.md:8:7")))
    }

    @Test func `check knows how many layers a model has`() throws {
        let program = try Program(Program.notebook.replacing("controls: [random]", with: "layers: [4, 40]"))
        let errors = try program.run("check", "x.md").errors
        #expect(
            errors.contains("x.md:25:9: error: option 'layers' names layer 40, but the models' layers are 0 to 11"),
            "\(errors)")
    }

    @Test func `a note is printed, and check ends with 0`() throws {
        let program = try Program("---\nbibliography: refs.bib\n---\nText\n")
        try Data("@book{b, title = {B}}\n".utf8).write(to: URL(fileURLWithPath: program.folder + "/refs.bib"))
        let ending = try program.run("check", "x.md")
        #expect(ending.code == 0)
        #expect(ending.errors.contains("x.md:2:15: note: 1 of 1 entry is never cited: 'b' [unused-entry]"))
        try FileManager.default.removeItem(atPath: program.folder + "/refs.bib")
        #expect(try program.run("check", "x.md").code == 1)
    }

    @Test func `check gives JSON for a notebook that is not there`() throws {
        let program = try Program()
        let ending = try program.run("check", "--json", "y.md")
        let json = try JSON.parse(ending.output)
        let problem = try #require(json["notebooks"]?.array?.first?["problems"]?.array?.first)
        #expect(ending.code == 1 && problem["code"]?.string == "missing-file")
        #expect(problem["replacements"]?.array?.first?.string == "x.md")
    }

    @Test func `a slip in place of a verb is asked back`() throws {
        let program = try Program()
        let slips = [
            ["x.md"]: "patchbook render x.md", ["rendr", "x.md"]: "patchbook render x.md", ["chekc"]: "patchbook check",
        ]
        for (arguments, help) in slips {
            let ending = try program.start(arguments).wait()
            #expect(ending.code == 2 && ending.errors.contains("did you mean '\(help)'?"), "\(ending.errors)")
        }
    }

    @Test func `claims that can never hold, and comments, are read as such`() throws {
        let program = try Program(
            """
            ---
            params: {p: 2}
            ---
            Text <!-- a secret --> goes on.

            ```{expect}
            - {claim: params.p in 10..5, because: it is said}
            - {claim: params.p == "a", because: it is said}
            - {claim: params.p < "a", because: it is said}
            - {claim: params.p in 1..5, because: it is said}
            ```

            """)
        #expect(try program.run("check", "x.md").errors.components(separatedBy: "can never hold").count == 4)
        try program.write("y.md", "Text <!-- a secret --> goes on.\n\n<!--\nanother\n-->\n")
        #expect(try program.run("render", "y.md").code == 0)
        #expect(!String(decoding: try program.bytes("output/y.html"), as: UTF8.self).contains("secret"))
    }

    @Test func `a notebook reads nothing outside its project, whatever the path and wherever a link leads`() throws {
        let program = try Program()
        try program.write("patchbook.yml", "")
        let outside = try Fixtures.temporaryFolder()
        try Data("secret".utf8).write(to: URL(fileURLWithPath: outside + "/secret.md"))
        try FileManager.default.createSymbolicLink(
            atPath: program.folder + "/link.md", withDestinationPath: outside + "/secret.md")
        try FileManager.default.createSymbolicLink(atPath: program.folder + "/folder", withDestinationPath: outside)
        for path in [
            "\(outside)/secret.md", "../\(URL(fileURLWithPath: outside).lastPathComponent)/secret.md", "link.md",
            "folder/secret.md", "folder/../folder/secret.md", "models/../../x.md",
        ] {
            for block in [
                "```{include}\npath: \(path)\n```", "![a](\(path))",
                "```{models}\nid: m\nbase: models/demo\ntuned: models/demo\n```\n\n```{pairs}\npath: \(path)\n```",
            ] {
                try program.write("y.md", block + "\n")
                let ending = try program.run("check", "y.md")
                #expect(ending.code == 1 && ending.errors.contains("[outside-project]"), "\(path): \(ending.errors)")
            }
        }
    }

    @Test func `a pipe in the place of a notebook is refused and not waited for`() throws {
        let program = try Program()
        #expect(mkfifo(program.folder + "/pipe.md", 0o600) == 0)
        try program.write("y.md", "```{include}\npath: pipe.md\n```\n")
        #expect(try program.run("check", "pipe.md").code == 1)
        #expect(try program.run("check", "y.md").errors.contains("'pipe.md' is not a regular file [bad-include]"))
    }

    @Test func `help explains a command, and a slip is asked back`() throws {
        let program = try Program()
        let help = try program.run("help", "patch")
        #expect(help.code == 0 && help.output.hasPrefix("{patch}  Patches activations or blocks layer by layer"))
        let slip = try program.run("help", "pacth")
        #expect(
            slip.code == 2
                && slip.errors == "error: there is no verb and no command 'pacth'\nhelp: did you mean 'patch'?\n")
        #expect(try program.run("help", "include").output.hasPrefix("{include}  Reads another Markdown text"))
        #expect(try JSON.parse(try program.run("help", "--schema").output)["$defs"]?["patch"] != nil)
    }

    /// Hostile texts that are quick to make; `scripts/robustness` has many more.
    @Test(arguments: [
        "[", "![[]()", "> ", "- ", "*a _b ", "`{= a.b }` ", "|a|b|\n|-|-|\n", "```{table}\ncsv: a\n```\n",
        "[^a]: x\n\n",
    ])
    func `a hostile text ends soon in a page or in problems`(piece: String) throws {
        let program = try Program()
        try program.write("y.md", String(repeating: piece, count: 1_000_000 / piece.utf8.count))
        let clock = ContinuousClock()
        var ending: Program.Ending?
        let time = try clock.measure { ending = try program.run("check", "y.md") }
        #expect(ending?.wasKilled == false && [0, 1].contains(ending?.code))
        #expect(time < .seconds(10))
    }
}
