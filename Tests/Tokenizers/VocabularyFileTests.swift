import Foundation
import JSON
import Testing
import Tokenizers

/// Vocabularies in the files of other programs, against the ids that those programs give.
@Suite struct VocabularyFileTests {
    /// Writes files into a folder of their own, and removes it after `body`.
    static func withFolder<Value>(_ files: [String: [UInt8]], _ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tokenizer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        return try body(folder.path)
    }

    /// Checks ids against `texts` of a fixture, which holds texts with their ids.
    static func check(_ tokenizer: Tokenizer, _ fixture: JSON, adding: Int = 0, addingSpecialTokens: Bool) throws {
        let cases = try #require(fixture["texts"]?.array)
        #expect(cases.count >= 60)
        for text in cases {
            let content = try #require(text["text"]?.string)
            let ids = try #require(text["ids"]?.array).compactMap(\.int).map { $0 + adding }
            #expect(
                try tokenizer.encode(content, addingSpecialTokens: addingSpecialTokens) == ids,
                "\(content.debugDescription)")
        }
    }

    static func gguf() throws -> (GGUFVocabulary, names: [JSON]) {
        let fixture = try Fixtures.json("gguf")
        var gguf = GGUFVocabulary(model: "gpt2", tokens: try #require(fixture["tokens"]?.array).compactMap(\.string))
        gguf.types = try #require(fixture["types"]?.array).compactMap(\.int)
        gguf.merges = try #require(fixture["merges"]?.array).compactMap(\.string)
        gguf.beginning = 1
        return (gguf, try #require(fixture["names"]?.array))
    }

    @Test
    func `Every name of a GGUF pre-tokenizer cuts as its pattern does and puts BOS in front where llama.cpp does`()
        throws
    {
        var (gguf, names) = try Self.gguf()
        #expect(names.count == 22)
        let random = try Fixtures.texts().random
        for name in names {
            gguf.preTokenizer = name["pre"]?.string
            try Fixtures.checkRandom(Tokenizer(gguf), name, random, gguf.preTokenizer ?? "none")
        }
    }

    @Test func `A SentencePiece model gives SentencePiece's ids, from its own file and from GGUF`() throws {
        let fixture = try Fixtures.json("sentencepiece")
        let encoded = try #require(fixture["model"]?.string)
        let model = try #require(Data(base64Encoded: encoded))
        try Self.withFolder(["tokenizer.model": [UInt8](model)]) { folder in
            try Self.check(Tokenizer(folder: folder), fixture, addingSpecialTokens: true)
        }
        var gguf = GGUFVocabulary(model: "llama", tokens: try #require(fixture["tokens"]?.array).compactMap(\.string))
        gguf.scores = try #require(fixture["scores"]?.array).compactMap { $0.number.map(Float.init) }
        gguf.types = try #require(fixture["types"]?.array).compactMap(\.int)
        let tokenizer = try Tokenizer(gguf)
        try Self.check(tokenizer, fixture, addingSpecialTokens: true)
        #expect(tokenizer.beginning == 1)
        #expect(tokenizer.ends == [2])
        // llama.cpp puts a space in front of each stretch between special tokens.
        let plain = try tokenizer.encode("the", addingSpecialTokens: false)
        #expect(try tokenizer.encode("the</s>the", addingSpecialTokens: false) == plain + [2] + plain)
        gguf.addsSpacePrefix = false
        gguf.addsBeginning = false
        let bare = try Tokenizer(gguf)
        #expect(try bare.encode(" the", addingSpecialTokens: true) == plain)
        #expect(try bare.encode("", addingSpecialTokens: true) == [])
    }

    @Test func `A damaged SentencePiece model is an error, wherever it ends`() throws {
        let fixture = try Fixtures.json("sentencepiece")
        let encoded = try #require(fixture["model"]?.string)
        let model = [UInt8](try #require(Data(base64Encoded: encoded)))
        // The settings come last.
        for length in stride(from: 0, to: model.count * 9 / 10, by: 97) {
            try Self.withFolder(["tokenizer.model": Array(model.prefix(length))]) { folder in
                _ = #expect(throws: TokenizerError.self) { try Tokenizer(folder: folder) }
            }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var changed = model
            for _ in 0..<4 { changed[Int.random(in: changed.indices, using: &generator)] = .random(in: 0...255) }
            try Self.withFolder(["tokenizer.model": changed]) { folder in
                _ = try? Tokenizer(folder: folder).encode("the harbour", addingSpecialTokens: true)
            }
        }
    }

    @Test func `tiktoken's list gives tiktoken's ids, and Mistral's tekken.json the same after its special tokens`()
        throws
    {
        let fixture = try Fixtures.json("tiktoken")
        let ranks = try #require(fixture["ranks"]?.array).compactMap(\.string)
        let pattern = try #require(fixture["pattern"]?.string)
        let special = try #require(fixture["special"]?.object).map { ($0.key, $0.value.int ?? -1) }
        let list = ranks.enumerated().map { "\($1) \($0)\n" }.joined()
        let tokenizer = try Tokenizer(tiktoken: Array(list.utf8), pattern: pattern, specialTokens: special)
        try Self.check(tokenizer, fixture, addingSpecialTokens: true)
        let tekken: JSON = .object([
            .init(
                "config",
                .object([
                    .init("pattern", .string(pattern)), .init("default_vocab_size", .int(ranks.count + 10)),
                    .init("default_num_special_tokens", .int(10)),
                ])),
            .init(
                "vocab",
                .array(
                    ranks.enumerated().map {
                        .object([.init("rank", .int($0)), .init("token_bytes", .string($1))])
                    })),
            .init(
                "special_tokens",
                .array(
                    ["<unk>", "<s>", "</s>"].enumerated().map {
                        .object([.init("rank", .int($0)), .init("token_str", .string($1))])
                    })),
        ])
        try Self.withFolder(["tekken.json": Array(tekken.text().utf8)]) { folder in
            let tokenizer = try Tokenizer(folder: folder)
            #expect(try tokenizer.encode("<s>", addingSpecialTokens: true) == [1, 1])
            #expect(tokenizer.id(of: "<SPECIAL_9>") == 9)
            #expect(tokenizer.ends == [2])
            let plain = try Tokenizer(tiktoken: Array(list.utf8), pattern: pattern, specialTokens: [])
            for text in try Fixtures.texts().random.prefix(50) where !text.contains("<") {
                #expect(
                    try tokenizer.encode(text, addingSpecialTokens: false)
                        == plain.encode(text, addingSpecialTokens: false).map { $0 + 10 })
            }
        }
    }

    @Test(arguments: [
        ("QQ== 0\n", "the vocabulary of 'tokenizer.model'", "a list of 1 tokens without a pattern"),
        ("QQ== 0\nzzz\n", "line 2", "a token in Base64 and its rank"),
    ])
    func `A list that is not Llama 3's says what it lacks`(list: String, _: String, sentence: String) throws {
        try Self.withFolder(["tokenizer.model": Array(list.utf8)]) { folder in
            do {
                _ = try Tokenizer(folder: folder)
                Issue.record("it was read")
            } catch let error as TokenizerError {
                #expect(error.description.contains(sentence), "\(error)")
            }
        }
    }
}
