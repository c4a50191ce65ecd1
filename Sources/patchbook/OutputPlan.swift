import Foundation
import Markdown
import Notebooks
import Reports

/// Where everything that a render writes will lie, looked at before anything runs: nothing replaces what the render reads, and no two
/// pages share a place.
struct OutputPlan {
    /// One notebook with its place.
    struct Page {
        let path: String
        let session: Session
        let site: ReportSite
        /// The page's path, as it is told to the user.
        let page: String
    }

    let pages: [Page]
    /// The list of reports of each output folder.
    let indexes: Set<String>

    /// - Parameters:
    ///   - folder: what `-o` says; without it, `output` in each notebook's project.
    ///   - others: further files that are written, by the option that names them.
    /// - Throws: ``OutputRefusal``.
    init(
        _ sessions: [(path: String, session: Session)], folder: String?, others: [(option: String, path: String)]
    ) throws(OutputRefusal) {
        var places: [String: String] = [:]
        var inputs: [String: String] = [:]
        var pages: [Page] = []
        var indexes: Set<String> = []
        let all = sessions.map { ReportSite.real($0.path) }
        if let folder { try Self.check(folder, option: "-o", sessions) }
        for (path, session) in sessions {
            let analysis = session.analysis
            for input in analysis.inputPaths { inputs[ReportSite.real(input)] = input }
            let site = ReportSite(
                root: analysis.project.root, output: folder ?? analysis.project.root + "/output", notebooks: all)
            let place = site.output + "/" + site.page(ofNotebook: site.root + "/" + analysis.path)
            let index = site.output + "/index.html"
            if place == index {
                throw OutputRefusal(
                    "'\(path)' would be written to '\(ReportSite.shown(place))', where the list of reports lies",
                    help: "give the notebook another name")
            }
            if let other = places[place] {
                throw OutputRefusal(
                    other == path
                        ? "'\(path)' is given twice"
                        : "'\(other)' and '\(path)' would both be written to '\(ReportSite.shown(place))'",
                    help: "render them into two folders with -o, or give one another name")
            }
            places[place] = path
            indexes.insert(index)
            pages.append(Page(path: path, session: session, site: site, page: ReportSite.shown(place)))
        }
        for (option, path) in others {
            try Self.check(path, option: option, sessions)
            places[ReportSite.real(path)] = option
        }
        for (place, writer) in places {
            let target = ReportSite.real(place)
            guard let input = inputs[target] ?? inputs.first(where: { Self.isInside(target, $0.key) })?.value else {
                continue
            }
            throw OutputRefusal(
                "\(writer.hasPrefix("-") ? "\(writer) names" : "the page of '\(writer)' would replace") "
                    + "'\(ReportSite.shown(place))', which the render reads"
                    + (inputs[target] == nil ? " as part of '\(input)'" : ""),
                help: "nothing that is read is ever written to: name another file")
        }
        self.pages = pages
        self.indexes = indexes
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        var isFolder: ObjCBool = false
        return path.hasPrefix(folder + "/") && FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// A relative path stays in the project or below the current folder; an absolute one says plainly where it leads.
    private static func check(
        _ path: String, option: String, _ sessions: [(path: String, session: Session)]
    ) throws(OutputRefusal) {
        guard !path.isEmpty else {
            throw OutputRefusal("\(option) is given an empty path", help: "leave it out, or name a place")
        }
        guard !path.hasPrefix("/") else { return }
        let place = ReportSite.real(path)
        let folders = sessions.map(\.session.analysis.project.root) + [FileManager.default.currentDirectoryPath]
        guard folders.contains(where: { place == ReportSite.real($0) || place.hasPrefix(ReportSite.real($0) + "/") })
        else {
            throw OutputRefusal(
                "\(option) '\(path)' leads outside the project's folder",
                help: "if that is meant, give the whole path: \(place)")
        }
    }
}

/// Why a render would write where it must not.
struct OutputRefusal: Error, CustomStringConvertible {
    let sentence: String
    let help: String

    init(_ sentence: String, help: String) {
        self.sentence = sentence
        self.help = help
    }

    var description: String { "error: \(sentence)\nhelp: \(help)" }
}
