import Digests
import JSON
import Markdown
import Notebooks

/// A Jupyter notebook as a notebook of ours: its Markdown cells and command blocks, and its code as listings.
public struct JupyterImport: Sendable {
    /// The text.
    public let text: String
    /// What was left behind or changed, one sentence each.
    public let notes: [String]

    /// Reads a Jupyter notebook of format 4.
    /// - Throws: ``JupyterError``.
    public init(_ bytes: [UInt8]) throws(JupyterError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(bytes)
        } catch {
            throw JupyterError("it is not a Jupyter notebook: \(error)")
        }
        guard let format = json["nbformat"]?.int else {
            throw JupyterError("it is not a Jupyter notebook: it has no 'nbformat'")
        }
        guard format == 4 else {
            throw JupyterError(
                "it is of nbformat \(format), and nbformat 4 is read; Jupyter's 'nbconvert --to notebook' converts it")
        }
        guard let cells = json["cells"]?.array else { throw JupyterError("it has no list of 'cells'") }
        let metadata = json["metadata"]
        let language =
            metadata?["language_info"]?["name"]?.string ?? metadata?["kernelspec"]?["language"]?.string ?? "python"
        var texts: [String] = []
        var notes: [String] = []
        for (index, cell) in cells.enumerated() {
            let read = try Cell(cell, number: index + 1, language: language)
            if let text = read.text, !text.isEmpty { texts.append(text) }
            notes += read.notes
        }
        text = texts.joined(separator: "\n\n") + (texts.isEmpty ? "" : "\n")
        self.notes = notes
    }

    /// One cell.
    private struct Cell {
        /// What the notebook gets of it; nil for what an export made.
        private(set) var text: String?
        private(set) var notes: [String] = []

        init(_ json: JSON, number: Int, language: String) throws(JupyterError) {
            guard let type = json["cell_type"]?.string else { throw JupyterError("cell \(number) has no 'cell_type'") }
            guard let source = Self.joined(json["source"]) else {
                throw JupyterError("the 'source' of cell \(number) is neither a text nor a list of texts")
            }
            let metadata = json["metadata"]
            if let made = JupyterCells.digest(ofMade: metadata) {
                if made != SHA256.digest(of: source).hex {
                    notes.append(
                        "cell \(number) was edited, and is left out: an export made it of the front matter, a block or an included text"
                    )
                }
                return
            }
            switch type {
            case "markdown":
                var read = ForeignMarkdown(source)
                if let written = JupyterSource(metadata) {
                    guard !written.isShown(as: source) else {
                        text = written.text
                        return
                    }
                    let merged = written.merged(with: read.text)
                    if merged.hasConflict {
                        notes.append("cell \(number) was edited where its text is computed: it is plain text there now")
                    }
                    read = ForeignMarkdown(closing: merged.text)
                }
                text = read.text
                notes += read.notes.map { "cell \(number) \($0)" }
            case "raw":
                let isOurs = ["---\n", "```{", "~~~{"].contains { source.drop { $0 == " " }.hasPrefix($0) }
                let read = ForeignMarkdown(closing: isOurs ? source : Self.listing(source, ""))
                text = read.text
                notes += read.notes.map { "cell \(number) \($0)" }
            case "code":
                text = source.isEmpty ? nil : Self.listing(source, language)
                if json["outputs"]?.array?.isEmpty == false {
                    notes.append("the outputs of cell \(number) are left out: a notebook computes its own")
                }
            default: throw JupyterError("cell \(number) is of the type '\(type)'; expected 'markdown', 'raw' or 'code'")
            }
            if let names = json["attachments"]?.object?.map(\.key), !names.isEmpty {
                notes.append(
                    "cell \(number) has attachments that are left out: save \(names.joined(separator: ", ")) beside the notebook"
                )
            }
        }

        private static func joined(_ json: JSON?) -> String? {
            if let text = json?.string { return text }
            guard let lines = json?.array else { return nil }
            let texts = lines.compactMap(\.string)
            return texts.count == lines.count ? texts.joined() : nil
        }

        private static func listing(_ text: String, _ language: String) -> String {
            var writer = MarkdownWriter()
            return writer.text([.code(info: language, text: text)])
        }
    }
}

/// Why a file is not a Jupyter notebook that can be read.
public struct JupyterError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence, without the file's name.
    public let description: String

    init(_ description: String) { self.description = description }
}
