import JSON
import Testing
import Tokenizers

/// In what two tokenizers differ, in words.
@Suite struct DifferenceTests {
    static let file = #"""
        {"added_tokens": [{"id": 4, "content": "<x>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "ba": 3}, "merges": ["a b", "b a"]}}
        """#

    @Test(arguments: [
        (
            #"{"model": {"vocab": {"a": 0, "b": 1, "ab": 2, "bb": 3}, "merges": ["a b", "b b"]}}"#,
            "token 3 is 'ba' to the first and 'bb' to the second"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "b": 1, "ab": 2, "ba": 3}, "merges": ["b a", "a b"]}}"#,
            "merge 0 is 'a b' in the first and 'b a' in the second"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "b": 1, "ab": 2, "ba": 3}, "merges": ["a b"]}}"#,
            "merge 1 is 'b a' in the first and nothing in the second"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "b": 1, "ab": 2, "ba": 3}, "merges": ["a b", "b a"], "ignore_merges": true}}"#,
            "pieces become tokens by other rules"
        ),
        (#"{"added_tokens": []}"#, "token 4 is '<x>' to the first and nothing to the second"),
        (
            #"{"added_tokens": [{"id": 4, "content": "<x>", "single_word": false, "lstrip": true, "rstrip": false, "normalized": false}]}"#,
            "the special token '<x>' is not found in the same way"
        ),
        (#"{"normalizer": {"type": "NFC"}}"#, "texts are normalized in other ways"),
        (
            #"{"pre_tokenizer": {"type": "Digits", "individual_digits": true}}"#,
            "texts are cut into pieces in other ways"
        ),
        (
            #"{"post_processor": {"type": "BertProcessing", "cls": ["a", 0], "sep": ["b", 1]}}"#,
            "the first puts the tokens [] in front of a text and the second [0]"
        ),
    ])
    func `What differs is named`(members: String, sentence: String) throws {
        let first = try Tokenizer(json: Array(Self.file.utf8))
        var file = try JSON.parse(Self.file)
        for member in try #require(JSON.parse(members).object) { file = file.setting(member.key, to: member.value) }
        let second = try Tokenizer(json: Array(file.text().utf8))
        #expect(first.difference(from: second)?.description == sentence)
    }

    @Test func `What no id depends on is no difference`() throws {
        let first = try Tokenizer(json: Array(Self.file.utf8))
        let file = try JSON.parse(Self.file).setting("decoder", to: JSON.parse(#"{"type": "Fuse"}"#))
            .setting("truncation", to: JSON.parse(#"{"max_length": 3}"#))
        #expect(first.difference(from: try Tokenizer(json: Array(file.text(pretty: true).utf8))) == nil)
    }

    /// The tokenizer of a `tokenizer.json` fixture as a GGUF file would write it, after a change.
    private func gguf(_ name: String, pre: String, _ change: (inout GGUFVocabulary) -> Void = { _ in }) throws
        -> Tokenizer
    {
        let definition = try TokenizerTests.definition(name)
        var tokens: [Int: (text: String, type: Int)] = [:]
        for member in try #require(definition["model"]?["vocab"]?.object) {
            tokens[try #require(member.value.int)] = (member.key, 1)
        }
        for token in definition["added_tokens"]?.array ?? [] {
            tokens[try #require(token["id"]?.int)] = (try #require(token["content"]?.string), 3)
        }
        // What is left between the ids, and some after them, is filled up.
        let count = (tokens.keys.max() ?? 0) + 4
        let filled = (0..<count).map { tokens[$0] ?? ("[PAD\($0)]", 5) }
        var vocabulary = GGUFVocabulary(model: "gpt2", tokens: filled.map(\.text))
        vocabulary.types = filled.map(\.type)
        vocabulary.merges = try #require(definition["model"]?["merges"]?.array).map {
            try $0.string ?? #require($0.array).compactMap(\.string).joined(separator: " ")
        }
        vocabulary.preTokenizer = pre
        change(&vocabulary)
        return try Tokenizer(vocabulary)
    }

    @Test func `The same tokenizer in a GGUF file and in a tokenizer.json is no difference`() throws {
        let json = try TokenizerTests.tokenizer("gpt2")
        let gguf = try gguf("gpt2", pre: "gpt-2")
        #expect(json.digest != gguf.digest)
        #expect(json.difference(from: gguf) == nil)
        #expect(gguf.difference(from: json) == nil)
    }

    @Test func `What differs between a GGUF file and a tokenizer.json is named`() throws {
        let json = try TokenizerTests.tokenizer("gpt2")
        func sentence(pre: String = "gpt-2", _ change: (inout GGUFVocabulary) -> Void = { _ in }) throws -> String {
            try #require(json.difference(from: gguf("gpt2", pre: pre, change))).description
        }
        #expect(try sentence { $0.merges?.swapAt(0, 1) }.hasPrefix("merge 0 is '"))
        #expect(try sentence { $0.merges?.removeLast() }.hasSuffix("' in the first and nothing in the second"))
        #expect(try sentence { $0.tokens.swapAt(300, 301) }.hasPrefix("token 300 is '"))
        #expect(try sentence(pre: "starcoder").hasPrefix("the text \""))
        #expect(
            try sentence {
                $0.addsBeginning = true
                $0.beginning = 3
            } == "the first puts the tokens [] in front of a text and the second [3]")
        // 'the' found in the text itself, wherever it stands.
        #expect(
            try sentence {
                $0.tokens[422] = "lo, w"; $0.types?[422] = 3
            }.hasPrefix("the text \""))
    }
}
