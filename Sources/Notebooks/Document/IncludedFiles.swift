import Markdown

/// The texts that a notebook includes, and those that are being read just now.
struct IncludedFiles {
    /// The deepest nesting, and the most texts in all.
    static let deepest = 8
    static let most = 100

    /// Texts that count instead of the files at these paths.
    let unsaved: [String: [UInt8]]
    private(set) var texts: [SourceText] = []
    /// Their files, with symbolic links resolved.
    private(set) var paths: [String] = []
    /// Files that are named and cannot be read just now.
    private(set) var missing: [String] = []
    /// The files around the place that is read, outermost first, as resolved and as messages name them.
    private var open: [(path: String, name: String)] = []
    private var bytes = 0
    /// The notebook as messages name it.
    private var notebook = ""

    init(unsaved: [String: [UInt8]]) { self.unsaved = unsaved }

    mutating func start(with source: SourceText, in project: Project?) {
        notebook = source.name
        open = [((try? project?.resolve(source.fileName)) ?? "", source.fileName)]
    }

    /// The text that a block includes, until `end` is called; nil after adding what is wrong to the log.
    mutating func text(_ block: IncludeBlock, in project: Project?, log: inout ProblemLog) -> SourceText? {
        guard let (path, place) = block.path,
            let file = file(path, at: place, .badInclude, in: project, to: "include", log: &log)
        else { return nil }
        let shown = path.shortened
        if let first = open.firstIndex(where: { $0.path == file }) {
            let ring = (open[first...].map(\.name) + [open[first].name]).joined(separator: " → ")
            log.add(.badInclude, at: place, "'\(shown)' includes itself: \(ring)")
            return nil
        }
        guard open.count <= Self.deepest else {
            log.add(.badInclude, at: place, "includes are nested more than \(Self.deepest) deep")
            return nil
        }
        guard let text = read(file, path, at: place, .badInclude, in: project, log: &log) else { return nil }
        var front = ProblemLog(text)
        let isOnTop = FrontMatter.lines(of: text, log: &front) != nil || FrontMatter.isFence(1, of: text)
        let top = isOnTop ? front.all.first?.location ?? text.location(of: text.content(ofLine: 1)) : nil
        if let place = top ?? FrontMatter.late(in: text, from: 1) {
            log.add(
                .badInclude, at: place, of: text,
                "an included text has no front matter; parameters and title are the notebook's")
            return nil
        }
        open.append((file, path))
        return text
    }

    /// The bibliography that the front matter names; nil after adding what is wrong to the log.
    mutating func bibliography(
        _ path: String, at place: SourceLocation, in project: Project?, log: inout ProblemLog
    ) -> SourceText? {
        file(path, at: place, .badBibliography, in: project, to: "read", log: &log).flatMap {
            read($0, path, at: place, .badBibliography, in: project, log: &log)
        }
    }

    /// The file that a path leads to.
    private func file(
        _ path: String, at place: SourceLocation, _ code: DiagnosticCode, in project: Project?, to verb: String,
        log: inout ProblemLog
    ) -> String? {
        guard let project else {
            log.add(code, at: place, "this notebook has no folder to \(verb) '\(path.shortened)' from")
            return nil
        }
        do {
            return try project.resolve(path)
        } catch {
            log.add(.outsideProject, at: place, error.description, help: error.help)
            return nil
        }
    }

    /// The text of a file, which counts among those that the notebook holds from now on.
    private mutating func read(
        _ file: String, _ path: String, at place: SourceLocation, _ code: DiagnosticCode, in project: Project?,
        log: inout ProblemLog
    ) -> SourceText? {
        guard texts.count < Self.most else {
            log.add(code, at: place, "a notebook includes at most \(Self.most) texts")
            return nil
        }
        guard let data = unsaved[file] ?? RegularFile.bytes(file, atMost: TextLimits.bytes) else {
            missing.append(file)
            log.add(
                code, at: place, RegularFile.problem(file, named: path.shortened, atMost: TextLimits.bytes),
                replacements: RegularFile.exists(file) ? [] : project?.near(path) ?? [])
            return nil
        }
        bytes += data.count
        guard bytes <= 4 * TextLimits.bytes else {
            log.add(code, at: place, "the included texts hold more than \(4 * TextLimits.bytes) bytes together")
            return nil
        }
        do {
            let text = try SourceText(
                name: Self.name(of: path, besides: notebook), bytes: data, file: texts.count + 1)
            texts.append(text)
            paths.append(file)
            return text
        } catch {
            for problem in error.all { log.add(problem) }
            return nil
        }
    }

    /// Says that the text begun last is read.
    mutating func end() { open.removeLast() }

    /// The path as messages name it: beside the notebook as the user named that.
    private static func name(of path: String, besides notebook: String) -> String {
        guard !path.hasPrefix("/"), let slash = notebook.lastIndex(of: "/") else { return path }
        return String(notebook[...slash]) + path
    }
}
