import Foundation
import JSON
import TestSupport
import Testing

/// Sweeps as a user runs them.
@Suite(.serialized) struct SweepTests {
    private let program: Program

    /// Three controls by four seeds of a claim; the models, the pairs and the scores depend on neither.
    private static let notebook = Program.notebook.replacing(
        "params: {limit: 8}",
        with:
            "params:\n  limit: 8\n  shown: 1\n  control: {type: choice, choices: [self, random, shuffled], default: self}"
    ).replacing("controls: [random]", with: "controls: [$control]").replacing(
        "params.limit >= 2", with: "params.shown < 4")

    init() throws { program = try Program(Self.notebook) }

    private let arguments = ["render", "x.md", "--sweep", "control=self,random,shuffled", "--sweep", "shown=1..4"]

    @Test func `shared blocks are computed once, and a page compares the points`() throws {
        let ending = try program.start(arguments + ["--log", "log.jsonl"]).wait()
        // The claim about 'shown' fails where it is 4.
        #expect(ending.code == 3, "\(ending.errors)")
        let pages = ending.output.split(separator: "\n").map(String.init)
        #expect(pages.count == 13)
        #expect(pages.first == "output/x,control=self,shown=1.html" && pages.last == "output/x,control,shown.html")
        let ran = try RenderTests.events(String(decoding: program.bytes("log.jsonl"), as: UTF8.self)).filter {
            $0["event"]?.string == "finished" && $0["from"]?.string == "run"
        }
        func count(_ block: String) -> Int { ran.count { $0["block"]?.string == block } }
        #expect(["pair", "pairs", "score"].map(count) == [1, 1, 1])
        #expect(count("sweep") == 3)
        #expect(ran.first?["point"] == .string("control=self,shown=1"))
        let comparison = try program.bytes("output/x,control,shown.html")
        let text = String(decoding: comparison, as: UTF8.self)
        #expect(
            text.contains("held at 9 of 12 points: it fails at ")
                && text.contains("href=\"x,control=self,shown=1.html\""))
        // A footer writes each input with a capital letter.
        #expect(text.contains("File x,control=self,shown=1.html"))
        let index = String(decoding: try program.bytes("output/index.html"), as: UTF8.self)
        #expect(
            index.contains(" by control and shown") && !index.contains("Planted layers, …")
                && index.contains("x,control=random,shown=3.html"))
        #expect(try program.start(arguments + ["--frozen", "-o", "again"]).wait().code == 3)
        #expect(try program.bytes("again/x,control,shown.html") == comparison)
        // Other points of the same notebook leave these alone, and pruning keeps the results of all.
        #expect(try program.run("render", "x.md", "--sweep", "limit=6").code == 0)
        #expect(try program.run("cache", "prune").output.hasPrefix("0 results and 0 parts"))
        #expect(try program.start(arguments + ["--frozen", "-o", "again"]).wait().code == 3)
        #expect(try program.bytes("output/x,control,shown.html") == comparison)
    }

    @Test func `a block that fails at one point names it, on the page that compares them and in the list of reports`()
        throws
    {
        try program.write(
            "part.md",
            """
            ---
            title: Part
            params: {name: u}
            ---
            ```{table}
            id: t
            csv: |
              name,x,y
              u,1,2
              v,1,-2
            ```
            ```{chart}
            id: curve
            data: t.data
            mark: line
            x: x
            y: y
            y_scale: log
            where: {name: $name}
            ```

            """)
        let ending = try program.run("render", "part.md", "--sweep", "name=u,v", "-o", "parts")
        #expect(ending.code == 1 && ending.errors.contains("at name=v:\npart.md:"), "\(ending.errors)")
        #expect(!ending.errors.contains("at name=u:"))
        let page = String(decoding: try program.bytes("parts/part,name.html"), as: UTF8.self)
        #expect(page.contains("✗ 1 of 2 blocks gave NO RESULT at name v: curve"))
        let index = String(decoding: try program.bytes("parts/index.html"), as: UTF8.self)
        #expect(index.contains("3 reports, one with blocks without a result"))
        #expect(index.components(separatedBy: "✗ 1 of 2 blocks gave NO RESULT").count == 2)
    }

    @Test func `the seed can be swept without being declared, and a file can hold the sweep`() throws {
        try program.write("sweep.yml", "seed: 1..2\n")
        let ending = try program.run("render", "x.md", "--sweep-file", "sweep.yml")
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output == "output/x,seed=1.html\noutput/x,seed=2.html\noutput/x,seed.html\n")
        let difference = try program.run("diff", "output/x,seed=1.html", "output/x,seed=2.html")
        #expect(difference.code == 4 && difference.output.contains("  seed: 1 → 2\n"))
    }

    @Test func `sweeps killed at any moment end with the very same pages, and compute nothing twice`() throws {
        let points = ["render", "x.md", "--sweep", "limit=12,16", "--sweep", "shown=1,2"]
        #expect(try program.start(points + ["--store", "whole", "-o", "whole"]).wait().code == 0)
        let swept = points + ["--log", "log.jsonl"]
        var killed = 0
        for number in 0..<4 {
            let run = try program.start(swept)
            usleep(UInt32(200_000 + 350_000 * number))
            run.send(SIGKILL)
            if run.wait().wasKilled { killed += 1 }
        }
        #expect(killed > 0, "every sweep ended before it was killed")
        #expect(try program.start(swept).wait().code == 0)
        for page in ["x,limit=12,shown=1", "x,limit=16,shown=2", "x,limit,shown"] {
            #expect(try program.bytes("output/\(page).html") == program.bytes("whole/\(page).html"))
        }
        let computed = try RenderTests.events(String(decoding: program.bytes("log.jsonl"), as: UTF8.self)).filter {
            $0["from"]?.string == "run"
        }.map { event in ["point", "block", "unit"].map { event[$0]?.string ?? "" }.joined(separator: " ") }
        #expect(Set(computed).count == computed.count, "\(computed)")
    }

    @Test func `a sweep that cannot be is an error before anything runs`() throws {
        try program.write("empty.yml", "# nothing\n")
        for (arguments, message) in [
            (
                ["--sweep", "limt=1,2"],
                "error: the sweep over 'limt': the notebook has no such parameter; did you mean 'limit'?\n"
            ),
            (["--sweep", "limit=1,many"], "x.md:4:"),
            (["--sweep", "limit=9..1"], "error: the sweep over 'limit': the range '9..1' is empty\n"),
            (
                ["--sweep", "limit=1..9999"],
                "error: the sweep over 'limit': the range '1..9999' has more than 500 values\n"
            ),
            (["--sweep", "control=self,none"], "x.md:6:"),
            (["--sweep", "limit=1", "-P", "limit=2"], "'limit' is given by -P and by the sweep"),
            (["--sweep", "limit=many"], "found the sweep's limit=many"),
            (["--sweep-file", "empty.yml"], "empty.yml: error: the file names no parameters to sweep over"),
            (["--sweep-file", "none.yml"], "none.yml: error: the file cannot be read"),
        ] {
            let ending = try program.start(["render", "x.md"] + arguments).wait()
            #expect(ending.code == 1 && ending.errors.contains(message), "\(arguments): \(ending.errors)")
            #expect(ending.output.isEmpty && !ending.errors.contains("started"))
        }
        #expect(try program.run("render", "x.md", "--sweep", "limit=1", "--no-store").code == 2)
        #expect(try program.run("render", "x.md", "--sweep", "limit=1,2", "--results", "r.json").code == 2)
    }
}
