import Markdown

/// A command block as it was written, with its body as YAML.
public struct WrittenBlock: Sendable {
    /// The command's name, as the fence says it.
    public let command: String
    /// The opening fence.
    public let location: SourceLocation
    /// The name in the opening fence.
    package let nameLocation: SourceLocation
    /// Its lines, fences included, from 1.
    package let lines: Range<Int>
    /// Nil when the body is not YAML; the problem is among the notebook's.
    public let body: YAMLValue?
    /// The block as its author wrote it, fences included, with LF line ends.
    public let source: String
    /// The text that it stands in: the notebook, or one that it includes.
    let text: SourceText
    /// The id, also where the rest of the body cannot be read, so that references to it stay good.
    let writtenID: String?
}

/// A notebook as it was written: front matter, prose and command blocks, before anything is bound.
public struct Notebook: Sendable {
    /// The text that it was read from, with those that it includes.
    public let source: SourceText
    /// What it says of itself at its top.
    public let frontMatter: FrontMatter
    /// Its parts. The title is the front matter's, else a first-level heading at the very top, else the file's name.
    public let document: Document<WrittenBlock>
    /// Every command block of its texts in the order in which they are read, `{include}` among them.
    package let fences: [WrittenBlock]
    /// What is wrong so far; binding adds its own.
    public let problems: [Diagnostic]
    /// The files of the texts that it includes and of its bibliography, with symbolic links resolved.
    let textFiles: [String]
    /// Files that it names for the same and that cannot be read just now.
    let missingFiles: [String]
    /// The footnotes of each text, the notebook's first.
    let footnotes: [Footnotes]

    /// Reads a notebook; problems are kept in it, so that binding reports them together with its own.
    /// - Parameters:
    ///   - project: where the texts that it includes may lie; without one it can include none.
    ///   - unsaved: texts that count instead of the files at these paths, symbolic links resolved.
    public static func parse(
        _ source: SourceText, project: Project? = nil, unsaved: [String: [UInt8]] = [:]
    ) -> Notebook {
        var reader = NotebookReader(project: project, unsaved: unsaved)
        return reader.notebook(source)
    }

    /// Whether a Markdown text is a notebook: it begins with front matter, or holds a command block.
    public static func isMeant(by text: String) -> Bool {
        text.hasPrefix("---")
            || text.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.contains { line in
                // A fence may be indented, and longer than three marks.
                let fence = line.drop { $0 == UInt8(ascii: " ") }
                guard let mark = fence.first, "`~".utf8.contains(mark) else { return false }
                let info = fence.drop { $0 == mark }
                return fence.count - info.count >= 3 && info.first == UInt8(ascii: "{")
            }
    }
}
