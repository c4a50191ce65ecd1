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

    /// Where this process's folders are; a run of all tests makes thousands, some with a model.
    private static let folders: String = {
        atexit { try? FileManager.default.removeItem(atPath: Fixtures.folders) }
        return FileManager.default.temporaryDirectory.path + "/patchbook-tests-\(UUID().uuidString)"
    }()

    /// A new empty folder, which goes away when the tests end.
    public static func temporaryFolder() throws -> String {
        let folder = "\(folders)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}
