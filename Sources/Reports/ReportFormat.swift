import JSON
import Markdown
import Notebooks

/// A way to write an evaluated notebook down.
public protocol ReportFormat: Sendable {
    /// The files of a report, in the order in which they are written.
    /// - Throws: an error whose description is one clear sentence.
    func files(_ evaluation: Evaluation) throws -> [OutputFile]
}

/// A file that a report is made of.
public struct OutputFile: Sendable, Equatable {
    /// Where it lies in the folder of the reports: `study/x.html`.
    public let path: String
    /// What it holds.
    public let text: String

    /// A file with its text.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// One self-contained page: pictures are put into it, and links lead from where it lies.
public struct HTMLReport: ReportFormat {
    private let templates: PageTemplates
    private let project: Project
    private let site: ReportSite
    private let stamp: @Sendable () -> [(name: String, value: String)]

    /// - Parameters:
    ///   - project: how the notebook's paths are resolved.
    ///   - site: where pages lie.
    ///   - stamp: further facts for the footer that the evaluation does not hold, such as the time.
    public init(
        templates: PageTemplates, project: Project, site: ReportSite,
        stamp: @escaping @Sendable () -> [(name: String, value: String)] = { [] }
    ) {
        self.templates = templates
        self.project = project
        self.site = site
        self.stamp = stamp
    }

    /// The page alone.
    public func files(_ evaluation: Evaluation) throws -> [OutputFile] {
        let page = site.page(ofNotebook: project.notebookFolder + "/" + evaluation.name)
        var pictures = Pictures(project)
        let placed = evaluation.rewritten { inline in
            switch inline {
            case .image(let source, let title, let alt, let location) where MarkdownInline.isLocal(source):
                guard let address = try? pictures.address(source) else { return inline }
                return .image(source: address, title: title, alt: alt, location: location)
            case .link(let destination, let title, let text, let location)
            where MarkdownInline.isLocal(destination) && !destination.hasPrefix("#"):
                let link = FileLink(destination)
                guard !link.path.isEmpty, let file = try? project.resolve(link.path) else { return inline }
                return .link(
                    destination: site.address(of: file, from: page) + link.suffix, title: title, text,
                    location: location)
            default: return inline
            }
        }
        let html = try ReportRenderer(templates: templates).html(
            for: placed, results: ResultsJSON.json(of: evaluation), stamp: stamp())
        return [OutputFile(path: page, text: html)]
    }
}
