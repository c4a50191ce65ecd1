import ArgumentParser
import Commands
import Foundation
import Markdown
import Notebooks

/// `patchbook submit`: a notebook's work as array jobs of Slurm.
struct SubmitVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract:
            "Submits a notebook to Slurm: array jobs that share the work, and a last job that merges and renders.",
        discussion: """
            What follows -- goes to sbatch for every job, such as -- --partition=long --time=2:00:00. Each wave is an array job \
            whose tasks write parts, and a job that merges them when all have ended; the last one also renders. --dry-run prints \
            the scripts instead.
            """)

    @Argument(help: "The notebook (.md).")
    var notebook: String

    @Argument(parsing: .postTerminator, help: "Options of sbatch, after --.")
    var slurm: [String] = []

    @OptionGroup var options: NotebookOptions
    @OptionGroup var storeOptions: StoreOptions

    @ArgumentParser.Option(name: .customLong("tasks"), help: "How many tasks share each wave.")
    var tasks: Int

    @ArgumentParser.Option(
        name: .customLong("parts"),
        help: ArgumentHelp(
            "The folder of the parts, on a disk that every node sees; without it, .patchbook/parts in the project's folder.",
            valueName: "folder"))
    var parts: String?

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: "The folder that the report is written to; without it, output in the project's folder.")
    var output: String?

    @ArgumentParser.Option(
        name: .customLong("template"),
        help: ArgumentHelp(
            "A script to use for every job, in which {{command}} stands for what the job runs and {{options}} for its #SBATCH lines.",
            valueName: "file"))
    var template: String?

    @Flag(name: .customLong("dry-run"), help: "Prints the scripts, and submits nothing.")
    var isDryRun = false

    func validate() throws {
        guard tasks >= 1 else { throw ValidationError("--tasks takes a whole number from 1 on") }
        if storeOptions.isOff { throw ValidationError("the jobs meet in the store that --no-store turns off") }
        if let option = SlurmJobs.own(among: slurm) {
            throw ValidationError(
                "'\(option)' cannot be given: submit sets the array, the order and the folder of its jobs")
        }
    }

    func run() throws {
        let session = try options.session(notebook)
        let analysis = try session.analysis.sound()
        let store = try storeOptions.open(for: analysis.project, access: .reading)
        let waves = Waves(session.run(keeping: store, shard: Shard()), analysis).blocks.count
        store?.close()
        let text = try template.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ValidationError("--template: '\(path)' cannot be read")
            }
            let text = String(decoding: data, as: UTF8.self)
            for place in ["{{options}}", "{{command}}"] where !text.contains(place) {
                throw ValidationError("--template: '\(path)' has no place for \(place)")
            }
            return text
        }
        let jobs = SlurmJobs(
            program: Self.program,
            notebook: Self.absolute(notebook),
            parts: Self.absolute(parts ?? analysis.project.root + "/.patchbook/parts"), tasks: tasks, waves: waves,
            reading: options.parameters.flatMap { ["-P", $0] }
                + options.allowedPaths.flatMap { ["--allow-path", Self.absolute($0)] },
            store: storeOptions.folder.map { ["--store", Self.absolute($0)] } ?? [],
            output: output.map { ["-o", Self.absolute($0)] } ?? [], options: slurm, template: text ?? SlurmJobs.template
        )
        var numbers: [String] = []
        for job in jobs.all {
            let arguments = jobs.arguments(after: numbers.last)
            if isDryRun {
                print("# \(job.name): sbatch \(SlurmJobs.command(arguments))\n\(job.script)")
                numbers.append("JOB")
            } else {
                guard let number = try Self.submit(job.script, arguments) else {
                    let help =
                        numbers.isEmpty
                        ? "--dry-run prints the scripts"
                        : "jobs before it are queued: scancel \(numbers.joined(separator: " "))"
                    Terminal.say("error: sbatch refused the job '\(job.name)'\nhelp: \(help)")
                    throw Ending.failed
                }
                print("\(job.name): job \(number)")
                numbers.append(number)
            }
        }
    }

    /// The program as it was called: by its path, or by its name where it is found on the PATH.
    private static var program: String {
        let name = CommandLine.arguments.first ?? "patchbook"
        return name.contains("/") ? absolute(name) : name
    }

    /// A job starts in a folder of its own.
    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// Gives a script to sbatch.
    /// - Returns: the job's number; nil where sbatch refused it, and said why.
    private static func submit(_ script: String, _ arguments: [String]) throws -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sbatch", "--parsable"] + arguments
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        input.fileHandleForWriting.write(Data(script.utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return text.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init)
    }
}

/// The jobs of a notebook, each after the one before.
struct SlurmJobs {
    /// One job.
    struct Job {
        let name: String
        let isArray: Bool
        let script: String
    }

    static let template = """
        #!/bin/bash
        {{options}}
        {{command}}

        """

    let program: String
    let notebook: String
    let parts: String
    let tasks: Int
    let waves: Int
    /// Options that say how the notebook is read.
    let reading: [String]
    let store: [String]
    let output: [String]
    /// What the user gives to sbatch.
    let options: [String]
    let template: String

    /// For each wave an array job and a job that merges its parts; the last one also renders.
    var all: [Job] {
        let render = [program, "render", notebook] + reading + store
        let merge = Self.command([program, "merge", parts, (notebook as NSString).deletingLastPathComponent] + store)
        var jobs: [Job] = []
        for wave in 0..<waves {
            // A task that is stopped is started again and continues from its parts.
            jobs.append(
                job(
                    "wave \(wave + 1)", isArray: true, lines: ["--array=1-\(tasks)", "--requeue"],
                    "exec " + Self.command(render + ["--parts", parts])))
            // 'plan' puts together the blocks whose units are all there, so that no task of the next wave has to.
            let plan = Self.command([program, "plan", notebook] + reading + store)
            if wave + 1 < waves {
                jobs.append(job("merge \(wave + 1)", isArray: false, lines: [], "\(merge)\nexec \(plan)"))
            }
        }
        // Parts that cannot be used are named, and their units computed by the render.
        let last = Self.command(render + output)
        jobs.append(job("render", isArray: false, lines: [], waves == 0 ? "exec \(last)" : "\(merge)\nexec \(last)"))
        return jobs
    }

    /// What sbatch receives: the user's options, and after which job to begin. A wave whose tasks failed is still merged: what
    /// is missing then is computed by the render.
    func arguments(after last: String?) -> [String] {
        (last.map { ["--dependency=afterany:\($0)"] } ?? []) + options
    }

    private func job(_ name: String, isArray: Bool, lines: [String], _ command: String) -> Job {
        let label = ((notebook as NSString).lastPathComponent as NSString).deletingPathExtension
            .map { $0.isNewline ? " " : String($0) }.joined()
        let all = ["--job-name=\(Self.quoted("\(label) \(name)"))"] + lines
        return Job(
            name: name, isArray: isArray,
            script: template.replacing("{{options}}", with: all.map { "#SBATCH \($0)" }.joined(separator: "\n"))
                .replacing("{{command}}", with: command))
    }

    /// Words as a shell takes them.
    static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    /// The first of some options of sbatch that the jobs set themselves; sbatch would follow the user's instead.
    static func own(among options: [String]) -> String? {
        options.first { option in
            let name = option.prefix { $0 != "=" }
            return ["--array", "--dependency", "--chdir"].contains(name)
                || ["-a", "-d", "-D"].contains { option.hasPrefix($0) }
        }
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_=./,:+@%".contains($0)) }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
