import Foundation
import JSON
import Testing

/// A tiny pair of models of one family with what transformers computes of them: `scripts/fixtures/families.py`.
public struct FamilyFixture: Sendable {
    /// The folder's name.
    public let name: String
    /// `expected.json`.
    public let expected: JSON

    private static let root = Fixtures.path("families")

    /// All pairs.
    public static let names = files(in: root).filter {
        FileManager.default.fileExists(atPath: "\(root)/\($0)/expected.json")
    }

    /// Folders of all families whose names begin so, as `FAMILY/FOLDER`.
    public static func folders(beginning prefix: String) -> [String] {
        files(in: root).flatMap { family in
            files(in: "\(root)/\(family)").filter { $0.hasPrefix(prefix) }.map { "\(family)/\($0)" }
        }
    }

    /// Names of what lies in a folder; none where the folder does not exist.
    public static func files(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Reads a family's `expected.json`.
    public init(_ name: String) throws {
        self.name = name
        expected = try JSON.parse(Fixtures.bytes("\(Self.root)/\(name)/expected.json"))
    }

    /// A path below the family's folder.
    public func path(_ part: String) -> String { "\(Self.root)/\(name)/\(part)" }

    /// Names of what lies in a folder of the family.
    public func files(in folder: String) -> [String] { Self.files(in: path(folder)) }

    /// Token ids.
    public func tokens(_ key: String) -> [Int] { expected[key]?.array?.compactMap(\.int) ?? [] }

    /// An array of f32 in base64, under a path of keys.
    public func floats(_ keys: String...) throws -> [Float] {
        try Self.floats(keys.reduce(expected as JSON?) { $0?[$1] })
    }

    /// An array of f32 in base64.
    public static func floats(_ value: JSON?) throws -> [Float] {
        let text = try #require(value?.string)
        let data = try #require(Data(base64Encoded: text))
        return data.withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }
}
