import JSON
import Testing
import Tokenizers

/// Token ids against Hugging Face's `tokenizers`, on texts that are made to go wrong.
@Suite struct ReferenceTests {
    @Test func aTextBecomesIdsAndBack() throws {
        let file = try #require(Fixtures.json("llama3-style")["definition"])
        let tokenizer = try Tokenizer(json: Array(file.text().utf8))
        let ids = try tokenizer.encode("The harbour master", addingSpecialTokens: true)
        #expect(tokenizer.decode(ids) == "<|begin_of_text|>The harbour master")
        #expect(try tokenizer.encode("The harbour master", addingSpecialTokens: false) == Array(ids.dropFirst()))
    }

    @Test(arguments: [
        "gpt2", "added-tokens", "llama3-style", "smollm-style", "qwen2-style", "llama2-style", "fused-unknown",
        "metaspace",
    ])
    func idsAreThoseOfTheReference(name: String) throws {
        let fixture = try Fixtures.json(name)
        let definition = try #require(fixture["definition"])
        try Fixtures.check(try Tokenizer(json: Array(definition.text().utf8)), fixture, name)
    }

    @Test func everyWayToCutAndToNormalizeIsThatOfTheReference() throws {
        let fixture = try Fixtures.json("steps")
        let definition = try #require(fixture["definition"])
        let random = try Fixtures.texts().random
        let variants = try #require(fixture["variants"]?.array)
        #expect(variants.count == 70)
        for variant in variants {
            let name = try #require(variant["name"]?.string)
            let file = try definition.setting("pre_tokenizer", to: #require(variant["pre_tokenizer"]))
                .setting("normalizer", to: #require(variant["normalizer"]))
            try Fixtures.checkRandom(try Tokenizer(json: Array(file.text().utf8)), variant, random, name)
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func ggufMetadataGivesTheIdsOfTheReference(index: Int) throws {
        let fixture = try Fixtures.json("gguf")
        let variant = try #require(fixture["variants"]?.array?[index])
        let pre = try #require(variant["pre"]?.string)
        let front = variant["front"]?.int
        var gguf = GGUFVocabulary(model: "gpt2", tokens: try #require(fixture["tokens"]?.array).compactMap(\.string))
        gguf.types = try #require(fixture["types"]?.array).compactMap(\.int)
        gguf.merges = try #require(fixture["merges"]?.array).compactMap(\.string)
        gguf.preTokenizer = pre
        gguf.addsBeginning = front != nil
        gguf.beginning = 1
        let tokenizer = try Tokenizer(gguf)
        try Fixtures.check(tokenizer, variant, pre)
    }
}
