import ChatTemplates
import Foundation
import JSON
import Preferences
import Testing

/// Where the tests find and leave files.
enum Files {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func fixture(_ name: String) -> String { root.appending(path: "Tests/Fixtures/preferences/\(name)").path }

    /// Gives a file with these bytes to a closure, and removes it.
    static func with<Result>(
        _ bytes: some Sequence<UInt8>, ending: String = ".jsonl", _ body: (String) throws -> Result
    ) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "pairs-\(UUID().uuidString)\(ending)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    /// The pairs of a text.
    static func pairs(
        _ text: String, format: PairFormat = .auto, columns: PairColumns? = nil, ending: String = ".jsonl"
    )
        throws -> [PreferencePair]
    {
        try with(text.utf8, ending: ending) { try PairFile($0, format: format, columns: columns).pairs() }
    }

    /// The sentence with which bytes are refused, without the file's name; `nil` where they are not.
    static func refusal(
        _ bytes: some Sequence<UInt8>, format: PairFormat = .auto, columns: PairColumns? = nil, limit: Int = 1 << 30,
        rowLimit: Int = 1 << 30, ending: String = ".jsonl"
    ) throws -> String? {
        try with(bytes, ending: ending) { path in
            do throws(PairFileError) {
                _ = try PairFile(path, format: format, columns: columns, limit: limit, rowLimit: rowLimit).pairs()
                return nil
            } catch {
                return error.description.hasPrefix(path) ? String(error.description.dropFirst(path.count)) : nil
            }
        }
    }
}

extension PairFile {
    /// Every pair; throws at the first bad row.
    func pairs() throws(PairFileError) -> [PreferencePair] {
        var pairs: [PreferencePair] = []
        try forEachRow(at: nil) { (row) throws(PairFileError) in
            pairs += try row.pairs.get()
            return true
        }
        return pairs
    }
}

/// A token a byte, and 256 in front.
struct Bytes: TextEncoder {
    var hasOpening = true

    func encode(_ text: String, addingSpecialTokens: Bool) -> [Int] {
        (addingSpecialTokens && hasOpening ? [256] : []) + text.utf8.map(Int.init)
    }
}

extension PairRenderer {
    /// Texts as they are.
    static var plain: PairRenderer {
        get throws { PairRenderer(mode: .auto, template: nil, date: try #require(TemplateDate("2024-07-26"))) }
    }

    /// A template that writes `<role>content;` for each message.
    static func simple(_ mode: Mode = .auto, _ source: String? = nil) throws -> PairRenderer {
        let template = try ChatTemplate(
            source ?? "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}")
        return PairRenderer(
            mode: mode, template: ModelTemplate(template, specialTokens: []),
            date: try #require(TemplateDate("2024-07-26")))
    }
}

/// A message.
func message(_ role: String, _ content: String) -> JSON {
    .object([.init("role", .string(role)), .init("content", .string(content))])
}
