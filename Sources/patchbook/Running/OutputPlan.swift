import Foundation
import Markdown
import Notebooks
import Reports

/// Where everything that a run writes will lie, looked at before anything runs: nothing replaces what the run reads, and no two
/// pages share a place.
struct OutputPlan {
    /// One notebook, or one point of its sweep, with its place.
    struct Page {
        let path: String
        let session: Session
        let site: ReportSite
        /// Its place in the site, without an ending.
        let place: String
        /// The path of its main file, as it is told to the user.
        let main: String
        fileprivate let inputs: Inputs

        /// The notebook, and the point of its sweep, as messages name them.
        var name: String {
            let point = session.analysis.point
            return point.isEmpty ? path : "\(path), \(point)"
        }

        /// - Throws: a refusal to write where the run reads.
        func check(_ place: String) throws(OutputRefusal) {
            try inputs.check(place, "'\(ReportSite.shown(place))' of '\(path)' would replace")
        }
    }

    let pages: [Page]
    /// The list of reports of each output folder.
    let indexes: Set<String>

    /// The pages of each notebook, in order.
    var notebooks: [[Page]] {
        pages.reduce(into: []) { groups, page in
            if groups.last?.last?.path == page.path {
                groups[groups.count - 1].append(page)
            } else {
                groups.append([page])
            }
        }
    }

    /// - Parameters:
    ///   - format: what will be written.
    ///   - folder: what `-o` says; without it, `output` in each notebook's project.
    ///   - stem: the name of the main file without its ending, where it is not the notebook's.
    ///   - comparison: what names the page that compares the points of a sweep.
    ///   - others: further files that are written, by the option that names them.
    init(
        _ sessions: [(path: String, session: Session)], as format: any ReportFormat.Type = HTMLReport.self,
        folder: String?, stem: String? = nil, comparison: String? = nil, others: [(option: String, path: String)]
    ) throws(OutputRefusal) {
        var places: [String: String] = [:]
        var pages: [Page] = []
        var indexes: Set<String> = []
        let all = sessions.map { ReportSite.real($0.path) }
        if let folder { try Self.check(folder, option: "-o", sessions) }
        let inputs = Inputs(sessions.map(\.session.analysis))
        for (path, session) in sessions {
            let analysis = session.analysis
            let site = ReportSite(
                root: analysis.project.root, output: folder ?? analysis.project.root + "/output", notebooks: all)
            let own = stem ?? site.place(ofNotebook: site.root + "/" + analysis.path)
            let place = analysis.point.isEmpty ? own : "\(own),\(analysis.point)"
            let main = site.output + "/" + format.mainFile(place)
            let index = site.output + "/index.html"
            if main == index {
                throw OutputRefusal(
                    "'\(path)' would be written to '\(ReportSite.shown(main))', where the list of reports lies",
                    help: "give the notebook another name")
            }
            if let other = places[main] {
                throw OutputRefusal(
                    other == path
                        ? "'\(path)' is given twice"
                        : "'\(other)' and '\(path)' would both be written to '\(ReportSite.shown(main))'",
                    help: "render them into two folders with -o, or give one another name")
            }
            places[main] = path
            if let comparison { places[site.output + "/" + format.mainFile("\(own),\(comparison)")] = path }
            indexes.insert(index)
            pages.append(
                Page(
                    path: path, session: session, site: site, place: place, main: ReportSite.shown(main),
                    inputs: inputs))
        }
        for index in indexes { places[index] = Self.list }
        for (option, path) in others {
            try Self.check(path, option: option, sessions)
            let place = ReportSite.real(path)
            if let other = places[place], !FileWriter.isStream(place) {
                throw OutputRefusal(
                    "\(option) names '\(ReportSite.shown(place))', which \(Self.words(other)) is written to as well",
                    help: "name another file")
            }
            places[place] = option
        }
        for (place, writer) in places {
            try inputs.check(
                place, writer.hasPrefix("-") ? "\(writer) names" : "\(Self.words(writer)) would replace")
        }
        self.pages = pages
        self.indexes = indexes
    }

    private static let list = "the list of reports"

    /// What is written, as the subject of a sentence.
    private static func words(_ writer: String) -> String {
        writer == list ? list : writer.hasPrefix("-") ? "the file of \(writer)" : "the page of '\(writer)'"
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

/// The files and folders that a run reads.
private struct Inputs {
    private var paths: [String: String] = [:]

    init(_ analyses: [Analysis]) {
        for input in analyses.flatMap(\.inputPaths) { paths[ReportSite.real(input)] = input }
    }

    /// - Parameter action: what would be written there, as the beginning of a sentence.
    /// - Throws: a refusal to write to a place that is read.
    func check(_ place: String, _ action: String) throws(OutputRefusal) {
        let target = ReportSite.real(place)
        guard let input = paths[target] ?? paths.first(where: { Self.isInside(target, $0.key) })?.value else { return }
        throw OutputRefusal(
            "\(action) '\(ReportSite.shown(place))', which the render reads"
                + (paths[target] == nil ? " as part of '\(input)'" : ""),
            help: "nothing that is read is ever written to: name another file")
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        var isFolder: ObjCBool = false
        return path.hasPrefix(folder + "/") && FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
            && isFolder.boolValue
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

    /// How it is known that a file is no export of the notebook.
    static let foreign = "no export of this notebook wrote it"

    /// A file that something else wrote.
    /// - Parameter reason: how that is known, as a clause.
    static func existing(_ path: String, _ reason: String) -> OutputRefusal {
        OutputRefusal("'\(path)' already exists, and \(reason)", help: "name another place, or remove the file")
    }

    /// - Parameter isOwn: whether an earlier run of the same sort wrote these bytes.
    /// - Returns: whether there is something to replace.
    /// - Throws: a refusal to replace a file that something else wrote.
    @discardableResult
    static func checkReplaced(
        _ path: String, _ reason: String, isOwn: ([UInt8]) -> Bool
    ) throws(OutputRefusal) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        if FileWriter.isStream(path) { return true }
        guard isOwn(FileManager.default.contents(atPath: path).map(Array.init) ?? []) else {
            throw existing(path, reason)
        }
        return true
    }

    var description: String { "error: \(sentence)\nhelp: \(help)" }
}
