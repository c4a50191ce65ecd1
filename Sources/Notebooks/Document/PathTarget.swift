import Foundation
import Markdown

/// What must be where a path leads.
public enum PathTarget: Sendable, Equatable {
    case file, folder
    /// What the command looks at itself.
    case anything

    private var word: String { self == .folder ? "folder" : "file" }

    fileprivate func problem(_ path: String, at target: String) -> String? {
        if self == .anything { return nil }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else {
            return "there is no \(word) '\(path.shortened)'"
        }
        guard isFolder.boolValue != (self == .folder) else { return nil }
        return self == .file
            ? "'\(path.shortened)' is a folder, not a file" : "'\(path.shortened)' is a file, not a folder"
    }
}

/// A path that leads to nothing, or to what was not expected there.
public struct MissingFile: Sendable, Equatable {
    /// What is wrong, as a sentence.
    public let sentence: String
    /// Paths that the author may have meant.
    public let replacements: [String]

    /// What is missing, and what may have been meant.
    public init(sentence: String, replacements: [String] = []) {
        self.sentence = sentence
        self.replacements = replacements
    }
}

extension Project {
    /// What is wrong with a path, found without reading; nil for one that leads to what is expected, and for one that may not be
    /// read at all, which is told elsewhere.
    public func problem(with path: String, as target: PathTarget) -> MissingFile? {
        guard let file = try? resolve(path), let sentence = target.problem(path, at: file) else { return nil }
        return MissingFile(sentence: sentence, replacements: near(path).filter { $0 != path })
    }

    /// Paths beside one that leads to nothing, with a name much like its own.
    public func near(_ path: String) -> [String] {
        var missing = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let name = missing.popLast() else { return [] }
        let folder = missing.joined(separator: "/")
        guard let file = try? resolve(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder),
            let names = try? FileManager.default.contentsOfDirectory(atPath: file)
        else { return [] }
        return Suggestion.closest(to: name, among: names.sorted().filter { !$0.hasPrefix(".") }).map {
            missing.isEmpty ? $0 : "\(folder)/\($0)"
        }
    }
}
