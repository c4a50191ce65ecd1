import ArgumentParser
import Commands
import Comparison
import Foundation
import Markdown
import Notebooks

/// The options of every verb that reads a notebook, and how it is read.
struct NotebookOptions: ParsableArguments {
    @ArgumentParser.Option(
        name: .customShort("P"), help: ArgumentHelp("Sets a parameter of the notebook.", valueName: "name=value"))
    var parameters: [String] = []

    @ArgumentParser.Option(
        name: .customLong("allow-path"), help: "A file or folder outside the project that notebooks may read.")
    var allowedPaths: [String] = []

    func validate() throws {
        for parameter in parameters where parameter.hasPrefix("=") || !parameter.contains("=") {
            throw ValidationError("-P takes name=value, found '\(parameter)'")
        }
    }

    /// A session that has read one notebook.
    /// - Parameters:
    ///   - checksFiles: whether the files that it names are looked for.
    ///   - point: the parameters that a sweep sets.
    /// - Throws: `Diagnostics` when the file is not text.
    func session(
        _ path: String, checksFiles: Bool = true, point: Sweep.Point? = nil
    ) throws(Diagnostics) -> Session {
        let source = try SourceText(name: path, bytes: try Self.bytes(of: path))
        var session = unread(path, checksFiles: checksFiles, point: point)
        session.update(source)
        return session
    }

    /// A session for one notebook that has read nothing.
    func unread(_ path: String, checksFiles: Bool = true, point: Sweep.Point? = nil) -> Session {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let overrides = parameters.map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        let swept = (point?.settings ?? []).map { ($0.name, $0.value) }
        return Session(
            catalogue: .standard, project: Project(notebookFolder: folder, allowed: allowedPaths),
            overrides: overrides + swept, checksFiles: checksFiles, point: point?.name ?? "")
    }

    /// The bytes of a notebook, or of another text that a user names, from a regular file: a pipe or a device could keep us waiting for ever.
    static func bytes(of path: String) throws(Diagnostics) -> [UInt8] {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type]
        guard type as? FileAttributeType == .typeRegular, let data = FileManager.default.contents(atPath: path) else {
            throw Diagnostics([.ofFile(path, "the file cannot be read")])
        }
        return Array(data)
    }
}

/// The notebooks that a verb is asked to read.
struct NotebookFiles: ParsableArguments {
    @Argument(help: "Notebooks (.md), or folders of them.")
    var notebooks: [String]

    @OptionGroup var options: NotebookOptions

    /// The notebooks asked for: files as they are, folders as the .md files right inside them, READMEs left out. A path that is
    /// neither gives its problem instead.
    func paths() -> [Result<String, Diagnostic>] { Self.paths(notebooks) }

    static func paths(_ notebooks: [String]) -> [Result<String, Diagnostic>] {
        notebooks.flatMap { path -> [Result<String, Diagnostic>] in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                let near = Project(notebookFolder: ".", allowed: ["/"]).near(path)
                return [.failure(.ofFile(path, "this file or folder does not exist", replacements: near))]
            }
            guard isFolder.boolValue else {
                guard path.hasSuffix(".md") else {
                    return [.failure(.ofFile(path, "it is not a notebook: a notebook's name ends in '.md'"))]
                }
                return [.success(path)]
            }
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
                .filter { $0.hasSuffix(".md") && $0 != "README.md" }
            guard !names.isEmpty else {
                return [
                    .failure(.ofFile(path, "the folder holds no notebook (.md); folders inside it are not searched"))
                ]
            }
            let folder = path.hasSuffix("/") ? path : path + "/"
            return names.sorted().map { .success(folder + $0) }
        }
    }
}

extension Diagnostic {
    /// A problem of a whole file.
    static func ofFile(_ path: String, _ message: String, replacements: [String] = []) -> Diagnostic {
        Diagnostic(
            .missingFile, at: nil, of: SourceText(name: path, text: ""), message, replacements: replacements)
    }
}
