import Foundation
import Preferences

/// Where the tests find and leave files.
enum Files {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func fixture(_ name: String) -> String { root.appending(path: "Tests/Fixtures/preferences/\(name)").path }

    /// Gives a file with these bytes to a closure, and removes it.
    static func with<Result>(_ bytes: some Sequence<UInt8>, _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "pairs-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    /// The pairs of a text.
    static func pairs(_ text: String, format: PairFile.Format = .auto) throws -> [PreferencePair] {
        try with(text.utf8) { try PairFile($0, format: format).pairs() }
    }

    /// The sentence with which bytes are refused, without the file's name; `nil` where they are not.
    static func refusal(
        _ bytes: some Sequence<UInt8>, format: PairFile.Format = .auto, limit: Int = 1 << 30, lineLimit: Int = 1 << 30
    ) throws -> String? {
        try with(bytes) { path in
            do throws(PairFileError) {
                _ = try PairFile(path, format: format, limit: limit, lineLimit: lineLimit).pairs()
                return nil
            } catch {
                return error.description.hasPrefix(path) ? String(error.description.dropFirst(path.count)) : nil
            }
        }
    }
}
