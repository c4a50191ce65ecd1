import ArgumentParser
import Commands
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
        for parameter in parameters where !parameter.dropFirst().contains("=") {
            throw ValidationError("-P takes name=value, found '\(parameter)'")
        }
    }

    /// Reads and binds one notebook.
    /// - Throws: `Diagnostics` with every problem, each at its place.
    func bind(_ path: String) throws -> BoundNotebook {
        let source = try SourceText(name: path, bytes: try bytes(of: path))
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let overrides = parameters.map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        let project = Project(notebookFolder: folder, allowed: allowedPaths)
        return try Binder(catalogue: .standard).bind(
            Notebook.parse(source, project: project), overrides: overrides, project: project)
    }

    /// A notebook's bytes, from a plain file: a pipe or a device could keep us waiting for ever.
    private func bytes(of path: String) throws -> [UInt8] {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type]
        guard type as? FileAttributeType == .typeRegular, let data = FileManager.default.contents(atPath: path) else {
            Terminal.say("\(path): error: the file cannot be read")
            throw Ending.failed
        }
        return Array(data)
    }
}

/// The notebooks that a verb is asked to read.
struct NotebookFiles: ParsableArguments {
    @Argument(help: "Notebooks (.md), or folders of them.")
    var notebooks: [String]

    @OptionGroup var options: NotebookOptions

    /// The notebooks asked for: files as they are, folders as the .md files right inside them, READMEs left out.
    /// - Throws: a validation error for a path that is neither.
    func paths() throws -> [String] {
        try notebooks.flatMap { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                Terminal.say("\(path): error: no such file or folder")
                throw Ending.failed
            }
            guard isFolder.boolValue else { return [path] }
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".md") && $0 != "README.md" }
            guard !names.isEmpty else {
                Terminal.say("\(path): error: the folder holds no notebook (.md)")
                throw Ending.failed
            }
            let folder = path.hasSuffix("/") ? path : path + "/"
            return names.sorted().map { folder + $0 }
        }
    }

    /// Reads and binds one of them.
    /// - Throws: `Diagnostics` with every problem, each at its place.
    func bind(_ path: String) throws -> BoundNotebook { try options.bind(path) }
}
