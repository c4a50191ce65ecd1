import Foundation
import Markdown

/// The notebooks that a notebook links to: what a link with a name after `#` leads to on their pages.
public struct LinkedNotebooks {
    private let project: Project
    private var known: [String: PageAnchors?] = [:]

    /// The notebooks of a project.
    public init(_ project: Project) { self.project = project }

    /// What leads to the same place on the notebook's page, by the id that the block or the heading has there.
    /// - Parameter file: the notebook, with symbolic links resolved.
    public mutating func suffix(of link: FileLink, to file: String) -> String {
        guard let name = Self.name(link), let id = places(file)?.id(of: name) else { return link.suffix }
        return "#\(id)"
    }

    /// The name after `#` where the notebook's page has no such place; nil for a link that leads somewhere, and for one whose file
    /// is no notebook.
    mutating func missingName(_ link: FileLink, at file: String) -> String? {
        guard let name = Self.name(link), let places = places(file), !places.may(lead: name) else { return nil }
        return name
    }

    /// Names of the notebook much like one that it does not have.
    mutating func names(like name: String, at file: String) -> [String] {
        places(file).map { Suggestion.closest(to: name, among: $0.names) } ?? []
    }

    private static func name(_ link: FileLink) -> String? {
        guard link.suffix.hasPrefix("#"), link.suffix.count > 1 else { return nil }
        let name = String(link.suffix.dropFirst())
        return name.removingPercentEncoding ?? name
    }

    private mutating func places(_ file: String) -> PageAnchors? {
        if let places = known[file] { return places }
        let places = read(file)
        known[file] = .some(places)
        return places
    }

    private func read(_ file: String) -> PageAnchors? {
        guard file.hasSuffix(".md"), let bytes = RegularFile.bytes(file, atMost: TextLimits.bytes),
            let source = try? SourceText(name: file, bytes: bytes),
            Notebook.isMeant(by: source.text(0..<source.bytes.count))
        else { return nil }
        let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
        let notebook = Notebook.parse(
            source, project: Project(notebookFolder: folder, root: project.root, allowed: project.allowed))
        var prose = ProseReferences()
        for part in notebook.document.parts { if case .prose(let blocks) = part { prose.add(blocks) } }
        var log = ProblemLog(source)
        return PageAnchors(prose.headings, blocks: Set(BlockHeader.headers(of: notebook, log: &log).map(\.id)))
    }
}
