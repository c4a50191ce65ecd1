import Foundation

/// Reads files that are files: no folder, no device and no pipe, which could keep a reader waiting for ever.
public enum RegularFile {
    /// The file's bytes; nil when it is not there, not a regular file, or too large.
    public static func bytes(_ path: String, atMost limit: Int) -> [UInt8]? {
        guard let size = size(path), size <= limit, let data = FileManager.default.contents(atPath: path) else {
            return nil
        }
        return Array(data)
    }

    /// Why there are none, in words.
    static func problem(_ path: String, named name: String, atMost limit: Int) -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "there is no file '\(name)'" }
        guard let size = size(path) else { return "'\(name)' is not a regular file" }
        return size > limit ? "'\(name)' holds \(size) bytes, more than \(limit)" : "'\(name)' cannot be read"
    }

    /// Whether a file or a folder is there.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func size(_ path: String) -> Int? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return (attributes[.size] as? NSNumber)?.intValue
    }
}
