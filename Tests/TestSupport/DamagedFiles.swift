import Foundation

/// Files that are wrong in one way, made from good ones in a folder of the test's own.
public struct DamagedFiles {
    /// The folder that holds them.
    public let folder: String

    /// An empty folder.
    public init() throws { folder = try Fixtures.temporaryFolder() }

    /// A copy of a fixture's folder, without the folders in it that `others` names.
    public init(copying fixture: String, besides others: [String] = []) throws {
        try self.init()
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path(fixture))
        for name in names where !others.contains(name) {
            try write(name, Fixtures.bytes(Fixtures.path(fixture) + "/" + name))
        }
    }

    /// A model folder whose `model.safetensors` has this header, and `data` bytes of data.
    public init(header: String, data: Int) throws {
        try self.init()
        try write("config.json", Array("{}".utf8))
        try write("model.safetensors", Self.safetensors(header, data: data))
    }

    /// A safetensors file whose data is all zero.
    public static func safetensors(_ header: String, data: Int) -> [UInt8] {
        littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + Array(repeating: 0, count: data)
    }

    /// An integer's bytes, least significant first.
    public static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { folder + "/" + name }

    /// Writes a file whole; not through Foundation and not over an old one, either of which waits for the disk each time.
    public func write(_ name: String, _ bytes: [UInt8]) throws {
        unlink(path(name))
        guard let file = fopen(path(name), "w") else { throw CocoaError(.fileWriteUnknown) }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Changes a file's bytes.
    public func edit(_ name: String, _ change: (inout [UInt8]) throws -> Void) throws {
        var bytes = try Fixtures.bytes(path(name))
        try change(&bytes)
        try write(name, bytes)
    }

    /// Replaces a text that is there once.
    public func replace(_ old: String, with new: String, in name: String) throws {
        let parts = try String(contentsOfFile: path(name), encoding: .utf8).components(separatedBy: old)
        guard parts.count == 2 else { throw NotThereOnce(text: old, count: parts.count - 1) }
        try write(name, Array(parts.joined(separator: new).utf8))
    }

    struct NotThereOnce: Error {
        let text: String
        let count: Int
    }

    /// The sentence of the error that `body` throws; the folder is left out of its paths, or stands as `FOLDER`.
    public func problem(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)".replacingOccurrences(of: folder + "/", with: "")
                .replacingOccurrences(of: folder, with: "FOLDER")
        }
    }
}
