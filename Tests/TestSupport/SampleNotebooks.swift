import Markdown
import Notebooks
import Synchronization

/// Notebooks as text, walked through the engine with the sample commands.
public struct SampleNotebook: Sendable {
    /// The notebook's text.
    public let text: String
    /// Names and texts of `-P`.
    public var overrides: [(String, String)] = []
    /// The commands it may use.
    public var catalogue = Catalogue.samples
    /// Where its paths lead.
    public var project = Project(notebookFolder: "/tmp/patchbook-sample/notebooks", root: "/tmp/patchbook-sample")

    /// Whether the files that it names are looked for.
    public var checksFiles = false

    /// A notebook with its text.
    public init(_ text: String, overrides: [(String, String)] = [], catalogue: Catalogue = .samples) {
        self.text = text
        self.overrides = overrides
        self.catalogue = catalogue
    }

    /// The text as a file.
    public var source: SourceText { SourceText(name: "notebooks/x.md", text: text) }

    /// The notebook as it was read.
    public var notebook: Notebook { Notebook.parse(source, project: project) }

    /// A session that has read it; paths of the command line are relative to `/data`.
    public var session: Session {
        var session = Session(
            catalogue: catalogue, project: project, overrides: overrides, folder: "/data", checksFiles: checksFiles)
        session.update(source)
        return session
    }

    /// The notebook with its blocks bound, when nothing is wrong.
    public func bound() throws(Diagnostics) -> Analysis { try session.analysis.sound() }

    /// The notebook with its blocks run.
    public func evaluation(
        _ policy: Session.Policy = Session.Policy(), keeping keeper: (any ResultKeeping)? = nil,
        on observer: @escaping @Sendable (Session.Event) -> Void = { _ in }
    ) throws(Diagnostics) -> Evaluation {
        let session = session
        _ = try session.analysis.sound()
        return try session.run(policy, keeping: keeper, on: observer).whole()
    }

    /// The notebook run with a store, and the ids of the blocks that ran; the others came from the store.
    public func run(
        keeping keeper: any ResultKeeping, policy: Session.Policy = Session.Policy()
    ) throws(Diagnostics) -> (evaluation: Evaluation, ran: [String]) {
        let ran = Mutex<[String]>([])
        let evaluation = try evaluation(policy, keeping: keeper) { event in
            if case .blockFinished(let id, false, _) = event { ran.withLock { $0.append(id) } }
        }
        return (evaluation, ran.withLock { $0 })
    }

    /// All that is wrong, as people read it; empty when nothing is.
    public var problems: String {
        do {
            _ = try evaluation()
            return ""
        } catch {
            return error.description
        }
    }
}

extension Notebook {
    /// The document as an indented outline, for tests.
    public var outline: String {
        var lines = ["title \(document.title.map(\.outline).joined(separator: " "))"]
        for part in document.parts {
            switch part {
            case .prose(let blocks): lines += blocks.flatMap { $0.outline(1) }.reduce(into: ["prose"]) { $0.append($1) }
            case .block(let block):
                lines.append("block {\(block.command)} at \(block.location.line):\(block.location.column)")
                for entry in block.body?.mapping ?? [] {
                    let place = entry.value.location
                    lines.append("  \(entry.key): \(entry.value.outline) at \(place.line):\(place.column)")
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension YAMLValue {
    /// The value on one line; text in quotes, plain scalars without.
    public var outline: String {
        switch content {
        case .scalar(let text, let isPlain): isPlain ? text : "\"\(text)\""
        case .sequence(let values): "[" + values.map(\.outline).joined(separator: ", ") + "]"
        case .mapping(let entries): "{" + entries.map { "\($0.key): \($0.value.outline)" }.joined(separator: ", ") + "}"
        }
    }
}

extension MarkdownBlock {
    func outline(_ depth: Int) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        func leaf(_ name: String, _ inlines: [MarkdownInline]) -> [String] {
            [indent + name] + inlines.map { indent + "  " + $0.outline }
        }
        switch self {
        case .paragraph(let inlines): return leaf("paragraph", inlines)
        case .heading(let level, let inlines): return leaf("heading \(level)", inlines)
        case .quote(let blocks): return [indent + "quote"] + blocks.flatMap { $0.outline(depth + 1) }
        case .callout(let kind, let blocks):
            return [indent + "callout \(kind)"] + blocks.flatMap { $0.outline(depth + 1) }
        case .list(let start, let isTight, let items):
            let name = "\(isTight ? "tight" : "loose") list" + (start.map { " from \($0)" } ?? "")
            return [indent + name] + items.flatMap { [indent + "  item"] + $0.flatMap { $0.outline(depth + 2) } }
        case .formula(let formula): return [indent + "formula \(formula.source.debugDescription)"]
        case .code(let info, let text): return [indent + "code '\(info)' \(text.debugDescription)"]
        case .table(let table):
            let rows = [table.header] + table.rows
            return [indent + "table \(table.alignments.map { "\($0)" }.joined(separator: " "))"]
                + rows.map { row in
                    indent + "  row" + row.map { " | " + $0.map(\.outline).joined(separator: " ") }.joined()
                }
        case .html(let text): return [indent + "html \(text.debugDescription)"]
        case .thematicBreak: return [indent + "break"]
        }
    }
}

extension MarkdownInline {
    var outline: String {
        func around(_ name: String, _ inlines: [MarkdownInline]) -> String {
            "\(name)(" + inlines.map(\.outline).joined(separator: " ") + ")"
        }
        switch self {
        case .text(let text): return text.debugDescription
        case .softBreak: return "soft-break"
        case .lineBreak: return "line-break"
        case .code(let text): return "code \(text.debugDescription)"
        case .formula(let formula): return "formula \(formula.source.debugDescription)"
        case .emphasis(let inlines): return around("emphasis", inlines)
        case .strong(let inlines): return around("strong", inlines)
        case .link(let destination, let title, let inlines, _):
            return around("link<\(destination)>" + (title.isEmpty ? "" : " '\(title)'"), inlines)
        case .image(let source, _, let alt, let place):
            return around("image<\(source)> at \(place.line):\(place.column)", alt)
        case .html(let text): return "html \(text.debugDescription)"
        case .reference(let reference):
            return "\(reference.word) #\(reference.target) at \(reference.location.line):\(reference.location.column)"
        case .citation(let citation):
            let items = citation.items.map {
                "\($0.prefix)\($0.showsAuthor ? "" : "-")@\($0.key)\($0.suffix) at \($0.location.line):\($0.location.column)"
            }
            return "\(citation.isInText ? "in text" : "cite")(\(items.joined(separator: " | ")))"
        case .footnote(let footnote):
            return "footnote \(footnote.label)(\(footnote.blocks.flatMap { $0.outline(0) }.joined(separator: "/")))"
        case .value(let value):
            let place = "\(value.location.line):\(value.location.column)"
            let format =
                value.format.isEmpty
                ? "" : " | \(value.format) at \(value.formatLocation.line):\(value.formatLocation.column)"
            return "value \(value.path) at \(place)\(format)"
        }
    }
}
