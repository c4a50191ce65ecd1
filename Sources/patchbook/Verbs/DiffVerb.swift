import ArgumentParser
import Comparison
import Digests
import Foundation
import JSON
import Notebooks
import Reports

/// `patchbook diff`: how two runs differ.
struct DiffVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares two runs: values, intervals, claims, options, tables and what made them.",
        discussion: """
            A run is a report (.html), a file of 'render --results' (.json), or either at a git revision, such as \
            HEAD~1:output/x.html. The status is 0 if nothing differs and 4 if something does. Where both runs have the same pairs, \
            columns that moved are also compared pair by pair, with a bootstrap interval over prompts.
            """)

    @Argument(help: "The first run: a report, a results file, or REVISION:PATH.")
    var before: String

    @Argument(help: "The second run.")
    var after: String

    @ArgumentParser.Option(
        name: .customLong("tolerance"),
        help:
            "The share of the larger of two numbers that they may differ by and still count as the same; unless it is 0, numbers at most 1e-12 apart do so too."
    )
    var tolerance = Tolerance().relative

    @Flag(name: .customLong("json"), help: "Prints the difference as JSON, with every cell.")
    var isJSON = false

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Writes the difference as a page, with the curves of both runs.", valueName: "page.html"))
    var output: String?

    func validate() throws {
        guard tolerance >= 0, tolerance < 1 else {
            throw ValidationError("--tolerance takes a number from 0 up to 1, such as 1e-6")
        }
        if isJSON, output != nil { throw ValidationError("--json prints, and -o writes a page: give one of them") }
    }

    func run() throws {
        let difference: Difference
        do {
            let runs = (try RunFile(before), try RunFile(after))
            difference = Difference(runs.0.results, runs.1.results, tolerance: Tolerance(relative: tolerance))
            if let output {
                try write(difference, runs, to: output)
            } else {
                print(isJSON ? difference.json.text(pretty: true) + "\n" : difference.text, terminator: "")
            }
        } catch {
            Terminal.say("error: \(error)")
            throw Ending.failed
        }
        if !difference.isEmpty { throw Ending.moved }
    }

    private func write(_ difference: Difference, _ runs: (RunFile, RunFile), to path: String) throws {
        for run in [before, after] where ReportSite.real(run) == ReportSite.real(path) {
            throw OutputError(path: path, reason: "it is one of the runs that are compared")
        }
        if FileManager.default.fileExists(atPath: path), !FileWriter.isStream(path),
            (try? EmbeddedResults.results(in: try RunFile.bytes(path))) == nil
        {
            throw OutputError(path: path, reason: "it exists already, and it is not a report")
        }
        let folder = Project(notebookFolder: (path as NSString).deletingLastPathComponent)
        let names = RunFile.names(before, after)
        let evaluation = difference.page(
            (NamedRun(names.0, runs.0.results), NamedRun(names.1, runs.1.results)),
            files: [Input(name: names.0, digest: runs.0.digest), Input(name: names.1, digest: runs.1.digest)])
        let html = try ReportRenderer(templates: PageTemplates(of: folder)).html(
            for: evaluation, results: ResultsJSON.json(of: evaluation))
        try FileWriter.write(html, to: path)
        print(path)
    }
}

/// A run that a user names: a file, or a file at a git revision.
struct RunFile {
    let results: Results
    /// SHA-256 of the file.
    let digest: String

    init(_ name: String) throws {
        let bytes = try Self.bytes(name)
        do {
            results = try EmbeddedResults.results(in: bytes)
        } catch {
            throw RunFileError(description: "'\(name)' \(error)")
        }
        digest = SHA256.digest(of: bytes).hex
        if results.schema != Version.schema {
            Terminal.say(
                "note: '\(name)' holds results of schema \(results.schema), and this release writes schema \(Version.schema): "
                    + "a value may mean something else")
        }
    }

    /// What a page calls two files: as much of the end of their paths as tells them apart, so that no page says where a folder lies.
    static func names(_ before: String, _ after: String) -> (String, String) {
        let parts = [before, after].map { $0.split(separator: "/").map(String.init) }
        let depth = (1...max(1, parts[0].count, parts[1].count)).first { parts[0].suffix($0) != parts[1].suffix($0) }
        return (parts[0].suffix(depth ?? 1).joined(separator: "/"), parts[1].suffix(depth ?? 1).joined(separator: "/"))
    }

    fileprivate static func bytes(_ name: String) throws -> [UInt8] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) {
            guard !isFolder.boolValue else {
                throw RunFileError(description: "'\(name)' is a folder, and a report or a results file was expected")
            }
            guard let data = FileManager.default.contents(atPath: name) else {
                throw RunFileError(description: "'\(name)' cannot be read")
            }
            return Array(data)
        }
        guard name.contains(":") else {
            throw RunFileError(description: "there is no file '\(name)'; a git revision is written REVISION:PATH")
        }
        return try committed(name)
    }

    /// What git has of `HEAD~1:output/x.html`.
    private static func committed(_ name: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "show", "--end-of-options", name]
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        do {
            try process.run()
        } catch {
            throw RunFileError(description: "git cannot be run to read '\(name)': \(error.localizedDescription)")
        }
        // git says no more than a line on standard error, which fits its pipe while the file is read.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let reason = said.split(separator: "\n").first.map(String.init) ?? "status \(process.terminationStatus)"
            throw RunFileError(description: "git does not know '\(name)': \(reason)")
        }
        return Array(data)
    }
}

/// A run that cannot be read, as a sentence.
struct RunFileError: Error, CustomStringConvertible {
    let description: String
}
