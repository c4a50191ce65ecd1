import Foundation
import JSON
import TestSupport
import Testing

/// Reports in other formats, and Jupyter notebooks on their way back.
@Suite(.serialized) struct ExportTests {
    private static let notebook = """
        ---
        title: Planted layers
        params: {limit: 8}
        seed: 7
        ---
        The peak is at `{= sweep.peak.layer }`, see [Figure](#sweep) and [the claims](#expect-1).[^1]

        ```{include}
        path: part.md
        ```
        ```{models}
        id: pair
        base: models/demo
        tuned: {path: models/demo, adapter: models/demo-planted}
        ```
        ```{pairs}
        id: pairs
        path: data/demo-heldout.jsonl
        limit: $limit
        ```
        ```{patch}
        id: sweep
        models: pair
        pairs: pairs
        controls: [random]
        caption: "The peak is at `{= sweep.peak.layer }`."
        ```

        Nothing computed here: *text*, `code`.

        ```{table}
        id: lines
        csv: |
          name,value
          a|b,0.123456
        ```
        ```{expect}
        - claim: sweep.peak.layer in 5..11
          because: the planted layers are 5, 6 and 7
        ```

        [^1]: A note.

        """

    private let program: Program

    init() throws {
        program = try Program(Self.notebook)
        try program.write("part.md", "An included text, peak `{= sweep.peak.layer }`.\n")
    }

    private func text(_ name: String) throws -> String { String(decoding: try program.bytes(name), as: UTF8.self) }

    @Test func `a Jupyter notebook has all cells, executes nothing, and comes back as the notebook it was`() throws {
        let exported = try program.run("export", "x.md", "--to", "ipynb")
        #expect(exported.code == 0 && exported.output == "output/x.ipynb\n", "\(exported.errors)")
        let json = try JSON.parse(program.bytes("output/x.ipynb"))
        let cells = try #require(json["cells"]?.array)
        #expect(json["nbformat"] == .int(4) && json["nbformat_minor"] == .int(5))
        #expect(Set(cells.compactMap { $0["id"]?.string }).count == cells.count)
        let code = cells.filter { $0["cell_type"] == .string("code") }
        #expect(!code.isEmpty && code.allSatisfy { $0["source"] == .string("") && $0["execution_count"] == .null })
        let outputs = code.flatMap { $0["outputs"]?.array ?? [] }.compactMap { $0["data"] }
        let drawings = outputs.compactMap { $0["image/svg+xml"]?.string }
        #expect(!drawings.isEmpty && drawings.allSatisfy { !$0.contains("class=") && !$0.contains("var(") })
        #expect(outputs.contains { $0["application/vnd.dataresource+json"]?["data"]?.array?.count ?? 0 > 10 })
        let shown = cells.filter { $0["cell_type"] == .string("markdown") }.compactMap { $0["source"]?.string }
        #expect(
            shown.contains { $0.hasPrefix("The peak is at ") && $0.contains("see Figure\u{A0}2 and the claims.[^1]") })
        #expect(shown.contains { $0.hasPrefix("An included text, peak ") && !$0.contains("{=") })
        #expect(shown.contains("Nothing computed here: *text*, `code`."))

        let imported = try program.run("import", "output/x.ipynb", "-o", "y.md")
        #expect(imported.code == 0 && imported.output == "y.md\n" && imported.errors.isEmpty, "\(imported.errors)")
        // Blocks that stood on adjacent lines are apart now; all else is the author's text.
        #expect(
            try text("y.md")
                == Self.notebook.replacing("```\n```{", with: "```\n\n```{").replacing("---\nThe", with: "---\n\nThe"))
        #expect(try program.run("render", "x.md").code == 0)
        #expect(try program.run("render", "y.md", "--frozen").code == 0)
        let pages = try ["x", "y"].map { try text("output/\($0).html") }
        #expect(
            pages[0].replacing("x.md", with: "y.md").replacing("x-", with: "y-") == pages[1].replacing("x-", with: "y-")
        )
        #expect(try program.run("import", "output/x.ipynb", "-o", "y.md").code == 1)
    }

    @Test func `a word that is edited in a Jupyter notebook is all that changes, and what was computed says so`() throws
    {
        for name in ["tour.md", "parts", "pictures", "models/demo-dpo"] {
            try FileManager.default.copyItem(
                atPath: Fixtures.repository + "/notebooks/" + name, toPath: program.folder + "/" + name)
        }
        let exported = try program.run("export", "tour.md", "--to", "ipynb", "-o", "t.ipynb")
        #expect(exported.code == 0, "\(exported.errors)")
        let notebook = try JSON.parse(program.bytes("t.ipynb"))
        let cells = try #require(notebook["cells"]?.array)
        #expect(try program.run("import", "t.ipynb").code == 0)
        let written = try text("t.md")
        #expect(try text("tour.md") == written)
        var (words, kept) = (0, 0)
        for cell in cells
        where cell["cell_type"]?.string == "markdown" && cell["metadata"]?["patchbook"]?["made"] == nil {
            let shown = try #require(cell["source"]?.string)
            let all = shown.replacing(/data:[^ )]*/, with: { String(repeating: "#", count: $0.output.count) })
            for word in all.matches(of: /\b[a-z]{4,}\b/) {
                words += 1
                guard words % 11 == 0 else { continue }
                let edited = shown.replacingCharacters(in: word.range, with: "ZEBRA")
                let changed = cells.map { $0 == cell ? Self.cell($0, source: edited) : $0 }
                try program.write(
                    "e.ipynb",
                    JSON.object([JSON.Member("nbformat", .int(4)), JSON.Member("cells", .array(changed))]).text())
                try? FileManager.default.removeItem(atPath: program.folder + "/e.md")
                let imported = try program.run("import", "e.ipynb")
                let back = try text("e.md").replacing("ZEBRA", with: word.output)
                #expect(
                    back == written || imported.errors.contains("was edited where its text is computed"),
                    "\(word.output): \(imported.errors)")
                if back == written { kept += 1 }
            }
        }
        #expect(words > 200 && kept * 11 > words * 9 / 10)
    }

    private static func cell(_ cell: JSON, source: String) -> JSON {
        .object((cell.object ?? []).map { $0.key == "source" ? JSON.Member("source", .string(source)) : $0 })
    }

    @Test(
        "formulas of a foreign Jupyter notebook become ours, and what a cell leaves open is closed",
        arguments: [
            ("let $x^2$ and $`y`$ be", "let $`x^2`$ and $`y`$ be", nil),
            ("$5 and $6, \\$a\\$, `$b$`, $c $ d, $e$5", "$5 and $6, \\$a\\$, `$b$`, $c $ d, $e$5", nil),
            ("$\\text{a $b$}$ and $a\nb$", "$`\\text{a $b$}`$ and $`a b`$", nil),
            ("so $$a\n- b$$.\nThen", "so\n\n```math\na\n- b.\n```\nThen", nil),
            (
                "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$",
                "```math\n\\begin{aligned}\na &= b\n\\end{aligned}\n```", nil
            ),
            ("\\begin{align}\na &= b\n\\end{align}", "```math\n\\begin{align}\na &= b\n\\end{align}\n```", nil),
            ("a \\\\(x\\\\) b \\\\[y\\\\]", "a $`x`$ b\n\n```math\ny\n```", nil),
            ("- a $$x$$ b\n  > $$y$$", "- a\n\n  ```math\n  x\n  ```\n\n  b\n  > ```math\n  > y\n  > ```", nil),
            ("# The $$x$$ of\n\n| a |\n|---|\n| $|b|$ |", "# The $`x`$ of\n\n| a |\n|---|\n| $`\\|b\\|`$ |", nil),
            ("```\n$a$\n```\n\n    $b$", "```\n$a$\n```\n\n    $b$", nil),
            ("a\n~~~~\n$b$", "a\n~~~~\n$b$\n~~~~", "left something open: '~~~~' closes it now"),
            ("a\n\n<!-- b", "a\n\n<!-- b\n-->", "left something open: '-->' closes it now"),
            ("$\\foo$", "$`\\foo`$", "has a formula that cannot be drawn: there is no maths command '\\foo'"),
        ] as [(String, String, String?)])
    func foreignFormulas(_ cell: String, _ expected: String, _ note: String?) throws {
        let cells = [cell, "The next cell."].map { source in
            JSON.object([
                JSON.Member("cell_type", .string("markdown")), JSON.Member("metadata", .object([])),
                JSON.Member("source", .string(source)),
            ])
        }
        try program.write(
            "f.ipynb", JSON.object([JSON.Member("nbformat", .int(4)), JSON.Member("cells", .array(cells))]).text())
        let imported = try program.run("import", "f.ipynb")
        #expect(try text("f.md") == expected + "\n\nThe next cell.\n")
        if let note {
            #expect(imported.errors.contains("cell 1 \(note)"), "\(imported.errors)")
        } else {
            #expect(imported.errors.isEmpty)
        }
    }

    @Test func `Markdown holds every value, and its figures lie beside it`() throws {
        #expect(try program.run("export", "x.md", "--to", "md", "-o", "out").code == 0)
        let markdown = try text("out/x.md")
        #expect(!markdown.contains("{=") && markdown.contains("title: \"Planted layers\""))
        #expect(markdown.contains("](x/figure-2.svg)\\\n**Figure\u{A0}2. "))
        #expect(
            markdown.contains("| a\\|b | 0.1235 |")
                && markdown.contains("**✓ held** prediction `sweep.peak.layer in 5..11`"))
        let svg = try text("out/x/figure-2.svg")
        #expect(svg.hasPrefix("<svg ") && !svg.contains("class=") && svg.contains("stroke=\"#0068a8\""))
        #expect(try text("out/x/figure-1.csv").hasPrefix("part,position,"))
        let first = try program.bytes("out/x.md")
        #expect(try program.run("export", "x.md", "--to", "md", "-o", "out", "--frozen").code == 0)
        #expect(try program.bytes("out/x.md") == first)
    }

    @Test func `pictures go with the report`() throws {
        let picture = try Fixtures.bytes(Fixtures.repository + "/notebooks/pictures/report.png")
        try Data(picture).write(to: URL(fileURLWithPath: program.folder + "/p 1.png"))
        try program.write("pictured.md", "A ![plot](p%201.png) twice ![plot](p%201.png).\n")
        #expect(try program.run("export", "pictured.md", "--to", "md").code == 0)
        #expect(
            try text("output/pictured.md").contains(
                "A ![plot](pictured/picture-1.png) twice ![plot](pictured/picture-1.png)."))
        #expect(try program.bytes("output/pictured/picture-1.png") == picture)
        #expect(try program.run("export", "pictured.md", "--to", "ipynb").code == 0)
        #expect(try text("output/pictured.ipynb").contains("](data:image/png;base64,"))
        #expect(try program.run("import", "output/pictured.ipynb", "-o", "back.md").code == 0)
        #expect(try text("back.md") == "A ![plot](p%201.png) twice ![plot](p%201.png).\n")
    }

    @Test func `results and tables are exported with all digits`() throws {
        #expect(try program.run("export", "x.md", "--to", "json", "-o", "r.json").code == 0)
        #expect(try program.run("render", "x.md", "--results", "s.json").code == 0)
        #expect(try program.bytes("r.json") == program.bytes("s.json"))
        let csv = try program.run("export", "x.md", "--to", "csv")
        #expect(csv.output == "output/x/values.csv\n", "\(csv.errors)")
        #expect(try text("output/x/lines.data.csv") == "name,value\r\na|b,0.123456\r\n")
        #expect(try text("output/x/values.csv").contains("\r\nsweep,peak.layer,"))
    }

    @Test func `what cannot be exported or imported is one clear error`() throws {
        try program.write("a.ipynb", "{\"nbformat\": 3}")
        try program.write("b.ipynb", "[")
        try program.write("c.ipynb", "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"odd\", \"source\": \"\"}]}")
        for (arguments, code, message) in [
            (
                ["export", "x.md", "--to", "docx"], Int32(2),
                "--to: there is no format 'docx'; the formats are 'ipynb', 'md'"
            ),
            (["export", "x.md", "--to", "cff"], 1, "a citation names its authors: give 'author' in the front matter"),
            (["export", "x.md", "--to", "md", "-o", "x.md"], 1, "which the render reads"),
            (["export", "x.md", "--to", "md", "-o", "../y.md"], 1, "leads outside the project's folder"),
            (["export", "none.md", "--to", "md"], 1, "none.md"),
            (["import", "a.ipynb"], 1, "a.ipynb: error: it is of nbformat 3, and nbformat 4 is read"),
            (["import", "b.ipynb"], 1, "b.ipynb: error: it is not a Jupyter notebook: JSON, line 1"),
            (["import", "c.ipynb"], 1, "c.ipynb: error: cell 1 is of the type 'odd'"),
            (["import", "none.ipynb"], 1, "none.ipynb: error: the file cannot be read"),
            (["import", "a.ipynb", "-o", "a.txt"], 2, "a notebook's name ends in .md"),
        ] {
            let ending = try program.start(arguments).wait()
            #expect(ending.code == code && ending.errors.contains(message), "\(arguments): \(ending.errors)")
        }
        #expect(try text("x.md") == Self.notebook)
    }

    @Test func `an export replaces what an earlier one of the same notebook wrote, and nothing else`() throws {
        try program.write(
            "x.md", "---\ntitle: T\nauthor: A. N. Author\n---\nText.\n\n```{table}\ncsv: |\n  a\n  1\n```\n")
        try program.write("y.md", try text("x.md"))
        for format in ["md", "ipynb", "json", "csv", "cff", "html"] {
            for place in [["-o", format == "csv" ? "out" : "out.\(format)"], []] {
                for _ in 0..<2 {
                    let again = try program.start(["export", "x.md", "--to", format] + place).wait()
                    #expect(again.code == 0, "\(again.errors)")
                }
            }
            guard format != "csv" else { continue }
            let other = try program.run("export", "y.md", "--to", format, "-o", "out.\(format)")
            #expect(
                other.code == 1
                    && other.errors.contains("'out.\(format)' already exists, and no export of this notebook wrote it"),
                "\(other.errors)")
        }
        let own = try text("y.md")
        #expect(try program.run("export", "x.md", "--to", "md", "-o", "y.md").code == 1)
        #expect(try text("y.md") == own)
        // Nor do other options that name a file replace one that is something else.
        #expect(try program.run("render", "x.md", "--results", "out.json").code == 0)
        let results = try program.run("render", "x.md", "--results", "y.md")
        #expect(results.code == 1 && results.errors.contains("'y.md' already exists"), "\(results.errors)")
        #expect(try program.run("diff", "out.json", "out.html", "-o", "out.html").code == 1)
        #expect(try program.run("diff", "out.json", "out.html", "-o", "d.html").code == 0)
        #expect(try program.run("diff", "out.json", "out.html", "-o", "d.html").code == 0)
        let page = try program.run("diff", "out.json", "out.html", "-o", "y.md")
        #expect(page.code == 1 && page.errors.contains("it exists already, and it is not a report"), "\(page.errors)")
        #expect(try text("y.md") == own)
        // A file beside the main one is replaced with it alone.
        try program.write("out/x/values.csv", "mine")
        let refused = try program.run("export", "x.md", "--to", "csv", "-o", "out")
        #expect(refused.code == 1 && refused.errors.contains("'out/x/values.csv' already exists"), "\(refused.errors)")
        #expect(try program.run("export", "x.md", "--to", "csv", "-o", "free").code == 0)
        try FileManager.default.removeItem(atPath: program.folder + "/free/x/values.csv")
        try program.write("free/x/table-1.data.csv", "mine")
        let beside = try program.run("export", "x.md", "--to", "csv", "-o", "free")
        #expect(
            beside.code == 1 && beside.errors.contains("'free/x/table-1.data.csv' already exists"), "\(beside.errors)")
        #expect(try text("free/x/table-1.data.csv") == "mine")
    }

    @Test func `a foreign Jupyter notebook brings its text and its code, and says what it leaves`() throws {
        try program.write(
            "f.ipynb",
            """
            {"nbformat": 4, "nbformat_minor": 2, "metadata": {"language_info": {"name": "julia"}}, "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# A title\\n", "\\n", "Text"], "attachments": {"p.png": {}}},
            {"cell_type": "code", "metadata": {}, "source": "x = 1", "execution_count": 1,
             "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]},
            {"cell_type": "raw", "metadata": {}, "source": "<b>raw</b>"},
            {"cell_type": "raw", "metadata": {}, "source": "```{table}\\ncsv: |\\n  a\\n  1\\n```"}]}
            """)
        let imported = try program.run("import", "f.ipynb")
        #expect(imported.code == 0)
        #expect(
            try text("f.md")
                == "# A title\n\nText\n\n```julia\nx = 1\n```\n\n```\n<b>raw</b>\n```\n\n```{table}\ncsv: |\n  a\n  1\n```\n"
        )
        #expect(imported.errors.contains("cell 1 has attachments that are left out: save p.png beside the notebook"))
        #expect(imported.errors.contains("the outputs of cell 2 are left out"))
        #expect(try program.run("render", "f.md").code == 0)
    }
}
