import ArgumentParser
import Commands
import Foundation
import Markdown
import Notebooks
import Reports

/// `patchbook new`: a notebook to begin with.
struct NewVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a notebook to begin with; never over a file that is there.",
        discussion: """
            With --base, --pairs and --tuned or --adapter it studies these models. Without them it studies the demonstration \
            models: those of the project, else those that came with the program, which it copies beside the notebook. Where there \
            are none it writes a small table, so that what is written always renders.
            """)

    @Argument(
        help: .init("The notebook to write (.md, which is added to a name without an ending).", valueName: "file"))
    var name: String

    @ArgumentParser.Option(name: .customLong("base"), help: "The model before tuning, or hf:organisation/name.")
    var base: String?

    @ArgumentParser.Option(name: .customLong("tuned"), help: "The model after tuning; without it, the base.")
    var tuned: String?

    @ArgumentParser.Option(name: .customLong("adapter"), help: "A LoRA adapter on top of the tuned model.")
    var adapter: String?

    @ArgumentParser.Option(name: .customLong("pairs"), help: "A file of preference pairs.")
    var pairs: String?

    private var file: String { (name as NSString).pathExtension.isEmpty ? name + ".md" : name }

    func validate() throws {
        guard file.hasSuffix(".md") else { throw ValidationError("a notebook's name ends in .md, found '\(name)'") }
        guard (base == nil) == (pairs == nil) else { throw ValidationError("--base and --pairs go together") }
        guard base != nil || (tuned == nil && adapter == nil) else {
            throw ValidationError("--tuned and --adapter go with --base and --pairs")
        }
        guard base == nil || tuned != nil || adapter != nil else {
            throw ValidationError("--base needs --tuned or --adapter: what the base is compared with")
        }
        for path in [base, tuned, adapter, pairs].compactMap(\.self) where !path.hasPrefix("hf:") {
            guard FileManager.default.fileExists(atPath: path) else {
                throw ValidationError("there is no '\(path)'")
            }
        }
    }

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            Terminal.say("\(file): error: the file already exists")
            throw Ending.failed
        }
        do {
            let text = try text()
            try check(text)
            try FileWriter.write(text, to: file)
        } catch let problems as Diagnostics {
            Terminal.say("\(problems)\nerror: this notebook would fail 'patchbook check', so it is not written")
            throw Ending.failed
        } catch {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
        print(file)
    }

    /// - Throws: what `check` would find wrong; what is on the Hub may still have to be fetched.
    private func check(_ text: String) throws(Diagnostics) {
        guard ![base, tuned, adapter].contains(where: { $0?.hasPrefix("hf:") == true }) else { return }
        let folder = (ReportSite.real(file) as NSString).deletingLastPathComponent
        var session = Session(catalogue: .standard, project: Project(notebookFolder: folder))
        session.update(SourceText(name: file, text: text))
        let errors = session.analysis.problems.all.filter { $0.severity == .error }
        guard errors.isEmpty else { throw Diagnostics(errors) }
    }

    /// What the demonstration is made of.
    private static let demonstration = ["models/demo", "models/demo-planted", "data/demo-heldout.jsonl"]

    private func text() throws -> String {
        let folder = (ReportSite.real(file) as NSString).deletingLastPathComponent
        func relative(_ path: String) -> String {
            path.hasPrefix("hf:") ? path : ReportSite.relative(ReportSite.real(path), to: folder)
        }
        if let base, let pairs {
            // A folder with an adapter alone is what is put on top of the base.
            let isAdapter =
                tuned.map { tuned in
                    ["adapter_config.json", "config.json"].map {
                        FileManager.default.fileExists(atPath: tuned + "/" + $0)
                    }
                } == [true, false] && adapter == nil
            return Self.study(
                base: relative(base), tuned: relative(isAdapter ? base : tuned ?? base),
                adapter: (isAdapter ? tuned : adapter).map(relative), pairs: relative(pairs))
        }
        let root = Project(notebookFolder: folder).root
        for start in [folder, root + "/notebooks", root] {
            if Self.isThere(in: start) { return demonstration(relative(start)) }
        }
        guard let shared = Self.sharedFolder, Self.isThere(in: shared) else { return Self.table }
        try Self.copy(from: shared, to: folder)
        return demonstration(relative(folder))
    }

    private static func isThere(in folder: String) -> Bool {
        demonstration.allSatisfy { FileManager.default.fileExists(atPath: folder + "/" + $0) }
    }

    /// What an installed program has beside it: `bin/patchbook` and `share/patchbook`.
    private static var sharedFolder: String? {
        Bundle.main.executableURL.map {
            $0.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent().path
                + "/share/patchbook"
        }
    }

    /// Copies what is not there yet; nothing is replaced.
    private static func copy(from shared: String, to folder: String) throws {
        for name in demonstration {
            let target = folder + "/" + name
            guard !FileManager.default.fileExists(atPath: target) else { continue }
            do {
                try FileManager.default.createDirectory(
                    atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: shared + "/" + name, toPath: target)
            } catch {
                throw OutputError(path: target, reason: error.systemReason)
            }
            print(ReportSite.shown(target))
        }
    }

    private func demonstration(_ folder: String) -> String {
        let paths = Self.demonstration.map { folder.isEmpty ? $0 : folder + "/" + $0 }
        return Self.study(base: paths[0], tuned: paths[0], adapter: paths[1], pairs: paths[2])
    }

    private static func study(base: String, tuned: String, adapter: String?, pairs: String) -> String {
        """
        ---
        title: Where does preference tuning live?
        params:
          limit: {type: int, min: 2, default: 24, help: how many pairs to use}
        seed: 1
        ---

        Layer `{= sweep.step.layer }` adds the most: `{= sweep.step.share | .0% }` of what tuning gained ([Figure](#sweep)).

        ```{models}
        id: models
        base: '\(base)'
        tuned: \(adapter.map { "{path: '\(tuned)', adapter: '\($0)'}" } ?? "'\(tuned)'")
        ```

        ```{pairs}
        id: pairs
        path: '\(pairs)'
        limit: $limit
        ```

        ```{score}
        id: score
        models: models
        pairs: pairs
        caption: "Tuning raises the margin of `{= score.gain.accuracy | .0% }` of the pairs"
        ```

        ```{patch}
        id: sweep
        models: models
        pairs: pairs
        caption: "Recovery by layer (peak at `{= sweep.peak.layer }`)"
        ```

        ```{expect}
        - claim: score.gain.mean > 0
          because: tuning should raise the margin of the responses that people preferred
        ```

        """
    }

    private static let table = """
        ---
        title: A first notebook
        ---

        Text with a table and a chart of it ([Figure](#rise)). To study models, write
        `patchbook new study.md --base MODEL --adapter ADAPTER --pairs PAIRS.jsonl`.

        ```{table}
        id: steps
        csv: |
          step,margin
          0,0.1
          1,0.4
          2,0.9
        ```

        ```{chart}
        id: rise
        data: steps.data
        x: step
        y: margin
        caption: The margin by step
        ```

        """
}
