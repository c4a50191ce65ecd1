import Foundation
import TestSupport

/// The program in a project of its own: a copy of the embedded model, an adapter, pairs, and a notebook.
struct Program {
    let folder: String

    /// What a run left behind.
    struct Ending {
        let code: Int32
        let wasKilled: Bool
        let output: String
        let errors: String
    }

    init(_ notebook: String = Program.notebook) throws {
        folder = try Fixtures.temporaryFolder()
        for name in ["models/demo", "models/demo-planted", "data/demo-heldout.jsonl"] {
            let target = URL(fileURLWithPath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Fixtures.repository + "/notebooks/" + name, toPath: target.path)
        }
        try write("x.md", notebook)
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func bytes(_ name: String) throws -> [UInt8] { try Fixtures.bytes(folder + "/" + name) }

    /// Starts the program in the project's folder.
    func start(_ arguments: [String], prefix: String = "") throws -> RunningProgram {
        try RunningProgram(arguments, in: folder, prefix: prefix)
    }

    /// Runs the program to its end.
    func run(_ arguments: String...) throws -> Ending { try start(arguments).wait() }

    /// A block that opens the embedded pair.
    static func models(tuned: String = "demo") -> String {
        """
        ```{models}
        id: pair
        base: models/demo
        tuned: {path: models/\(tuned), adapter: models/demo-planted}
        ```
        """
    }

    static let notebook = """
        ---
        title: Planted layers, `{= sweep.carriers.layers }`
        params: {limit: 8}
        seed: 7
        ---
        \(models())
        ```{pairs}
        id: pairs
        path: data/demo-heldout.jsonl
        limit: $limit
        ```
        ```{score}
        id: score
        models: pair
        pairs: pairs
        ```
        ```{patch}
        id: sweep
        models: pair
        pairs: pairs
        controls: [random]
        ```
        ```{expect}
        - claim: sweep.peak.layer in 5..11
          because: the planted layers are 5, 6 and 7
        - claim: params.limit >= 2
          because: a random control needs no more
        ```

        """
}

/// A program that runs; what it says goes to files, which a test reads when it has ended.
final class RunningProgram {
    private let process = Process()
    private let folder: String

    init(_ arguments: [String], in folder: String, prefix: String) throws {
        let said = try Fixtures.temporaryFolder()
        self.folder = said
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments =
            ["-c", "\(prefix)exec \"$0\" \"$@\" >\(said)/output 2>\(said)/errors"]
            + [Fixtures.repository + "/.build/release/patchbook"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        try process.run()
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    func wait() -> Program.Ending {
        process.waitUntilExit()
        func said(_ name: String) -> String {
            String(decoding: (try? Fixtures.bytes(folder + "/" + name)) ?? [], as: UTF8.self)
        }
        return Program.Ending(
            code: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
            output: said("output"), errors: said("errors"))
    }
}
