import Digests
import JSON
import Markdown
import Notebooks
import Values

/// A Jupyter notebook (nbformat 4.5) that executes nothing: prose as Markdown cells, command blocks as raw cells, and what they
/// show as the outputs of an empty code cell. ``JupyterImport`` reads it back.
public struct JupyterReport: ReportFormat {
    /// What `export --to` calls it, and the ending of its file.
    public static let name = "ipynb"
    /// One line of help.
    public static let summary = "a Jupyter notebook with the figures and tables as outputs; 'import' reads it back"

    /// Whether a Jupyter notebook says that it is of the notebook.
    public static func isReport(_ bytes: [UInt8], of notebook: String) -> Bool {
        (try? JSON.parse(bytes))?["metadata"]?[JupyterCells.key]?["notebook"]?.string == notebook
    }

    private let surroundings: ReportSurroundings

    /// A writer of Jupyter notebooks.
    public init(_ surroundings: ReportSurroundings) { self.surroundings = surroundings }

    /// The notebook alone.
    public func files(_ evaluation: Evaluation) throws -> [OutputFile] {
        var pictures = Pictures(surroundings.project)
        let placed = surroundings.placed(evaluation) { try? pictures.address($0) }
        var cells = JupyterCells(BlockPieces(placed, surroundings.templates), surroundings)
        try cells.add(NotebookPieces.pieces(of: surroundings.source), title: placed)
        cells.addReferences()
        let title = try ProseHTML(values: cells.blocks.values).plain(evaluation.title)
        let notebook = JSON.object([
            JSON.Member("cells", .array(cells.cells)),
            JSON.Member(
                "metadata",
                .object([
                    JSON.Member("title", .string(title)),
                    JSON.Member(
                        JupyterCells.key,
                        .object([
                            JSON.Member("notebook", .string(evaluation.name)),
                            JSON.Member("version", .string(Version.patchbook)),
                        ])),
                ])),
            JSON.Member("nbformat", .int(4)), JSON.Member("nbformat_minor", .int(5)),
        ])
        return [OutputFile(path: Self.mainFile(surroundings.place), text: notebook.text(pretty: true) + "\n")]
    }
}

/// The cells of a Jupyter notebook as they are made.
struct JupyterCells {
    /// What our metadata stands under.
    static let key = "patchbook"

    private(set) var cells: [JSON] = []
    let blocks: BlockPieces
    private let surroundings: ReportSurroundings
    /// The notebook holds its pictures itself, as a page does.
    private var pictures: Pictures
    private var left: ArraySlice<EvaluatedBlock>

    init(_ blocks: BlockPieces, _ surroundings: ReportSurroundings) {
        self.blocks = blocks
        self.surroundings = surroundings
        pictures = Pictures(surroundings.project)
        left = blocks.values.evaluation.blocks[...]
    }

    /// - Parameter title: the evaluation whose title follows the front matter; nil for an included text.
    mutating func add(
        _ pieces: [NotebookPieces.Piece], title evaluation: Evaluation?
    ) throws(ReportError) {
        let isIncluded = evaluation == nil
        for piece in pieces {
            switch piece {
            case .frontMatter(let text):
                addRaw(text, isIncluded: false)
                if let evaluation { try addTitle(evaluation) }
            case .prose(let text, let read): try addProse(text, read, isIncluded: isIncluded)
            case .block(let text):
                addRaw(text, isIncluded: isIncluded)
                if let block = left.popFirst() { try addResult(block) }
            case .include(let text, let inner):
                addRaw(text, isIncluded: isIncluded)
                try add(inner, title: nil)
            }
        }
    }

    /// The list of what the notebook cites.
    mutating func addReferences() {
        let list = blocks.values.citations.list
        guard !list.isEmpty else { return }
        var writer = MarkdownWriter()
        addMade("markdown", writer.text(list))
    }

    /// The title that the front matter gives, which no cell would show.
    private mutating func addTitle(_ evaluation: Evaluation) throws(ReportError) {
        var lines = [MarkdownBlock.heading(level: 1, evaluation.title)]
        if !evaluation.subtitle.isEmpty { lines.append(.paragraph([.emphasis(evaluation.subtitle)])) }
        let authors = evaluation.publication.authors.map(\.name).joined(separator: ", ")
        if !authors.isEmpty { lines.append(.paragraph([.text(authors)])) }
        lines += evaluation.publication.abstract
        var writer = MarkdownWriter()
        let text = writer.text(try blocks.values.filled(lines, blocks.numbering))
        addMade("markdown", text)
    }

    /// Prose with its values filled in. Where that changes the text, the cell keeps what its author wrote.
    private mutating func addProse(
        _ text: String, _ read: [MarkdownBlock], isIncluded: Bool
    ) throws(ReportError) {
        let placed = surroundings.placed(
            Evaluation(name: "", title: [], parts: [.prose(read)])
        ) { try? pictures.address($0) }
        guard case .prose(let prose)? = placed.parts.first else { return }
        let filled = try blocks.values.filled(prose, blocks.numbering)
        var writer = MarkdownWriter()
        // Jupyter reads formulas between dollars only.
        var hasFormula = false
        read.walk { node in
            switch node {
            case .block(.formula), .inline(.formula): hasFormula = true
            default: break
            }
        }
        let written =
            filled == read && !hasFormula
            ? text
            : [writer.text(filled), writer.footnoteDefinitions()].filter { !$0.isEmpty }.joined(separator: "\n\n")
        if isIncluded { return addMade("markdown", written) }
        // A dollar that is text here may be none in a Jupyter notebook.
        let isPlain = written == text && !text.contains("$")
        addCell("markdown", written, isPlain ? [] : JupyterSource(text, shown: written).members)
    }

    private mutating func addRaw(_ text: String, isIncluded: Bool) {
        // Named as Markdown, it is left out where a notebook becomes a page, as a page folds it.
        let members = [JSON.Member("raw_mimetype", .string("text/markdown"))]
        isIncluded ? addMade("raw", text, members) : addCell("raw", text, members)
    }

    /// What a block shows, as the outputs of a code cell without code, which nothing executes.
    private mutating func addResult(_ block: EvaluatedBlock) throws(ReportError) {
        var outputs: [JSON] = []
        for piece in try blocks.pieces(of: block) {
            switch piece {
            case .text(let text): outputs.append(Self.output(text, []))
            case .table(let table):
                outputs.append(Self.output(table.caption + table.shown, [Self.resource(table.table)]))
            case .figure(let figure):
                var writer = MarkdownWriter()
                if let svg = figure.svg {
                    outputs.append(
                        Self.output([
                            JSON.Member("image/svg+xml", .string(svg)), Self.resource(figure.data),
                            JSON.Member("text/plain", .string(figure.description)),
                        ]))
                    outputs.append(Self.output([JSON.Member("text/markdown", .string(writer.text(figure.caption)))]))
                } else {
                    let rows = TableViews(figure.data, label: figure.item.label).markdown
                    outputs.append(Self.output(figure.caption + rows, [Self.resource(figure.data)]))
                }
            }
        }
        guard !outputs.isEmpty else { return }
        // Nobody needs to see a cell without code.
        let hidden = JSON.Member("jupyter", .object([JSON.Member("source_hidden", .bool(true))]))
        addMade(
            "code", "", [hidden],
            [JSON.Member("execution_count", .null), JSON.Member("outputs", .array(outputs))])
    }

    /// What no author wrote, so that reading it back leaves it out.
    private mutating func addMade(
        _ type: String, _ source: String, _ metadata: [JSON.Member] = [], _ more: [JSON.Member] = []
    ) {
        let made = JSON.Member("made", .string(SHA256.digest(of: source).hex))
        addCell(type, source, [JSON.Member(Self.key, .object([made]))] + metadata, more)
    }

    /// The digest of what a cell held that an export made; nil for a cell of an author.
    static func digest(ofMade metadata: JSON?) -> String? { metadata?[key]?["made"]?.string }

    private mutating func addCell(
        _ type: String, _ source: String, _ metadata: [JSON.Member], _ more: [JSON.Member] = []
    ) {
        cells.append(
            .object(
                [
                    JSON.Member("cell_type", .string(type)), JSON.Member("id", .string("cell-\(cells.count + 1)")),
                    JSON.Member("metadata", .object(metadata)), JSON.Member("source", .string(source)),
                ] + more))
    }

    private static func output(_ text: [MarkdownBlock], _ data: [JSON.Member]) -> JSON {
        var writer = MarkdownWriter()
        return output([JSON.Member("text/markdown", .string(writer.text(text)))] + data)
    }

    private static func output(_ data: [JSON.Member]) -> JSON {
        .object([
            JSON.Member("output_type", .string("display_data")), JSON.Member("data", .object(data)),
            JSON.Member("metadata", .object([])),
        ])
    }

    /// A table with all digits, as the Tabular Data Resource that Jupyter's viewers read.
    private static func resource(_ table: Table) -> JSON.Member {
        let fields = table.columns.map { column -> JSON in
            let cells = (table[column: column] ?? []).filter { $0 != .null }
            let isNumber = !cells.isEmpty && cells.allSatisfy { $0.number != nil }
            let isBool = !cells.isEmpty && cells.allSatisfy { if case .bool = $0 { true } else { false } }
            return .object([
                JSON.Member("name", .string(column)),
                JSON.Member("type", .string(isNumber ? "number" : isBool ? "boolean" : "string")),
            ])
        }
        let rows = table.rows.map { row in
            JSON.object(zip(table.columns, row).map { JSON.Member($0, $1.json) })
        }
        return JSON.Member(
            "application/vnd.dataresource+json",
            .object([
                JSON.Member("schema", .object([JSON.Member("fields", .array(fields))])),
                JSON.Member("data", .array(rows)),
            ]))
    }
}

/// What the author of a Markdown cell wrote, where the cell shows it with its values filled in.
struct JupyterSource {
    let text: String
    private let shown: String

    init(_ text: String, shown: String) {
        self.text = text
        self.shown = shown
    }

    /// Reads a cell's metadata.
    init?(_ metadata: JSON?) {
        let own = metadata?[JupyterCells.key]
        guard let text = own?["source"]?.string, let shown = own?["shown"]?.string else { return nil }
        self.text = text
        self.shown = shown
    }

    var members: [JSON.Member] {
        [
            JSON.Member(
                JupyterCells.key,
                .object([JSON.Member("source", .string(text)), JSON.Member("shown", .string(shown))]))
        ]
    }

    /// Whether the cell still shows what was made of the text.
    func isShown(as text: String) -> Bool { text == shown }

    /// What the author wrote, with what was edited in the cell.
    func merged(with edited: String) -> MergedText {
        MergedText(written: text, shown: ForeignMarkdown(shown).text, edited: edited)
    }
}
