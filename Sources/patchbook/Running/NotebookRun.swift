import ArgumentParser
import Foundation
import Markdown
import Notebooks
import Reports
import Store

/// Runs notebooks one after another and writes what a format makes of each.
final class NotebookRun {
    let options: RunningOptions
    let log: EventLog?
    let stores: OpenStores
    /// How the process is to end; nil while all goes well.
    private(set) var ending: ExitCode?
    /// The templates of the first report that was written.
    private(set) var templates: PageTemplates?

    /// - Parameter access: how stores are used; nil to keep what is computed, unless nothing may be.
    init(_ options: RunningOptions, access: Store.Access? = nil) throws {
        self.options = options
        let log = try options.log.map { try EventLog(path: $0) }
        self.log = log
        let quiet = options.isQuiet
        let interruption = Interruption { ProgressLines(isQuiet: quiet, log: log).interrupted() }
        stores = OpenStores(
            options.storeOptions, access: access ?? (options.isFrozen ? .reading : .writing), interruption: interruption
        )
    }

    func close() { stores.close() }

    /// Runs one notebook and writes its files. Neither a failed claim nor a failed block keeps them from being written.
    /// - Parameters:
    ///   - stamps: whether a page says when it was made.
    ///   - replaces: whether files that are there are replaced; else they are an error.
    ///   - write: what else is to be done with the evaluation before its files are written.
    /// - Returns: the files; nil after saying why there are none.
    func files(
        of page: OutputPlan.Page, as format: any ReportFormat.Type, stamps: Bool = false, replaces: Bool = true,
        alsoWriting write: (Evaluation) throws -> Void = { _ in }
    ) -> [OutputFile]? {
        do {
            let analysis = try page.session.analysis.sound()
            let templates = try PageTemplates(of: analysis.project)
            let progress = ProgressLines(isQuiet: options.isQuiet, log: log, point: analysis.point)
            let evaluation = page.session.run(
                options.policy, keeping: try stores.store(of: analysis.project), resources: options.runOptions.resources
            ) { progress.show($0) }
            // Without its kept results, or a store to keep new ones, a notebook has nothing to show.
            if options.isFrozen || evaluation.problems.all.contains(where: { $0.code == .storeFailed }) {
                _ = try evaluation.whole()
            }
            let surroundings = ReportSurroundings(
                source: analysis.source, project: analysis.project, site: page.site, place: page.place,
                templates: templates
            ) { stamps ? progress.stamp : [] }
            try write(evaluation)
            let files = try format.init(surroundings).files(evaluation)
            try self.write(files, of: page, replaces: replaces)
            self.templates = self.templates ?? templates
            progress.finished(page.path, report: page.main)
            print(page.main)
            tell(evaluation, of: page)
            return files
        } catch {
            if let problems = error as? Diagnostics {
                say(problems, at: page.session.analysis.point)
                ending = Ending.failed
            } else {
                fail(error, page.name)
            }
            if FileManager.default.fileExists(atPath: page.main) {
                Terminal.say("'\(page.main)' is from an earlier render")
            }
            return nil
        }
    }

    /// Writes files that a page is made of, none of them over what the run reads.
    func write(_ files: [OutputFile], of page: OutputPlan.Page, replaces: Bool = true) throws {
        let places = files.map { page.site.output + "/" + $0.path }
        for place in places {
            try page.check(place)
            if !replaces, FileManager.default.fileExists(atPath: place) {
                throw OutputRefusal.existing(ReportSite.shown(place), OutputRefusal.foreign)
            }
        }
        for (file, place) in zip(files, places) { try FileWriter.write(file.bytes, to: ReportSite.shown(place)) }
    }

    /// Reports claims, and what went wrong.
    private func tell(_ evaluation: Evaluation, of page: OutputPlan.Page) {
        let claims = evaluation.blocks.flatMap(\.result.outcome.claims)
        let failed = claims.filter { !$0.held }
        if let words = ClaimTally(claims).words { Terminal.say(words) }
        for claim in failed {
            let reason = claim.missing.map { " (without an interval: \($0))" } ?? ""
            Terminal.say("\(page.name): claim failed: \(claim.claim)\(reason)")
        }
        let problems = Diagnostics(
            evaluation.problems.all + page.session.analysis.danglingMentions(in: evaluation))
        if !problems.all.isEmpty {
            say(problems, at: page.session.analysis.point)
            ending = Ending.failed
        } else if !failed.isEmpty {
            ending = ending ?? Ending.claimFailed
        }
    }

    /// Reports problems; those of a point of a sweep under its name, since their places are the same at every point.
    private func say(_ problems: Diagnostics, at point: String) {
        Terminal.say((point.isEmpty ? "" : "at \(point):\n") + "\(problems)")
    }

    /// Reports an error of one notebook.
    func fail(_ error: any Error, _ name: String) {
        let message =
            switch error {
            case let problems as Diagnostics: "\(problems)"
            case let error as StoreError: "\(name): error: \(error)" + (error.help.map { "\nhelp: \($0)" } ?? "")
            case let error as OutputRefusal: "\(error)"
            default: "\(name): error: \(error)"
            }
        Terminal.say(message)
        ending = Ending.failed
    }
}
