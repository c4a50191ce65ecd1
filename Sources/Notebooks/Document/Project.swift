import Foundation
import Markdown

/// The folder that a notebook may read from: paths are relative to the notebook and stay inside it.
public struct Project: Sendable, Equatable {
    /// The folder of the notebook, with symbolic links resolved.
    public let notebookFolder: String
    /// The folder that paths stay in, with symbolic links resolved.
    public let root: String
    /// Files and folders outside the root that may be read, with symbolic links resolved.
    public let allowed: [String]

    /// - Parameters:
    ///   - root: the project's folder; without it, the nearest folder at or above the notebook's that holds `.git` or
    ///     `patchbook.yml`, else the notebook's own.
    ///   - allowed: what `--allow-path` adds, relative to the current folder.
    public init(notebookFolder: String, root: String? = nil, allowed: [String] = []) {
        func resolved(_ path: String) -> String { Self.real(Self.absolute(path, in: Self.currentFolder)) }
        let folder = resolved(notebookFolder)
        self.notebookFolder = folder
        self.root = root.map(resolved) ?? Self.root(above: folder)
        self.allowed = allowed.map(resolved)
    }

    static var currentFolder: String { FileManager.default.currentDirectoryPath }

    private init(notebookFolder: String, root: String, resolvedAllowed: [String]) {
        self.notebookFolder = notebookFolder
        self.root = root
        allowed = resolvedAllowed
    }

    /// The same project, with one more file or folder that may be read.
    func allowing(_ path: String) -> Project {
        Project(notebookFolder: notebookFolder, root: root, resolvedAllowed: allowed + [Self.real(path)])
    }

    /// The absolute file path that a notebook's path leads to, with symbolic links resolved; nothing need stand there.
    /// - Throws: an error when it leads outside the project and nothing allows that.
    public func resolve(_ path: String) throws(PathError) -> String {
        guard !path.isEmpty else { throw PathError(path: path, target: nil) }
        guard !path.utf8.contains(0) else { throw PathError(path: path, target: nil) }
        let target = Self.real(Self.absolute(path, in: notebookFolder))
        guard ([root] + allowed).contains(where: { Self.isInside(target, $0) }) else {
            throw PathError(path: path, target: target)
        }
        return target
    }

    /// A sentence whose absolute paths are written as a notebook writes them: no page tells where a project lies.
    func naming(_ sentence: String) -> String {
        [(notebookFolder + "/", ""), (root + "/", "")].reduce(sentence) { $0.replacing($1.0, with: $1.1) }
            .replacing(NSHomeDirectory() + "/", with: "~/")
    }

    private static func root(above folder: String) -> String {
        var candidate = folder
        while true {
            for mark in [".git", "patchbook.yml"]
            where FileManager.default.fileExists(atPath: (candidate as NSString).appendingPathComponent(mark)) {
                return candidate
            }
            if candidate == "/" { return folder }
            candidate = (candidate as NSString).deletingLastPathComponent
        }
    }

    /// Whether a text names something in the Hub's cache, as `hf:organisation/name` does, and no path of the project.
    public static func isOnHub(_ path: String) -> Bool { path.hasPrefix("hf:") }

    static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private static func isInside(_ path: String, _ folder: String) -> Bool {
        let inner = path.split(separator: "/")
        let outer = folder.split(separator: "/")
        return inner.count >= outer.count && zip(inner, outer).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// The path with `.`, `..` and every symbolic link resolved, as the system would, whether or not its end exists.
    package static func real(_ path: String) -> String {
        var left = path.split(separator: "/").map(String.init)
        left.reverse()
        var done: [String] = []
        var links = 0
        while let part = left.popLast() {
            if part == "." { continue }
            if part == ".." {
                _ = done.popLast()
                continue
            }
            done.append(part)
            // A chain longer than the system follows stays as it is; opening it will fail.
            if links < 40,
                let target = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/" + done.joined(separator: "/"))
            {
                links += 1
                if target.hasPrefix("/") { done = [] } else { done.removeLast() }
                left += target.split(separator: "/").map(String.init).reversed()
            }
        }
        return "/" + done.joined(separator: "/")
    }
}

/// A path that a notebook may not read.
public struct PathError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path as the notebook says it.
    public let path: String
    /// Where it leads; nil for a path that cannot be one.
    public let target: String?

    /// The error of one path.
    public init(path: String, target: String?) {
        self.path = path
        self.target = target
    }

    /// The error as a sentence, without what may help.
    public var description: String {
        if path.isEmpty { return "the path is empty" }
        guard target != nil else { return "the path holds a NUL character" }
        return "the path '\(path.shortened)' leads outside the project's folder"
    }

    /// How the reader allows it.
    public var help: String? {
        target.map { "if that is meant, allow it with --allow-path '\(($0 as NSString).deletingLastPathComponent)'" }
    }
}
