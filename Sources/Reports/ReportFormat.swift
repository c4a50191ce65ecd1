import JSON
import Markdown
import Notebooks

/// A way to write an evaluated notebook down.
public protocol ReportFormat: Sendable {
    /// What `export --to` calls it, which is the ending of its main file.
    static var name: String { get }
    /// One line of help.
    static var summary: String { get }
    /// Whether its files lie in a folder of the notebook's name, without a main file.
    static var isFolder: Bool { get }

    /// Whether a main file is a report of the notebook of this name that an earlier export wrote, so that a new one may replace it.
    static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool

    /// A writer for what lies at a place.
    init(_ surroundings: ReportSurroundings)

    /// The files of a report, in the order in which they are written; the first one is named to the user.
    /// - Throws: an error whose description is one clear sentence.
    func files(_ evaluation: Evaluation) throws -> [OutputFile]
}

extension ReportFormat {
    /// Most formats have a main file.
    public static var isFolder: Bool { false }

    /// Most formats carry the results.
    public static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool {
        (try? EmbeddedResults.results(in: bytes))?.notebook == notebook
    }

    /// A comment of YAML by which a text without results is known as a report.
    static func mark(_ notebook: String) -> String { "# exported from \(JSON.string(notebook).text()) by patchbook" }

    /// Whether one of the first lines of a text is the mark of a notebook.
    static func isMarked(_ bytes: [UInt8], _ notebook: String) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
        return lines.prefix(2).contains { $0.elementsEqual(mark(notebook).utf8) }
    }

    /// The file that is named to the user.
    /// - Parameter place: the notebook's place among the reports, without an ending: `study/x`.
    public static func mainFile(_ place: String) -> String { isFolder ? "\(place)/values.\(name)" : "\(place).\(name)" }
}

/// The formats that a notebook can be exported to.
public enum ReportFormats {
    /// In the order that help lists them.
    public static let all: [any ReportFormat.Type] = [
        JupyterReport.self, MarkdownReport.self, JSONReport.self, CSVReport.self, CitationReport.self, HTMLReport.self,
    ]
}

/// A file that a report is made of.
public struct OutputFile: Sendable, Equatable {
    /// Where it lies in the folder of the reports: `study/x.html`.
    public let path: String
    /// What it holds.
    public let bytes: [UInt8]

    /// A file with its bytes.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// A file with its text.
    public init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }
}

/// What a format may need beside the evaluation.
public struct ReportSurroundings: Sendable {
    /// The notebook's text, with those that it includes.
    public let source: SourceText
    /// How the notebook's paths are resolved.
    public let project: Project
    /// Where pages lie.
    public let site: ReportSite
    /// The report's place in the site, without an ending: `study/x`.
    public let place: String
    /// Templates and style sheet.
    public let templates: PageTemplates
    /// Further facts for a page's footer that the evaluation does not hold, such as the time.
    public let stamp: @Sendable () -> [(name: String, value: String)]

    /// All that a format may need.
    public init(
        source: SourceText, project: Project, site: ReportSite, place: String, templates: PageTemplates,
        stamp: @escaping @Sendable () -> [(name: String, value: String)] = { [] }
    ) {
        self.source = source
        self.project = project
        self.site = site
        self.place = place
        self.templates = templates
        self.stamp = stamp
    }

    /// The evaluation with its links and pictures leading from where the report lies: links to notebooks to their pages.
    /// - Parameter picture: the address of a picture of the project; nil for one that stays as it is written.
    func placed(_ evaluation: Evaluation, picture: (String) -> String?) -> Evaluation {
        var linked = LinkedNotebooks(project)
        return evaluation.rewritten { inline in
            switch inline {
            case .image(let source, let title, let alt, let location) where MarkdownInline.isLocal(source):
                guard let address = picture(source) else { return inline }
                return .image(source: address, title: title, alt: alt, location: location)
            case .link(let destination, let title, let text, let location)
            where MarkdownInline.isLocal(destination) && !destination.hasPrefix("#"):
                let link = FileLink(destination)
                guard !link.path.isEmpty, let file = try? project.resolve(link.path) else { return inline }
                return .link(
                    destination: site.address(of: file, from: place) + linked.suffix(of: link, to: file), title: title,
                    text, location: location)
            default: return inline
            }
        }
    }

    /// The address that leads from the report to a file that the notebook names.
    func address(of path: String) -> String? {
        (try? project.resolve(path)).map { site.address(of: $0, from: place) }
    }
}

/// One self-contained page: pictures are put into it, and links lead from where it lies.
public struct HTMLReport: ReportFormat {
    /// What `export --to` calls it.
    public static let name = "html"
    /// One line of help.
    public static let summary = "the page that 'render' writes"

    private let surroundings: ReportSurroundings

    /// A writer of pages.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The page alone.
    public func files(_ evaluation: Evaluation) throws -> [OutputFile] {
        var pictures = Pictures(surroundings.project)
        let placed = surroundings.placed(evaluation) { try? pictures.address($0) }
        let html = try ReportRenderer(templates: surroundings.templates).html(
            for: placed, results: ResultsJSON.json(of: evaluation), stamp: surroundings.stamp())
        return [OutputFile(path: Self.mainFile(surroundings.place), text: html)]
    }
}
