import Foundation
import JSON
import TestSupport
import Testing

/// The problems that `patchbook lsp` tells an editor of, and its corrections.
@Suite(.serialized) struct EditorProblemTests {
    /// What only a run finds, and what no text of an editor can be.
    private static let notWhileWriting: Set = [
        "run-failed", "not-run", "stale-block", "store-failed", "internal-error", "invalid-utf8",
    ]

    static func examples() throws -> [DiagnosticExample] {
        try DiagnosticExample.all().filter { !notWhileWriting.contains($0.code) }
    }

    /// The example's text, with a block where it has none and so would be no notebook.
    private static func text(of example: DiagnosticExample) -> String {
        let isNotebook = example.notebook.hasPrefix("---") || example.notebook.contains("```{")
        return example.notebook + (isNotebook ? "" : "\n```{table}\ncsv: |\n  a\n  1\n```\n")
    }

    /// The documented examples that set one parameter or none, with what `check` finds in each, and an editor that sets the same.
    private struct Examples {
        let editor: SharedEditor
        private let found: [String: [JSON]]

        init(_ setting: String?) throws {
            let arguments = setting.map { ["-P", $0] } ?? []
            let editor = try SharedEditor(arguments, encoding: "utf-8")
            self.editor = editor
            let names = try EditorProblemTests.examples().filter { $0.setting == setting }.map { example in
                var files = ["x.md": EditorProblemTests.text(of: example)]
                files["refs.bib"] = example.bibliography
                return try editor.place(example.code, files)
            }
            let check = try RunningProgram(["check", "--json"] + arguments + names, in: editor.folder, prefix: "")
                .wait()
            let notebooks = try #require(try JSON.parse(check.output)["notebooks"]?.array)
            found = Dictionary(
                notebooks.compactMap { notebook in
                    guard let name = notebook["notebook"]?.string, let problems = notebook["problems"]?.array else {
                        return nil
                    }
                    return (name, problems)
                }, uniquingKeysWith: { first, _ in first })
        }

        func problems(_ name: String) throws -> [JSON] { try #require(found[name]) }
    }

    nonisolated(unsafe) private static var byParameter: [String?: Examples] = [:]

    private static func examples(setting: String?) throws -> Examples {
        let examples = try byParameter[setting] ?? Examples(setting)
        byParameter[setting] = examples
        return examples
    }

    /// A problem's place, code and words, from `check --json` and from an editor's diagnostic.
    private static func checked(_ problem: JSON) -> [String] {
        let place = ["line", "column"].map { (problem[$0]?.int ?? 1) - 1 }
        let end = ["line", "column"].map { (problem["end"]?[$0]?.int ?? 1) - 1 }
        let help = problem["help"]?.string.map { "\n" + $0 } ?? ""
        return ["\(place)–\(end)", problem["code"]?.string ?? "", (problem["message"]?.string ?? "") + help]
    }

    private static func told(_ problem: JSON) -> [String] {
        func place(_ end: String) -> [Int] {
            ["line", "character"].map { problem["range"]?[end]?[$0]?.int ?? -1 }
        }
        return ["\(place("start"))–\(place("end"))", problem["code"]?.string ?? "", problem["message"]?.string ?? ""]
    }

    @Test("every documented problem is told while its notebook is written", arguments: try examples())
    func documented(_ example: DiagnosticExample) throws {
        let examples = try Self.examples(setting: example.setting)
        let client = examples.editor.client
        let name = "\(example.code)/x.md"
        let expected = try examples.problems(name)
        try client.open(name, Self.text(of: example))
        defer { try? client.close(name) }
        let own = expected.filter { $0["file"]?.string == name }
        #expect(try client.problems(name).map(Self.told) == own.map(Self.checked))
        let other = expected.filter { $0["file"]?.string != name }
        for file in Set(other.compactMap { $0["file"]?.string }) {
            #expect(
                try client.problems(file).map(Self.told)
                    == other.filter { $0["file"]?.string == file }.map(Self.checked))
        }
        #expect(expected.contains { $0["code"]?.string == example.code })
    }

    nonisolated(unsafe) private static let corrected = Result { try SharedEditor(encoding: "utf-16") }

    /// Notebooks with a slip in every kind of place that has a correction.
    static let slips = [
        "```{table}\nid: t\ncsv: |\n  layer, effect\n  0, 1.5\n```\n"
            + "```{chart}\ndata: tt.data\nx: layer\ny: effect\n```\n",
        "```{table}\nid: t\ncsv: |\n  layer, effect\n  0, 1.5\n```\n"
            + "```{chart}\ndata: t.dat\nx: layer\ny: effect\n```\n",
        "```{table}\nid: t\ncsv: |\n  layer, effect\n  0, 1.5\n```\n"
            + "```{chart}\ndata: t.data\nx: layr\ny: [effct]\n```\n",
        "```{table}\nid: t\ncsv: |\n  layer, effect\n  0, 1.5\n```\n"
            + "```{table}\ndata: t.data\nsort: -efect\ncolumns: [layer, efect]\nwhere: {laier: 0}\nformat: {laer: d}\n```\n",
        "```{table}\nid: t\ncsv: |\n  layer, effect\n  0, 1.5\n```\nSee [table](#tt.data) and [it](#block-tt).\n",
        "---\nparams: {limit: 8}\nheadline: params.limt | d\n---\n`{= params.lmit | d }`\n",
        "---\nparams: {limit: 8}\n---\n```{expect}\n- claim: params.limit < params.limt\n  because: x\n```\n",
        "---\nparams: {limit: 8}\n---\n```{expect}\n- {claim: 'param.limit > 2', because: x}\n```\n",
        "---\nparams: {limit: {type: itn, default: 8}}\ncitation_style: nummeric\n---\n",
        "```{chart}\nmark: lne\n```\n",
        "```{expect} strict\n- claim: params.n > 5\n  because: it must\n```\n",
        "---\nbibliography: ref.bib\n---\n",
        "```{pairs}\npath: data/demo-heldot.jsonl\n```\n",
        "```{include}\npath: mor.md\n```\n",
        "```{include}\npth: more.md\n```\n",
    ]

    @Test(
        "a correction that is offered puts its problem right",
        arguments: (try examples().filter { $0.setting == nil }.map(text(of:)) + slips).enumerated().map { ($0, $1) })
    func corrections(_ number: Int, _ text: String) throws {
        let editor = try Self.corrected.get()
        let client = editor.client
        let works = try DiagnosticExample.all().compactMap(\.bibliography).last ?? "@book{b, title = {B}}\n"
        let name = try editor.place("\(number)", ["x.md": text, "refs.bib": works, "more.md": "More.\n"])
        try client.open(name, text)
        defer { try? client.close(name) }
        var offered = 0
        for problem in try client.problems(name) {
            let actions = try client.result(
                "textDocument/codeAction",
                client.document(
                    name,
                    [
                        JSON.Member("range", problem["range"] ?? .null),
                        JSON.Member("context", .object([JSON.Member("diagnostics", .array([problem]))])),
                    ]))
            let own = (actions.array ?? []).filter { $0["diagnostics"]?.array == [problem] }
            #expect(
                own.isEmpty == (problem["message"]?.string?.contains("\ndid you mean '") != true), "\(problem.text())")
            for action in own {
                let edits = try #require(action["edit"]?["changes"]?[client.uri(name)]?.array)
                try client.change(name, to: try EditorClient.text(text, after: edits))
                let left = try client.problems(name)
                let start = problem["range"]?["start"]
                #expect(
                    !left.contains { $0["code"] == problem["code"] && $0["range"]?["start"] == start },
                    "\(action["title"]?.string ?? ""): \(left.map { $0.text() })")
                offered += 1
            }
            try client.change(name, to: text)
            _ = try client.problems(name)
        }
        if Self.slips.contains(text) { #expect(offered > 0) }
    }

    @Test func `corrections are offered where they are asked for, and only those`() throws {
        let text = "```{tabel}\ncsv: a\n```\n\n`{= parms.x }`\n"
        let client = try EditorClient.started(in: try Program(text).folder)
        try client.open("x.md", text)
        func titles(_ line: Int, only: String? = nil) throws -> [String] {
            let range = JSON.object(["start", "end"].map { JSON.Member($0, EditorClient.position(line, 6)) })
            let context = JSON.object(only.map { [JSON.Member("only", .array([.string($0)]))] } ?? [])
            return try client.result(
                "textDocument/codeAction",
                client.document("x.md", [JSON.Member("range", range), JSON.Member("context", context)])
            ).array?.compactMap { $0["title"]?.string } ?? []
        }
        #expect(try titles(0) == ["Write 'table'"])
        #expect(try titles(0, only: "quickfix") == ["Write 'table'"])
        #expect(try titles(0, only: "refactor") == [])
        #expect(try titles(2) == [])
        #expect(try titles(4) == ["Write 'params'"])
    }

    @Test func `a problem of an included text is told in that text, saved or not`() throws {
        let text = "```{include}\npath: parts/more.md\n```\n```{table}\nid: t\ncsv: |\n  a\n  1\n```\n"
        let program = try Program(text)
        try FileManager.default.createDirectory(atPath: program.folder + "/parts", withIntermediateDirectories: true)
        try program.write("parts/more.md", "Good.\n")
        let client = try EditorClient.started(in: program.folder)
        try client.open("x.md", text)
        #expect(try client.problems("x.md") == [])
        // What the editor holds counts, and a text that a notebook includes is none of its own: the table is there.
        let broken = "See [table](#t), [table](#u).\n"
        try client.open("parts/more.md", broken)
        let problems = try client.problems("parts/more.md", until: { !$0.isEmpty })
        #expect(problems.map { $0["code"]?.string } == ["unknown-target"])
        #expect(try client.labels("parts/more.md", at: "(#", in: broken).contains("t"))
        let answer = try client.ask(
            "rename", "parts/more.md", at: "(#t", in: broken, [JSON.Member("newName", .string("u"))])
        #expect(answer["error"] != nil, "renaming must not mend the other reference")
        try client.change("parts/more.md", to: "See [table](#t).\n")
        #expect(try client.problems("parts/more.md", until: \.isEmpty) == [])
        let renamed = try client.ask(
            "rename", "parts/more.md", at: "(#t", in: broken, [JSON.Member("newName", .string("u"))])
        #expect(
            renamed["result"]?["changes"]?.object?.map(\.key) == [
                client.uri("x.md"), client.uri("parts/more.md"),
            ])
        // Without the notebook that includes it, it is a text of its own.
        try client.close("parts/more.md")
        try program.write("parts/more.md", "[table](#gone)\n")
        try client.notify("textDocument/didSave", client.document("x.md"))
        let told = try client.problems("parts/more.md", until: { !$0.isEmpty })
        #expect(told.first?["message"]?.string?.contains("'gone'") == true)
        try client.close("x.md")
        #expect(try client.problems("parts/more.md", until: \.isEmpty) == [])
    }

    @Test func `other Markdown is left alone`() throws {
        let client = try EditorClient.started(in: try Program("").folder)
        try client.open("README.md", "# Read me\n\n[a](#nothing)\n")
        #expect(try client.problems("README.md") == [])
        try client.change("README.md", to: "# Read me\n\n[a](#nothing)\n\n```{table}\n")
        #expect(try client.problems("README.md").count == 2)
        try client.close("README.md")
        #expect(try client.problems("README.md") == [])
    }

    @Test func `a note is information, and a warning is one`() throws {
        let program = try Program("")
        try program.write("refs.bib", "@book{b, title = {B}}\n")
        let client = try EditorClient.started(in: program.folder)
        try client.open("x.md", "---\nbibliography: refs.bib\n---\n`{= a.b }`\n")
        #expect(try client.problems("x.md").map { $0["severity"]?.int } == [3, 1])
    }
}
