import Foundation
import Store

/// Files that are there whole or not at all.
enum FileWriter {
    /// Writes beside the target first and then puts it in place, making folders on the way; into a pipe or a device directly.
    /// - Throws: what the system objects to, with the path.
    static func write(_ bytes: [UInt8], to path: String) throws {
        if isStream(path) { return try pour(bytes, into: path) }
        let target = URL(fileURLWithPath: path)
        do {
            let folder = target.deletingLastPathComponent()
            var isFolder: ObjCBool = false
            if !FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } else if !isFolder.boolValue {
                // Foundation would say that a file exists, or that none does.
                throw OutputError(path: path, reason: String(cString: strerror(ENOTDIR)))
            }
            try Data(bytes).write(to: target, options: .atomic)
        } catch let error where !(error is OutputError) {
            throw OutputError(path: path, reason: error.systemReason)
        }
    }

    /// Whether the path is that of a pipe, a terminal or another device: a file put in its place would take it away.
    static func isStream(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Writes a text in the same way.
    static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    private static func pour(_ bytes: [UInt8], into path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard Descriptor.write(bytes, to: descriptor) else {
            throw OutputError(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// A file that could not be written.
struct OutputError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "'\(path)' cannot be written: \(reason)" }
}
