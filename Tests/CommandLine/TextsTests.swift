import Foundation
import TestSupport
import Testing

/// Where pairs and tokenizers come from, as users meet it.
@Suite struct TextsTests {
    private static func notebook(_ path: String) -> String {
        """
        ---
        params: {pairs: {type: path, default: "\(path)"}}
        ---
        \(Program.models())
        ```{pairs}
        id: pairs
        path: $pairs
        limit: 4
        ```

        """
    }

    @Test func `a data set's file in the Hub's cache is read, and what is missing there is named by check`() throws {
        let name = "hf:datasets/org/birds/data/pairs.jsonl"
        let program = try Program(Self.notebook(name))
        let prefix = "export HF_HUB_CACHE=\(program.folder)/hub; "
        let missing = try program.start(["check", "x.md"], prefix: prefix).wait()
        #expect(missing.code == 1)
        let sentence =
            "the Hub cache does not hold it (looked for revision 'main' under hub/datasets--org--birds)"
        let errors = missing.errors.split(separator: "\n").first.map(String.init) ?? ""
        #expect(errors.contains(": error: \(name): \(sentence); fetch it with: "), "\(missing.errors)")
        #expect(
            errors.hasSuffix("hf download org/birds data/pairs.jsonl --repo-type dataset [missing-file]"),
            "\(missing.errors)")
        let folder = program.folder + "/hub/datasets--org--birds"
        for part in ["/refs", "/snapshots/c0ffee/data"] {
            try FileManager.default.createDirectory(atPath: folder + part, withIntermediateDirectories: true)
        }
        try program.write("hub/datasets--org--birds/refs/main", "c0ffee")
        try FileManager.default.copyItem(
            atPath: program.folder + "/data/demo-heldout.jsonl", toPath: folder + "/snapshots/c0ffee/data/pairs.jsonl")
        #expect(try program.start(["check", "x.md"], prefix: prefix).wait().code == 0)
        let there = try program.start(["render", "x.md"], prefix: prefix).wait()
        #expect(there.code == 0, "\(there.errors)")
        try program.write("y.md", Self.notebook("data/nowhere.jsonl"))
        let given = try program.start(["render", "y.md", "-P", "pairs=\(name)"], prefix: prefix).wait()
        #expect(given.code == 0, "\(given.errors)")
    }

    @Test(arguments: [
        ("hf:org/birds/pairs.jsonl", "is not of the form hf:datasets/organisation/name/file.jsonl"),
        ("hf:datasets/org/birds", "is not of the form hf:datasets/organisation/name/file.jsonl"),
    ])
    func `what is no data set's file is named by check`(path: String, sentence: String) throws {
        let errors = try Program(Self.notebook(path)).run("check", "x.md").errors
        #expect(errors.contains("\(path) \(sentence)"), "\(errors)")
    }

    /// What a render says where the tuned model, or its adapter, has a tokenizer file in which one passage is another.
    private func sentence(besideAdapter: Bool, _ passage: String, _ other: String) throws -> String {
        let program = try Program()
        let files = FileManager.default
        let (demo, copy) = (program.folder + "/models/demo", program.folder + "/models/other")
        try files.copyItem(atPath: demo, toPath: copy)
        let text = String(decoding: try Fixtures.bytes(demo + "/tokenizer.json"), as: UTF8.self)
        let place = try #require(text.range(of: passage))
        let target = besideAdapter ? "models/demo-planted" : "models/other"
        try program.write(target + "/tokenizer.json", text.replacingCharacters(in: place, with: other))
        let tuned = besideAdapter ? "demo" : "other"
        try program.write("x.md", Program.models(tuned: tuned))
        let ending = try program.run("render", "x.md")
        #expect((ending.code == 0) == !ending.errors.contains("error"))
        return ending.errors
    }

    @Test(arguments: [false, true])
    func `a tuned model with another tokenizer is refused by what differs, and one that only looks different is not`(
        besideAdapter: Bool
    ) throws {
        let refused = "the models cannot be patched into each other, for their tokenizers differ, the base's first: "
        for (passage, other, difference) in [
            (#""normalizer": null"#, #""normalizer": {"type": "NFC"}"#, "texts are normalized in other ways"),
            (
                #""rstrip": false"#, #""rstrip": true"#,
                "the special token '<|begin_of_text|>' is not found in the same way"
            ),
            (#""ignore_merges": false"#, #""ignore_merges": true"#, "pieces become tokens by other rules"),
        ] {
            let errors = try sentence(besideAdapter: besideAdapter, passage, other)
            #expect(errors.contains(refused + difference), "\(errors)")
        }
        let truncated =
            #""truncation": {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}"#
        #expect(!(try sentence(besideAdapter: besideAdapter, #""truncation": null"#, truncated).contains("error")))
    }
}
