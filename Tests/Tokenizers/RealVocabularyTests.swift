import Foundation
import JSON
import Testing
import Tokenizers

/// Real vocabularies that others made, against the programs of their makers; they run where `PATCHBOOK_VOCABULARIES` names
/// the folder that `scripts/reference/vocabularies.py` wrote.
@Suite struct RealVocabularyTests {
    static let folder = ProcessInfo.processInfo.environment["PATCHBOOK_VOCABULARIES"] ?? ""

    static func json(_ path: String) throws -> JSON { try JSON.parse([UInt8](Data(contentsOf: URL(filePath: path)))) }

    static func tokenizer(_ entry: JSON) throws -> Tokenizer {
        let path = try #require(entry["path"]?.string)
        switch try #require(entry["kind"]?.string) {
        case "folder": return try Tokenizer(folder: path)
        case "json": return try Tokenizer(json: [UInt8](Data(contentsOf: URL(filePath: path))))
        case "tiktoken":
            let file = try json(path)
            let list = [UInt8](try Data(contentsOf: URL(filePath: #require(file["file"]?.string))))
            return try Tokenizer(
                tiktoken: list, pattern: #require(file["pattern"]?.string),
                specialTokens: #require(file["special"]?.object).map { ($0.key, $0.value.int ?? -1) })
        default: return try Tokenizer(gguf(json(path)))
        }
    }

    /// The vocabulary of a GGUF file's metadata.
    static func gguf(_ file: JSON) throws -> GGUFVocabulary {
        var gguf = GGUFVocabulary(
            model: try #require(file["model"]?.string), tokens: try #require(file["tokens"]?.array).compactMap(\.string)
        )
        gguf.types = file["token_type"]?.array?.compactMap(\.int)
        gguf.scores = file["scores"]?.array?.compactMap { $0.number.map(Float.init) }
        gguf.merges = file["merges"]?.array?.compactMap(\.string)
        gguf.preTokenizer = file["pre"]?.string
        gguf.addsBeginning = file["add_bos_token"]?.bool
        gguf.addsSpacePrefix = file["add_space_prefix"]?.bool
        gguf.beginning = file["bos_token_id"]?.int
        gguf.unknown = file["unknown_token_id"]?.int
        gguf.ends = [file["eos_token_id"]?.int].compactMap(\.self)
        gguf.name = file["general.name"]?.string
        return gguf
    }

    @Test(.enabled(if: !folder.isEmpty, "PATCHBOOK_VOCABULARIES names no folder"))
    func `Every real vocabulary gives the ids of its maker's program`() throws {
        let sets = try #require(Self.json(Self.folder + "/texts.json").object)
        for entry in try #require(Self.json(Self.folder + "/expected.json").array) {
            let name = try #require(entry["name"]?.string)
            let tokenizer = try Self.tokenizer(entry)
            var counts: [String] = []
            for set in sets {
                guard let expected = entry["sets"]?[set.key] else {
                    counts.append("\(set.key) skipped")
                    continue
                }
                let texts = try #require(set.value.array)
                let ids = try #require(expected["taken"]?.array).compactMap(\.int).map {
                    try tokenizer.encode(#require(texts[$0].string), addingSpecialTokens: true)
                }
                #expect(ids.map(\.count).reduce(0, +) == expected["tokens"]?.int, "\(name), \(set.key)")
                #expect(Fixtures.digest(ids) == expected["digest"]?.string, "\(name), \(set.key)")
                counts.append("\(set.key) \(ids.count)")
            }
            for text in entry["listed"]?.array ?? [] {
                // The lists have no beginning-of-sequence token.
                let ids = try tokenizer.encode(#require(text["text"]?.string), addingSpecialTokens: false)
                #expect(ids == text["ids"]?.array?.compactMap(\.int), "\(name): \(text["text"]?.string ?? "")")
            }
            print("\(name): \(counts.joined(separator: ", ")), listed \(entry["listed"]?.array?.count ?? 0)")
        }
    }
}
