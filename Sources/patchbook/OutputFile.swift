import Foundation

/// Files that are there whole or not at all.
enum OutputFile {
    /// Writes beside the target first and then puts it in place, making folders on the way.
    /// - Throws: what the system objects to, with the path.
    static func write(_ text: String, to path: String) throws {
        let target = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: target, options: .atomic)
        } catch {
            throw OutputError(path: path, reason: error.localizedDescription)
        }
    }
}

/// A file that could not be written.
struct OutputError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "'\(path)' cannot be written: \(reason)" }
}
