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
}
