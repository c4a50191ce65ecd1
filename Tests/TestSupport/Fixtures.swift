import Foundation

/// Where the tests' files lie, found from this file's own place.
public enum Fixtures {
    /// The repository's root.
    public static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// A path under `Tests/Fixtures`.
    public static func path(_ name: String) -> String { repository + "/Tests/Fixtures/" + name }

    /// A file's bytes.
    public static func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Little-endian f32 numbers, as NumPy's `tobytes` writes them.
    public static func floats(_ path: String) throws -> [Float] {
        try bytes(path).withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }

    /// A new empty folder, which the caller may leave behind.
    public static func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patchbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }
}
