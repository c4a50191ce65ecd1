import Foundation
import JSON
import TestSupport
import Testing

/// Work that several tasks share comes to the page that one process makes.
@Suite(.serialized) struct ShardTests {
    private let program: Program

    init() throws {
        program = try Program(
            Program.notebook.replacing("limit: 8", with: "limit: 40")
                + "```{spectrum}\nid: directions\nmodels: pair\npairs: pairs\nlayer: 6\n```\n")
    }

    private func page() throws -> [UInt8] {
        #expect(try program.run("render", "x.md", "--no-store", "-o", "whole").code == 0)
        return try program.bytes("whole/x.html")
    }

    private func part(_ number: Int) throws -> String {
        let names = FileManager.default.subpaths(atPath: program.folder + "/parts") ?? []
        return "parts/" + (names.filter { $0.hasSuffix(".part") }.sorted()[number])
    }

    @Test func `tasks in any order, one of them twice, give one process's page`() throws {
        for task in [3, 1, 2, 1] {
            let ending = try program.run("render", "x.md", "--parts", "parts", "--shard", "\(task)/3")
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(
                ending.output
                    == "x.md: task \(task) of 3 is done; when all tasks are, merge the parts and render\n")
        }
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/output"))
        let count =
            FileManager.default.subpaths(atPath: program.folder + "/parts")?.count { $0.hasSuffix(".part") } ?? 0
        #expect(count > 6)
        #expect(try program.run("merge", "parts").output == "\(count) parts merged, 0 were there already\n")
        #expect(try program.run("merge", "parts").output == "0 parts merged, \(count) were there already\n")
        let render = try program.run("render", "x.md", "--log", "log.jsonl")
        #expect(render.code == 0, "\(render.errors)")
        #expect(try program.bytes("output/x.html") == page())
        let units = String(decoding: try program.bytes("log.jsonl"), as: UTF8.self).split(separator: "\n")
            .filter { $0.contains("\"unit\"") && $0.contains("\"event\":\"unit\"") }
        #expect(units.count == count && units.allSatisfy { $0.contains("\"from\":\"store\"") }, "\(units)")
        let after = try program.run("render", "x.md", "--parts", "parts", "--shard", "1/3")
        #expect(after.output == "x.md: task 1 of 3 is done; nothing was left to share out: render it\n")
    }

    @Test func `a part that cannot be used is named and left out, and the render computes it`() throws {
        #expect(try program.run("render", "x.md", "--parts", "parts", "--shard", "1/1").code == 0)
        var cut = try program.bytes(part(0))
        cut.removeLast(3)
        try Data(cut).write(to: URL(fileURLWithPath: program.folder + "/" + part(0)))
        for (number, old, new) in [(1, "\"engine\":", "\"engine\":9"), (2, "OpenBLAS", "OtherBLAS")] {
            let bytes = try program.bytes(part(number))
            let end = bytes.firstIndex(of: 10) ?? 0
            let head = String(decoding: bytes[..<end], as: UTF8.self).replacing(old, with: new)
            try Data(Array(head.utf8) + bytes[end...]).write(
                to: URL(fileURLWithPath: program.folder + "/" + part(number)))
        }
        let merged = try program.run("merge", "parts")
        #expect(merged.code == 0 && merged.output.hasSuffix(", 3 left out\n"), "\(merged)")
        let lines = merged.errors.split(separator: "\n").map(String.init)
        #expect(
            try lines.first == part(0) + ": it is damaged: the bytes are not those that were written")
        #expect(
            lines.dropFirst().first?.contains("another version of Patchbook made it (engine 92") == true, "\(lines)")
        #expect(lines.last?.contains("it was calculated with OtherBLAS") == true, "\(lines)")
        #expect(try program.run("render", "x.md").code == 0)
        #expect(try program.bytes("output/x.html") == page())
        // The task itself finds the damaged part, and makes it again.
        try FileManager.default.removeItem(atPath: program.folder + "/.patchbook")
        #expect(try program.run("render", "x.md", "--parts", "parts", "--shard", "1/1").code == 0)
        #expect(try program.run("merge", "parts").code == 0)
    }

    @Test func `a task that is killed continues from its parts`() throws {
        let task = ["render", "x.md", "--parts", "parts", "--shard", "1/2", "--log", "log.jsonl"]
        for pause in [0.15, 0.25, 0.35, 0.45] {
            let running = try program.start(task)
            Thread.sleep(forTimeInterval: pause)
            running.send(SIGKILL)
            _ = running.wait()
        }
        #expect(try program.run("render", "x.md", "--parts", "parts", "--shard", "2/2").code == 0)
        #expect(try program.start(task).wait().code == 0)
        let computed = String(decoding: try program.bytes("log.jsonl"), as: UTF8.self).split(separator: "\n")
            .compactMap { try? JSON.parse(Array($0.utf8)) }
            .filter { $0["event"]?.string == "unit" && $0["from"]?.string == "run" }
            .map { "\($0["block"]?.string ?? "") \($0["unit"]?.string ?? "")" }
        #expect(Set(computed).count == computed.count, "computed twice: \(computed)")
        #expect(try program.run("merge", "parts").code == 0)
        #expect(try program.run("render", "x.md").code == 0)
        #expect(try program.bytes("output/x.html") == page())
    }

    @Test func `SIGTERM ends a task at once with its own code`() throws {
        let running = try program.start(["render", "x.md", "--parts", "parts", "--shard", "1/1"])
        Thread.sleep(forTimeInterval: 0.3)
        running.send(SIGTERM)
        let ending = running.wait()
        #expect(ending.code == 143 || ending.code == 0, "\(ending)")
    }

    @Test func `Slurm says which task it is`() throws {
        let array = "SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_ID="
        let arguments = ["render", "x.md", "--parts", "parts"]
        let second = try program.start(arguments, prefix: "export \(array)1; ").wait()
        #expect(second.output.hasPrefix("x.md: task 2 of 3 is done"), "\(second)")
        let gap = try program.start(arguments, prefix: "export \(array)1 SLURM_ARRAY_TASK_MAX=4; ").wait()
        #expect(gap.code == 2 && gap.errors.contains("the array must number its tasks without gaps"), "\(gap)")
        let none = try program.run("render", "x.md", "--parts", "parts")
        #expect(none.code == 2 && none.errors.contains("--parts needs --shard n/N"), "\(none)")
        for wrong in ["0/3", "4/3", "1", "a/b"] {
            let refused = try program.run("render", "x.md", "--parts", "parts", "--shard", wrong)
            #expect(refused.code == 2, "\(wrong): \(refused)")
        }
    }

    @Test func `a folder that cannot be written is one sentence`() throws {
        try program.write("taken", "a file")
        let ending = try program.run("render", "x.md", "--parts", "taken/parts", "--shard", "1/1")
        #expect(ending.code == 1)
        #expect(ending.errors.contains("taken/parts/"), "\(ending.errors)")
        #expect(ending.errors.contains("cannot be written: Not a directory"), "\(ending.errors)")
    }

    @Test func `a plan says what is left, and runs nothing`() throws {
        let plan = try JSON.parse(Array(program.run("plan", "x.md", "--json", "--speed", "100").output.utf8))
        #expect(plan["waves"]?.int == 1)
        let blocks = plan["blocks"]?.array ?? []
        let sweep = blocks.first { $0["block"]?.string == "sweep" }
        #expect(sweep?["items"]?.int == 40)
        #expect((sweep?["operations"]?.int ?? 0) > 1_000_000_000)
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/output"))
        #expect(try program.run("render", "x.md").code == 0)
        let after = try program.run("plan", "x.md", "--speed", "100")
        #expect(after.output == "x.md: 6 blocks need nothing computed\n", "\(after)")
    }

    @Test func `work that needs another part of the same block takes a round of its own`() throws {
        let program = try Program(
            """
            \(Program.models())
            ```{pairs}
            id: pairs
            path: data/demo-heldout.jsonl
            limit: 60
            ```
            ```{patch}
            id: sweep
            models: pair
            pairs: pairs
            rank: 2
            layers: [4, 5]
            ```
            ```{patch}
            id: controlled
            models: pair
            pairs: pairs
            layers: [4, 5]
            controls: [covariance]
            ```
            ```{distances}
            id: far
            models: pair
            pairs: pairs
            measure: projection
            ```
            ```{score}
            id: scores
            models: pair
            pairs: pairs
            ```
            ```{lasso}
            id: fit
            x: far
            y: scores
            stability: 900
            permutations: 200
            ```

            """)
        let blocks = try Self.plan(program)["blocks"]?.array ?? []
        #expect(blocks.first { $0["block"]?.string == "sweep" }?["units"]?.int ?? 0 > 4, "\(blocks)")
        #expect(blocks.first { $0["block"]?.string == "fit" }?["wave"]?.int == 3)
        try Self.shareOut(program, rounds: 3)
    }

    @Test func `first divergences, doses and lineages are shared out too`() throws {
        try Self.shareOut(
            Program(
                """
                \(Program.models())
                ```{models}
                id: back
                base: {path: models/demo, adapter: models/demo-planted}
                tuned: models/demo
                ```
                ```{pairs}
                id: pairs
                path: data/demo-heldout.jsonl
                limit: 24
                ```
                ```{divergence}
                id: first
                pairs: pairs
                models: pair
                layers: [5, 6]
                length: 8
                ```
                ```{dose}
                id: weights
                pairs: pairs
                models: pair
                scales: [0.5]
                ```
                ```{dose}
                id: direction
                pairs: pairs
                models: pair
                of: mean_difference
                scales: [0.5]
                layers: [6]
                ```
                ```{lineage}
                id: stages
                pairs: pairs
                stages: [pair, back]
                orders: 2
                ```

                """), rounds: 2)
    }

    private static func plan(_ program: Program) throws -> JSON {
        try JSON.parse(Array(program.run("plan", "x.md", "--json").output.utf8))
    }

    /// Three tasks a round leave nothing to a render, whose page is one process's.
    private static func shareOut(_ program: Program, rounds: Int) throws {
        for round in 1...rounds {
            #expect(try plan(program)["waves"]?.int == rounds + 1 - round)
            for task in 1...3 {
                let done = try program.run("render", "x.md", "--parts", "parts", "--shard", "\(task)/3")
                #expect(done.code == 0, "\(done.errors)")
            }
            #expect(try program.run("merge", "parts").code == 0)
        }
        #expect(try plan(program)["waves"]?.int == 0)
        #expect(try program.run("render", "x.md", "--log", "log.jsonl").code == 0)
        let log = String(decoding: try program.bytes("log.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(!log.contains { $0.contains("\"event\":\"unit\"") && $0.contains("\"from\":\"run\"") })
        #expect(try program.run("render", "x.md", "--no-store", "-o", "whole").code == 0)
        #expect(try program.bytes("output/x.html") == program.bytes("whole/x.html"))
    }

    @Test func `submit writes a wave of tasks, then merges and renders`() throws {
        let dry = try program.run(
            "submit", "x.md", "--tasks", "4", "--parts", "my parts", "--dry-run", "-P", "limit=3", "--",
            "--partition=long")
        #expect(dry.code == 0, "\(dry.errors)")
        #expect(
            dry.output.contains("# wave 1: sbatch --partition=long\n#!/bin/bash"),
            "\(dry.output)")
        #expect(dry.output.contains("#SBATCH --array=1-4\n"))
        #expect(dry.output.contains(" -P limit=3 --parts '\(program.folder)/my parts'"))
        #expect(dry.output.contains("merge '\(program.folder)/my parts' \(program.folder)\n"))
        try program.write("job.sh", "#!/bin/sh\n{{options}}\nmodule load blas\n{{command}}\n")
        let own = try program.run("submit", "x.md", "--tasks", "4", "--dry-run", "--template", "job.sh")
        #expect(own.output.contains("module load blas\nexec "), "\(own)")
        try program.write("bad.sh", "#!/bin/sh\n")
        let bad = try program.run("submit", "x.md", "--tasks", "4", "--dry-run", "--template", "bad.sh")
        #expect(bad.errors.contains("'bad.sh' has no place for {{options}}"), "\(bad)")
        #expect(dry.output.contains("# render: sbatch --dependency=afterany:JOB --partition=long\n"), "\(dry.output)")
        for option in ["--dependency=afterok:1", "--array=1-2", "-d1", "--chdir=/"] {
            let refused = try program.run("submit", "x.md", "--tasks", "4", "--dry-run", "--", option)
            #expect(refused.code != 0 && refused.errors.contains("'\(option)' cannot be given"), "\(refused)")
        }
    }

    @Test func `a job that sbatch refuses leaves the numbers of those that are queued`() throws {
        try program.write("sbatch", "#!/bin/sh\nmkdir queued 2>/dev/null && echo 17 || exit 1\n")
        let path = "chmod +x '\(program.folder)/sbatch'; export PATH='\(program.folder)':$PATH; "
        let ending = try program.start(["submit", "x.md", "--tasks", "2"], prefix: path).wait()
        #expect(ending.code == 1 && ending.output == "wave 1: job 17\n", "\(ending)")
        #expect(ending.errors.hasSuffix("help: jobs before it are queued: scancel 17\n"), "\(ending)")
    }

    @Test func `a folder that does not exist receives no store`() throws {
        for words in [["merge", ".", "nowhere"], ["merge", "nowhere"], ["cache", "list", "nowhere"]] {
            let ending = try program.start(words).wait()
            #expect(ending.code == 1 && ending.errors == "error: the folder 'nowhere' does not exist\n", "\(ending)")
        }
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/nowhere"))
        #expect(!FileManager.default.fileExists(atPath: program.folder + "/.patchbook"))
    }

    @Test func `parts and the store stay out of version control`() throws {
        let task = ["render", "x.md", "--parts", ".patchbook/parts", "--shard", "1/1"]
        #expect(try program.start(task).wait().code == 0)
        #expect(try program.run("merge", ".patchbook/parts").code == 0)
        for folder in [".patchbook", ".patchbook/parts"] {
            #expect(try program.bytes(folder + "/.gitignore") == Array("*\n".utf8))
        }
    }
}
