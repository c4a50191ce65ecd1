import Foundation
import Notebooks

/// Where the pages of a project's notebooks lie, and how links lead from one to another.
///
/// Pages mirror the project's folders; a folder `notebooks` at its top is not repeated: `notebooks/study/x.md` becomes
/// `output/study/x.html`.
public struct ReportSite: Sendable {
    /// The project's folder, with symbolic links resolved.
    public let root: String
    /// The folder of the pages, with symbolic links resolved.
    public let output: String
    /// Notebooks that are known to be some, with symbolic links resolved.
    private let notebooks: Set<String>

    /// The pages of a project.
    public init(root: String, output: String, notebooks: [String] = []) {
        self.root = Self.real(root)
        self.output = Self.real(output)
        self.notebooks = Set(notebooks)
    }

    /// The page of a notebook, relative to the folder of the pages.
    public func page(ofNotebook path: String) -> String { place(ofNotebook: path) + ".html" }

    /// The place of a notebook's reports, without an ending, relative to the folder of the pages.
    public func place(ofNotebook path: String) -> String {
        let file = Self.real(path)
        var parts = file.split(separator: "/").map(String.init)
        let folder = root.split(separator: "/").map(String.init)
        parts = parts.starts(with: folder) ? Array(parts.dropFirst(folder.count)) : Array(parts.suffix(1))
        if parts.count > 1, parts[0] == "notebooks" { parts.removeFirst() }
        let name = parts.removeLast()
        let stem = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? String(name[..<$0]) : nil } ?? name
        return (parts + [stem]).joined(separator: "/")
    }

    /// The address that leads from a page to a file: to its page where the file is a notebook.
    /// - Parameter page: relative to the folder of the pages.
    func address(of file: String, from page: String) -> String {
        let target = isNotebook(file) ? output + "/" + self.page(ofNotebook: file) : Self.real(file)
        let folder = (output + "/" + page as NSString).deletingLastPathComponent
        return Self.relative(target, to: folder).addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")

    /// A Markdown file with front matter or a command block, or one that is known to be a notebook.
    private func isNotebook(_ path: String) -> Bool {
        let file = Self.real(path)
        if notebooks.contains(file) { return true }
        guard file.hasSuffix(".md"), let data = FileManager.default.contents(atPath: file), data.count < 1 << 22 else {
            return false
        }
        return Notebook.isMeant(by: String(decoding: data, as: UTF8.self))
    }

    /// The path with symbolic links resolved as far as it exists, from the root.
    public static func real(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// The path as a user in the current folder would write it.
    public static func shown(_ path: String) -> String {
        let here = real(FileManager.default.currentDirectoryPath)
        let isNear = path.split(separator: "/").first == here.split(separator: "/").first
        return isNear ? relative(path, to: here) : path
    }

    /// The way from a folder to a file.
    public static func relative(_ path: String, to folder: String) -> String {
        let target = path.split(separator: "/")
        let start = folder.split(separator: "/")
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: start.count - shared)
        return (up + target.dropFirst(shared).map(String.init)).joined(separator: "/")
    }
}
