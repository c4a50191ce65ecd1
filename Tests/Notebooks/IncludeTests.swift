import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport
import Values

@Suite struct IncludeTests {
    /// A project folder with a notebook and other files; what the check says, with the folder left out.
    static func problems(_ files: [String: String], outside: [String: String] = [:]) throws -> String {
        let folder = try Fixtures.temporaryFolder()
        for (name, text) in files.merging(outside.map { ("../" + $0.key, $0.value) }, uniquingKeysWith: { $1 }) {
            let path = URL(fileURLWithPath: "\(folder)/project/\(name)").standardizedFileURL
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        let project = Project(notebookFolder: folder + "/project", root: folder + "/project")
        let source = try SourceText(name: "project/x.md", bytes: Fixtures.bytes(folder + "/project/x.md"))
        var session = Session(catalogue: .samples, project: project)
        return "\(session.update(source).problems)".replacing(folder, with: "")
    }

    static func include(_ path: String) -> String { "```{include}\npath: \(path)\n```\n" }

    @Test func `an include takes no parameters, and says so`() throws {
        let front = "---\nparams: {f: {type: path, default: a.md}}\n---\n"
        let problems = try Self.problems(["x.md": front + Self.include("$f"), "a.md": "A"])
        #expect(problems.contains("5:7: error: {include} takes no parameters: texts are read before '$f' has a value"))
        #expect(try Self.problems(["x.md": front + Self.include("'$f'"), "$f": "A"]) == "")
    }

    @Test func anIncludedTextIsReadAsIfItStoodThere() throws {
        let folder = try Fixtures.temporaryFolder()
        try Data("# Methods\n\n```{numbers}\nid: n\n```\n\n[^a]: Note\n\nSee[^a] `{= n.sum }`".utf8).write(
            to: URL(fileURLWithPath: folder + "/methods.md"))
        let text = "First\n\n" + Self.include("methods.md") + "\nLast `{= n.sum }` [Table](#n)\n"
        let project = Project(notebookFolder: folder, root: folder)
        let notebook = Notebook.parse(SourceText(name: "x.md", text: text), project: project)
        #expect(
            notebook.outline == """
                title "x"
                prose
                  paragraph
                    "First"
                prose
                  heading 1
                    "Methods"
                block {numbers} at 3:1
                  id: n at 4:5
                prose
                  paragraph
                    "See"
                    footnote a(paragraph/  "Note")
                    " "
                    value n.sum at 9:13
                prose
                  paragraph
                    "Last "
                    value n.sum at 7:10
                    " "
                    Table #n at 7:27
                """)
        var session = Session(catalogue: .samples, project: project)
        #expect(session.update(notebook.source).problems.all.isEmpty)
    }

    @Test func problemsInAnIncludedTextHaveTheirPlaceThere() throws {
        let files = [
            "x.md": "Text `{= n.smu }`\n\n" + Self.include("parts/a.md") + "\n```{numbers}\nid: n\n```\n",
            "parts/a.md": "One\n\n```{numbers}\nid: n\nlimt: 2\n```\n\nTwo `{= n.sum | .2 }`\n",
        ]
        #expect(
            try Self.problems(files) == """
                project/x.md:8:5: error: the id 'n' is taken by the block on line 3 of project/parts/a.md [duplicate-id]
                    id: n
                        ^

                project/parts/a.md:5:1: error: {numbers} has no option 'limt' [unknown-option]
                    limt: 2
                    ^
                help: did you mean 'limit'?

                project/parts/a.md:8:17: error: '.2' is not a format [bad-format]
                    Two `{= n.sum | .2 }`
                                    ^
                help: \(ValueFormat.help)
                """)
    }

    @Test func whatCannotBeIncludedIsToldAtItsPlace() throws {
        func first(_ path: String, _ files: [String: String] = [:], outside: [String: String] = [:]) throws -> String {
            let all = files.merging(["x.md": Self.include(path)], uniquingKeysWith: { $1 })
            return String(try Self.problems(all, outside: outside).prefix { $0 != "\n" })
        }
        #expect(
            try first("gone.md") == "project/x.md:2:7: error: there is no file 'gone.md' [bad-include]")
        #expect(
            try first("parts", ["parts/a.md": ""])
                == "project/x.md:2:7: error: 'parts' is not a regular file [bad-include]")
        #expect(
            try first("x.md") == "project/x.md:2:7: error: 'x.md' includes itself: x.md → x.md [bad-include]")
        #expect(
            try first("../secret.md", outside: ["secret.md": "s"])
                == "project/x.md:2:7: error: the path '../secret.md' leads outside the project's folder [outside-project]"
        )
        #expect(
            try first("a.md", ["a.md": "---\ntitle: T\n---\n"])
                == "project/a.md:1:1: error: an included text has no front matter; parameters and title are the notebook's [bad-include]"
        )
        #expect(
            try first("a.md", ["a.md": "Text\n\n---\ntitle: T\n---\n"])
                == "project/a.md:3:1: error: an included text has no front matter; parameters and title are the notebook's [bad-include]"
        )
        #expect(
            try first("a.md", ["a.md": Self.include("b.md"), "b.md": Self.include("./a.md")])
                == "project/b.md:2:7: error: './a.md' includes itself: a.md → b.md → a.md [bad-include]")
        let chain = Dictionary(uniqueKeysWithValues: (1...9).map { ("\($0).md", Self.include("\($0 + 1).md")) })
        #expect(
            try first("1.md", chain) == "project/8.md:2:7: error: includes are nested more than 8 deep [bad-include]")
        #expect(
            try first("a.md", ["a.md": String(repeating: "text\n", count: 500_000)])
                == "project/x.md:2:7: error: 'a.md' holds 2500000 bytes, more than 2097152 [bad-include]")
        let many = ["x.md": String(repeating: Self.include("a.md"), count: 101), "a.md": "text"]
        #expect(
            try Self.problems(many).hasPrefix(
                "project/x.md:302:7: error: a notebook includes at most 100 texts [bad-include]"))
    }

    @Test func theOptionsOfAnIncludeAreChecked() {
        func first(_ body: String) -> String {
            String(SampleNotebook("```{include}\n\(body)\n```\n").problems.prefix { $0 != "\n" })
        }
        #expect(
            first("pth: a.md")
                == "notebooks/x.md:1:1: error: block {include} needs the option 'path': a path [missing-option]")
        #expect(
            first("path: [a]")
                == "notebooks/x.md:2:7: error: option 'path' takes a path, but a list is not a path [bad-option]")
        #expect(
            first("- a.md")
                == "notebooks/x.md:2:1: error: the body of {include} is a mapping of options such as 'path: …', not a list [yaml-kind]"
        )
        let sample = SampleNotebook("```{inlcude}\npath: a.md\n```\n")
        #expect(sample.problems.contains("help: did you mean 'include'?"))
    }
}
