import Foundation
import JSON
import Markdown
import Notebooks

/// One Markdown file for forges, pandoc and Typst, with each figure as an SVG and its data as a CSV file beside it.
public struct MarkdownReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its file.
    public static let name = "md"
    /// One line of help.
    public static let summary = "Markdown with the values filled in, its figures as SVG files and their data as CSV"

    /// Whether a text has the notebook's mark.
    public static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool { isMarked(bytes, notebook) }

    private let surroundings: ReportSurroundings

    /// A writer of Markdown.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The text, then its figures with their data.
    public func files(_ evaluation: Evaluation) throws -> [OutputFile] {
        let blocks = BlockPieces(evaluation, surroundings.templates)
        let folder = (surroundings.place as NSString).lastPathComponent
        var pictures = CopiedPictures(surroundings)
        let placed = surroundings.placed(evaluation) { pictures.address($0) }
        var figures = pictures.files
        var text: [MarkdownBlock] = []
        for part in placed.parts {
            switch part {
            case .prose(let prose): text += try blocks.values.filled(prose, blocks.numbering)
            case .block(let block):
                for piece in try blocks.pieces(of: block) {
                    switch piece {
                    case .text(let lines): text += lines
                    case .table(let table): text += table.caption + table.shown
                    case .figure(let figure):
                        let data = OutputFile(
                            path: "\(surroundings.place)/\(figure.item.anchor).csv", text: CSV.text(figure.data))
                        figures.append(data)
                        guard let svg = figure.svg else {
                            text += figure.caption + TableViews(figure.data, label: figure.item.label).markdown
                            continue
                        }
                        let name = "\(figure.item.anchor).svg"
                        figures.append(OutputFile(path: "\(surroundings.place)/\(name)", text: svg))
                        text += Self.picture("\(folder)/\(name)", figure)
                    }
                }
            }
        }
        text += blocks.values.citations.list
        var writer = MarkdownWriter()
        let body = writer.text(text)
        let footnotes = writer.footnoteDefinitions()
        let whole = [try front(evaluation, blocks), body, footnotes].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return [OutputFile(path: Self.mainFile(surroundings.place), text: whole + "\n")] + figures
    }

    /// A picture with its caption in one paragraph, which no reader takes for a figure with a second caption.
    private static func picture(_ address: String, _ figure: BlockPieces.ShownFigure) -> [MarkdownBlock] {
        let image = MarkdownInline.image(
            source: CopiedPictures.encoded(address), title: "",
            alt: [.text(figure.description)], location: SourceLocation(line: 1, column: 1))
        guard case .paragraph(let line)? = figure.caption.first else { return [.paragraph([image])] + figure.caption }
        return [.paragraph([image, .lineBreak] + line)] + figure.caption.dropFirst()
    }

    /// Front matter as pandoc reads it.
    private func front(_ evaluation: Evaluation, _ blocks: BlockPieces) throws -> String {
        let prose = ProseHTML(values: blocks.values)
        let fields = [
            ("title", try prose.plain(evaluation.title)), ("subtitle", try prose.plain(evaluation.subtitle)),
            ("author", evaluation.publication.authors.map(\.name).joined(separator: ", ")),
            ("date", evaluation.publication.date ?? ""),
            ("abstract", try prose.plain(evaluation.publication.abstract)),
        ]
        // A JSON text is a YAML text.
        let lines = fields.filter { !$0.1.isEmpty }.map { "\($0.0): \(JSON.string($0.1).text())" }
        return (["---", Self.mark(evaluation.name)] + lines + ["---"]).joined(separator: "\n")
    }
}

/// The project's pictures, copied beside the text: what makes a PDF reads nothing that lies outside its folder.
private struct CopiedPictures {
    private let surroundings: ReportSurroundings
    private var known: [String: String] = [:]
    private(set) var files: [OutputFile] = []

    init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The address of a copy; nil for what is no picture that a page could hold.
    mutating func address(_ source: String) -> String? {
        if let address = known[source] { return address }
        let path = source.removingPercentEncoding ?? source
        guard let bytes = try? surroundings.project.bytes(ofFile: path, atMost: Pictures.largest) else { return nil }
        let name = "picture-\(files.count + 1).\((path as NSString).pathExtension)"
        files.append(OutputFile(path: "\(surroundings.place)/\(name)", bytes: bytes))
        let address = Self.encoded("\((surroundings.place as NSString).lastPathComponent)/\(name)")
        known[source] = address
        return address
    }

    static func encoded(_ address: String) -> String {
        address.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? address
    }
}
