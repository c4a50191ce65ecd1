import Markdown

/// The texts that a notebook includes, and those that are being read just now.
struct IncludedFiles {
    /// The deepest nesting, and the most texts in all.
    static let deepest = 8
    static let most = 100

    private(set) var texts: [SourceText] = []
    /// Their files, with symbolic links resolved.
    private(set) var paths: [String] = []
    /// The files around the place that is read, outermost first, as resolved and as messages name them.
    private var open: [(path: String, name: String)] = []
    private var bytes = 0
    /// The notebook as messages name it.
    private var notebook = ""

    mutating func start(with source: SourceText, in project: Project?) {
        notebook = source.name
        open = [((try? project?.resolve(source.fileName)) ?? "", source.fileName)]
    }

    /// The text that a block includes, until `end` is called; nil after adding what is wrong to the log.
    mutating func text(_ block: IncludeBlock, in project: Project?, log: inout ProblemLog) -> SourceText? {
        guard let (path, place) = block.path else { return nil }
        let shown = path.shortened
        func refuse(_ message: String, replacements: [String] = []) {
            log.add(.badInclude, at: place, message, replacements: replacements)
        }
        guard let project else {
            refuse("this notebook has no folder to include '\(shown)' from")
            return nil
        }
        let file: String
        do {
            file = try project.resolve(path)
        } catch {
            log.add(.outsideProject, at: place, error.description, help: error.help)
            return nil
        }
        if let first = open.firstIndex(where: { $0.path == file }) {
            let ring = (open[first...].map(\.name) + [open[first].name]).joined(separator: " → ")
            refuse("'\(shown)' includes itself: \(ring)")
            return nil
        }
        guard open.count <= Self.deepest else {
            refuse("includes are nested more than \(Self.deepest) deep")
            return nil
        }
        guard texts.count < Self.most else {
            refuse("a notebook includes at most \(Self.most) texts")
            return nil
        }
        guard let data = RegularFile.bytes(file, atMost: TextLimits.bytes) else {
            refuse(
                RegularFile.problem(file, named: shown, atMost: TextLimits.bytes),
                replacements: RegularFile.exists(file) ? [] : project.near(path))
            return nil
        }
        bytes += data.count
        guard bytes <= 4 * TextLimits.bytes else {
            refuse("the included texts hold more than \(4 * TextLimits.bytes) bytes together")
            return nil
        }
        let text: SourceText
        do {
            text = try SourceText(name: Self.name(of: path, besides: notebook), bytes: data, file: texts.count + 1)
        } catch {
            for problem in error.all { log.add(problem) }
            return nil
        }
        texts.append(text)
        paths.append(file)
        var front = ProblemLog(text)
        if FrontMatter.lines(of: text, log: &front) != nil || FrontMatter.isFence(1, of: text) {
            log.add(
                .badInclude, at: front.all.first?.location ?? text.location(of: text.content(ofLine: 1)), of: text,
                "an included text has no front matter; parameters and title are the notebook's")
            return nil
        }
        open.append((file, path))
        return text
    }

    /// Says that the text begun last is read.
    mutating func end() { open.removeLast() }

    /// The path as messages name it: beside the notebook as the user named that.
    private static func name(of path: String, besides notebook: String) -> String {
        guard !path.hasPrefix("/"), let slash = notebook.lastIndex(of: "/") else { return path }
        return String(notebook[...slash]) + path
    }
}
