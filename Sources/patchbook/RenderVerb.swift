import ArgumentParser
import Foundation
import JSON
import Notebooks
import Reports

/// `patchbook render`: notebooks in, reports out.
struct RenderVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Runs notebooks and writes their reports, one HTML page each.")

    @OptionGroup var files: NotebookFiles

    @ArgumentParser.Option(
        name: [.customShort("o"), .customLong("output")], help: "The folder that reports are written to.")
    var output = "output"

    @ArgumentParser.Option(
        name: .customLong("results"), help: "Also writes the results of one notebook to this JSON file.")
    var results: String?

    @Flag(name: .customLong("quiet"), help: "Prints no progress.")
    var isQuiet = false

    func run() throws {
        let paths = try files.paths()
        if results != nil, paths.count != 1 {
            throw ValidationError("--results goes with one notebook, found \(paths.count)")
        }
        var ending: ExitCode?
        var entries: [IndexRenderer.Entry] = []
        var used: PageTemplates?
        for path in paths {
            do {
                let bound = try files.bind(path)
                let templates = try templates(of: bound.project)
                let (entry, failed) = try render(bound, from: path, templates)
                used = used ?? templates
                entries.append(entry)
                if failed > 0 { ending = ending ?? Ending.claimFailed }
            } catch let problems as Diagnostics {
                Terminal.say("\(problems)")
                ending = Ending.failed
            } catch let error where !(error is ExitCode) {
                Terminal.say("\(path): error: \(error)")
                ending = Ending.failed
            }
        }
        if paths.count > 1, let used {
            try OutputFile.write(IndexRenderer(templates: used).html(entries), to: output + "/index.html")
        }
        if let ending { throw ending }
    }

    /// Renders one notebook; a failed claim does not keep the report from being written.
    private func render(
        _ bound: BoundNotebook, from path: String, _ templates: PageTemplates
    ) throws -> (entry: IndexRenderer.Entry, failedClaims: Int) {
        let renderer = ReportRenderer(templates: templates)
        let progress = ProgressLines(isQuiet: isQuiet)
        let evaluation = try Evaluator().evaluate(bound) { progress.show($0) }
        let json = ResultsJSON.json(of: evaluation)
        let page = try renderer.html(for: evaluation, results: json)
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent + ".html"
        if let results { try OutputFile.write(json.text(pretty: true) + "\n", to: results) }
        try OutputFile.write(page, to: output + "/" + name)
        print(output + "/" + name)
        let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
        let failed = claims.filter { !$0.held }
        if !claims.isEmpty { Terminal.say("\(claims.count - failed.count) of \(claims.count) claims held") }
        for claim in failed { Terminal.say("\(path): claim failed: \(claim.claim)") }
        return (try IndexRenderer.Entry(evaluation, file: name), failed.count)
    }

    /// Ours, with those that a project's own `templates` folder replaces.
    private func templates(of project: Project) throws -> PageTemplates {
        let folder = project.root + "/templates"
        return try PageTemplates(overriddenBy: FileManager.default.fileExists(atPath: folder) ? folder : nil)
    }
}
