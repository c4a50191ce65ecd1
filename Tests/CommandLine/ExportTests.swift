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

    @Test func `an edited cell is taken as it is, and says so`() throws {
        #expect(try program.run("export", "x.md", "--to", "ipynb", "-o", "z.ipynb").code == 0)
        try program.write("z.ipynb", try text("z.ipynb").replacing("The peak is at ", with: "Now the peak is at "))
        let imported = try program.run("import", "z.ipynb")
        #expect(imported.code == 0 && imported.output == "z.md\n")
        #expect(imported.errors.contains("was edited, so its values are plain text now"))
        #expect(try text("z.md").contains("\nNow the peak is at "))
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
