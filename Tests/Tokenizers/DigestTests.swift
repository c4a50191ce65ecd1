import JSON
import Testing
import Tokenizers

/// The digest follows the definition, not the file.
@Suite struct DigestTests {
    static func digest(_ definition: JSON, pretty: Bool = false) throws -> String {
        try Tokenizer(json: Array(definition.text(pretty: pretty).utf8)).digest
    }

    @Test func formattingAndOrderDoNotCount() throws {
        let definition = try TokenizerTests.definition("gpt2")
        let digest = try Self.digest(definition)
        #expect(digest.count == 64)
        #expect(try Self.digest(definition, pretty: true) == digest)
        let model = try #require(definition["model"])
        let vocabulary = try #require(model["vocab"]?.object)
        let merges = try #require(model["merges"]?.array)
        let reordered = model.setting("vocab", to: .object(vocabulary.reversed()))
            .setting(
                "merges",
                to: .array(merges.map { .string(($0.array ?? []).compactMap(\.string).joined(separator: " ")) }))
        #expect(reordered != model)
        #expect(try Self.digest(definition.setting("model", to: reordered)) == digest)
        #expect(try Self.digest(.object(#require(definition.object).reversed())) == digest)
    }

    @Test func whateverChangesIdsChangesTheDigest() throws {
        let definition = try TokenizerTests.definition("llama3-style")
        let model = try #require(definition["model"])
        let merges = try #require(model["merges"]?.array)
        let vocabulary = try #require(model["vocab"]?.object)
        let added = try #require(definition["added_tokens"]?.array)
        var renamed = vocabulary
        renamed[renamed.count - 1] = .init("zebu", renamed[renamed.count - 1].value)
        let changes: [JSON] = [
            definition.setting("model", to: model.setting("merges", to: .array(merges.reversed()))),
            definition.setting("model", to: model.setting("merges", to: .array(merges.dropLast()))),
            definition.setting("model", to: model.setting("ignore_merges", to: .bool(false))),
            definition.setting("model", to: model.setting("fuse_unk", to: .bool(true))),
            definition.setting("model", to: model.setting("byte_fallback", to: .bool(true))),
            definition.setting("model", to: model.setting("unk_token", to: .string("a"))),
            definition.setting("model", to: model.setting("vocab", to: .object(renamed))),
            definition.setting("normalizer", to: try JSON.parse(#"{"type": "NFC"}"#)),
            definition.setting("normalizer", to: try JSON.parse(#"{"type": "NFD"}"#)),
            definition.setting("pre_tokenizer", to: .null),
            definition.setting(
                "pre_tokenizer",
                to: try JSON.parse(#"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}"#)),
            definition.setting(
                "pre_tokenizer",
                to: try JSON.parse(#"{"type": "ByteLevel", "add_prefix_space": true, "use_regex": true}"#)),
            definition.setting("post_processor", to: .null),
            definition.setting("added_tokens", to: .array([added[0]])),
            definition.setting("added_tokens", to: .array([added[0], added[1].setting("lstrip", to: .bool(true))])),
            definition.setting("added_tokens", to: .array([added[0], added[1].setting("rstrip", to: .bool(true))])),
            definition.setting(
                "added_tokens", to: .array([added[0], added[1].setting("single_word", to: .bool(true))])),
            definition.setting(
                "added_tokens", to: .array([added[0], added[1].setting("normalized", to: .bool(true))])),
        ]
        let digests = try [Self.digest(definition)] + changes.map { try Self.digest($0) }
        #expect(Set(digests).count == changes.count + 1)
    }

    @Test func whatOnlyDecodingReadsDoesNotCount() throws {
        let definition = try TokenizerTests.definition("gpt2")
        #expect(try Self.digest(definition.setting("decoder", to: .null)) == Self.digest(definition))
    }
}
