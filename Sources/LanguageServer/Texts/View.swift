import Foundation
import JSON
import Markdown
import Notebooks

/// An open text as part of the notebook that it belongs to: what every feature looks at.
struct View {
    let analysis: Analysis
    /// Every block of the notebook, in document order.
    let blocks: [AnalysedBlock]
    /// 0 for the notebook's own text, else the number of a text that it includes.
    let file: Int
    let source: SourceText
    /// The positions of every text of the notebook, by its number.
    private let allPositions: [TextPositions]
    let catalogue: Catalogue
    let encoding: PositionEncoding
    /// The session that has read nothing, and the texts that it reads instead of files.
    let session: Session
    let unsaved: [String: [UInt8]]
    /// How the editor names the files that it holds.
    private let uris: [String: String]

    init(of text: OpenText, in texts: inout OpenTexts, _ catalogue: Catalogue, _ encoding: PositionEncoding) {
        let owner = texts.owner(of: text)
        analysis = owner.analysis
        blocks = analysis.document.blocks
        file = owner.file
        session = owner.notebook.session
        source = owner.file == 0 ? analysis.source : analysis.source.included[owner.file - 1]
        allPositions = ([analysis.source] + analysis.source.included).map { TextPositions($0, encoding) }
        unsaved = texts.unsaved
        uris = texts.byURI.reduce(into: [:]) { $0[$1.value.path] = $1.key }
        self.catalogue = catalogue
        self.encoding = encoding
    }

    /// The positions of this text.
    var positions: TextPositions { allPositions[file] }

    /// The command blocks of this text, `{include}` among them.
    var fences: [WrittenBlock] { analysis.notebook.fences.filter { $0.location.file == file } }

    /// What is known of the block that a fence is; nil for `{include}`.
    func block(_ fence: WrittenBlock) -> AnalysedBlock? {
        blocks.first { $0.head.location == fence.location }
    }

    /// The block of an id.
    func block(_ id: String) -> AnalysedBlock? { blocks.first { $0.head.id == id } }

    /// The first line after the front matter.
    var firstLine: Int {
        var log = ProblemLog(source)
        return file == 0 ? FrontMatter.lines(of: source, log: &log)?.rest ?? 1 : 1
    }

    /// A `Location` of any of the notebook's texts; nil for a text without a file.
    func location(_ place: SourceLocation) -> JSON? {
        guard let path = analysis.path(ofText: place.file) else { return nil }
        return .members([
            "uri": .string(uri(ofFile: path)), "range": allPositions[place.file].range(place),
        ])
    }

    /// A `WorkspaceEdit` that puts a text in each of some places.
    func edit(_ places: [SourceLocation], _ text: String) -> JSON {
        let byFile = Dictionary(grouping: places, by: \.file).sorted { $0.key < $1.key }
        let changes = byFile.compactMap { file, places -> JSON.Member? in
            guard let path = analysis.path(ofText: file) else { return nil }
            let positions = allPositions[file]
            return JSON.Member(
                uri(ofFile: path),
                .array(places.map { .members(["range": positions.range($0), "newText": .string(text)]) }))
        }
        return .members(["changes": .object(changes)])
    }

    /// How the editor names a file.
    func uri(ofFile path: String) -> String { uris[path] ?? URL(fileURLWithPath: path).absoluteString }
}

extension Catalogue {
    /// The options that a command's block may have.
    func options(of command: String) -> [OptionDeclaration] {
        command == IncludeBlock.name
            ? IncludeBlock.options : (self[command]?.options ?? []) + SharedOptions.declarations
    }
}
