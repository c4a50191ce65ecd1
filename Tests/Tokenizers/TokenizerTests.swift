import JSON
import Testing
import Tokenizers

/// What holds of a tokenizer by itself.
@Suite struct TokenizerTests {
    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(json: Array(definition(name).text().utf8))
    }

    static func definition(_ name: String) throws -> JSON {
        try #require(Fixtures.json(name)["definition"])
    }

    @Test func composedAndDecomposedTextsDifferUnlessTheTokenizerNormalizes() throws {
        let plain = try Self.tokenizer("gpt2")
        #expect(
            try plain.encode("\u{e9}", addingSpecialTokens: false)
                != plain.encode("e\u{301}", addingSpecialTokens: false))
        let normalizing = try Self.tokenizer("qwen2-style")
        #expect(
            try normalizing.encode("\u{e9}", addingSpecialTokens: false)
                == normalizing.encode("e\u{301}", addingSpecialTokens: false))
    }

    @Test func specialTokensInsideATextAreOneIdEach() throws {
        let tokenizer = try Self.tokenizer("smollm-style")
        #expect(try tokenizer.encode("<|im_start|><|im_end|>", addingSpecialTokens: false) == [1, 2])
    }

    @Test func nothingIsEverPutBehind() throws {
        let definition = try Self.definition("llama3-style")
        let processor = try JSON.parse(
            """
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "b", "type_id": 0}},
             {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "e", "type_id": 0}}], "pair": [],
             "special_tokens": {"b": {"id": "b", "ids": [5, 6], "tokens": ["x", "y"]}, "e": {"id": "e", "ids": [7], "tokens": ["z"]}}}
            """)
        let tokenizer = try Tokenizer(json: Array(definition.setting("post_processor", to: processor).text().utf8))
        #expect(try tokenizer.encode("", addingSpecialTokens: true) == [5, 6])
        #expect(try tokenizer.encode("", addingSpecialTokens: false) == [])
    }

    @Test func decodingMarksWhatIsNoText() throws {
        let tokenizer = try Self.tokenizer("gpt2")
        let emoji = try tokenizer.encode("\u{1F680}", addingSpecialTokens: false)
        try #require(emoji.count > 1)
        #expect(tokenizer.decode(emoji) == "\u{1F680}")
        #expect(tokenizer.decode(Array(emoji.dropLast())) == "\u{FFFD}")
        #expect(tokenizer.decode([1_000_000, -1]) == "\u{FFFD}\u{FFFD}")
        #expect(tokenizer.decode([]) == "")
    }

    @Test func eachTokenHasItsBytes() throws {
        let bytes = try Self.tokenizer("gpt2")
        let ids = try bytes.encode(" \u{1F680} the\n", addingSpecialTokens: false)
        #expect(ids.compactMap(bytes.text).flatMap(\.self) == Array(" \u{1F680} the\n".utf8))
        #expect(bytes.text(of: 420) == Array("<|endoftext|>".utf8))
        #expect(bytes.text(of: 421) == nil)
        let pieces = try Self.tokenizer("llama2-style")
        let fallen = try pieces.encode("\u{1F680}", addingSpecialTokens: false)
        #expect(fallen.compactMap(pieces.text).flatMap(\.self) == Array(" \u{1F680}".utf8))
    }

    @Test func anUnknownTokenMayBeMissingWhereNoTextNeedsIt() throws {
        let definition = try Self.definition("gpt2")
        let model = try #require(definition["model"]).setting("unk_token", to: .string(""))
        let tokenizer = try Tokenizer(json: Array(definition.setting("model", to: model).text().utf8))
        let plain = try Self.tokenizer("gpt2")
        #expect(
            try tokenizer.encode("\u{1F680} storm", addingSpecialTokens: false)
                == plain.encode("\u{1F680} storm", addingSpecialTokens: false))
        let bare = definition.setting("model", to: model).setting("pre_tokenizer", to: .null)
        #expect(throws: TokenizerError.tokenNotInVocabulary(place: "model.unk_token", token: "")) {
            try Tokenizer(json: Array(bare.text().utf8))
        }
    }

    @Test func theVocabularyCountsAddedTokens() throws {
        #expect(try Self.tokenizer("gpt2").vocabularySize == 421)
        #expect(try Self.tokenizer("smollm-style").vocabularySize == 430)
    }

    @Test func longPiecesTakeNoLongTime() throws {
        let tokenizer = try Self.tokenizer("gpt2")
        let start = ContinuousClock.now
        let spaces = try tokenizer.encode(String(repeating: " ", count: 10_000), addingSpecialTokens: false)
        let letters = try tokenizer.encode(String(repeating: "a", count: 100_000), addingSpecialTokens: false)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(spaces.compactMap(tokenizer.text).map(\.count).reduce(0, +) == 10_000)
        #expect(letters.compactMap(tokenizer.text).map(\.count).reduce(0, +) == 100_000)
    }

    @Test func manyThreadsMayEncodeAtOnce() async throws {
        let tokenizer = try Self.tokenizer("llama3-style")
        let random = try Fixtures.texts().random
        let alone = try random.map { try tokenizer.encode($0, addingSpecialTokens: true) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (try? random.map { try tokenizer.encode($0, addingSpecialTokens: true) }) == alone
                }
            }
            for await same in group { #expect(same) }
        }
    }
}
