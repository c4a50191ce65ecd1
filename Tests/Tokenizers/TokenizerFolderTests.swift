import Foundation
import JSON
import Testing
import Tokenizers

/// What the files around a `tokenizer.json` say about ids.
@Suite struct TokenizerFolderTests {
    static let small = #"""
        {"model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "a": 2, "b": 3, "ab": 4}, "merges": ["a b"]}}
        """#
    static let withFront = #"""
        {"model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "a": 2, "b": 3, "ab": 4}, "merges": ["a b"]},
         "post_processor": {"type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
          "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}}
        """#

    /// The ids of "ab<x> <s>", or the complaint without the folder's path.
    static func outcome(_ files: [String: String]) throws -> String {
        try VocabularyFileTests.withFolder(files.mapValues { Array($0.utf8) }) { folder in
            do {
                return "\(try Tokenizer(folder: folder).encode("ab<x> <s>", addingSpecialTokens: true))"
            } catch let error as TokenizerError {
                return error.description.replacing(folder, with: "folder")
            }
        }
    }

    @Test(arguments: [
        // "<", "x", ">" and " " are no tokens of this model.
        ([:], "[4]"),
        (["added_tokens.json": #"{"<x>": 5}"#], "[4, 5]"),
        (
            [
                "tokenizer_config.json":
                    #"{"added_tokens_decoder": {"5": {"content": "<x>", "rstrip": true}}, "bos_token": "<s>"}"#
            ],
            "[4, 5, 0]"
        ),
        (
            [
                "tokenizer_config.json":
                    #"{"added_tokens_decoder": {"0": {"content": "<s>", "lstrip": true, "special": true}}}"#,
                "added_tokens.json": #"{"<x>": 5}"#,
            ], "[4, 5, 0]"
        ),
        // Tokens that are named by what they are for are added tokens, in the vocabulary or after it.
        (["tokenizer_config.json": #"{"bos_token": "<s>", "additional_special_tokens": ["<x>"]}"#], "[4, 5, 0]"),
        (
            ["tokenizer_config.json": #"{"image_token": "<x>", "eos_token": {"content": "<s>", "lstrip": true}}"#],
            "[4, 5, 0]"
        ),
        (
            ["tokenizer_config.json": #"{"extra_special_tokens": {"image_token": "<x>"}, "pad_token": "b"}"#],
            "[2, 3, 5]"
        ),
        (
            ["special_tokens_map.json": #"{"bos_token": {"content": "<s>"}, "extra_special_tokens": ["<x>"]}"#],
            "[4, 5, 0]"
        ),
        (
            [
                "tokenizer_config.json": #"{"bos_token": "a", "extra_special_tokens": ["<x>"]}"#,
                "special_tokens_map.json":
                    #"{"bos_token": "<s>", "extra_special_tokens": ["b"], "additional_special_tokens": ["a"]}"#,
            ], "[2, 3, 5, 0]"
        ),
        (
            [
                "tokenizer_config.json": #"{"added_tokens_decoder": {}}"#,
                "special_tokens_map.json": #"{"bos_token": "<s>"}"#,
            ], "[4]"
        ),
        (
            ["special_tokens_map.json": #"{"bos_token": 1}"#],
            "folder/special_tokens_map.json: bos_token must be a string, not an integer"
        ),
        (
            ["tokenizer_config.json": #"{"split_special_tokens": true}"#],
            "folder/tokenizer_config.json: split_special_tokens 'true' is not supported; supported: false"
        ),
        (
            ["added_tokens.json": #"{"<x>": 4}"#],
            "folder: tokens 'ab' and '<x>' share the id 4"
        ),
        (
            ["added_tokens.json": #"{"ab": 7}"#],
            "folder: added token 'ab' is written with the id 7, but its place in the vocabulary gives it 4"
        ),
        (
            ["tokenizer_config.json": "{"],
            "folder/tokenizer_config.json: tokenizer: JSON, line 1, column 2: expected a key in quotes or '}', found the end"
        ),
        (["tokenizer_config.json": #"{"add_bos_token": false, "add_eos_token": false}"#], "[4]"),
        (
            ["tokenizer_config.json": #"{"add_bos_token": true}"#],
            "folder: add_bos_token is true in tokenizer_config.json, but the post_processor of tokenizer.json puts no "
                + "token in front"
        ),
        (
            ["tokenizer_config.json": #"{"add_eos_token": true}"#],
            "folder: add_eos_token is true in tokenizer_config.json, but the post_processor of tokenizer.json puts no "
                + "token after"
        ),
    ])
    func `Added tokens are read and contradictions are named`(files: [String: String], expected: String) throws {
        let outcome = try Self.outcome(files.merging(["tokenizer.json": Self.small]) { $1 })
        if expected.contains("line 1, column 2") {
            #expect(outcome.hasPrefix("folder/tokenizer_config.json: tokenizer: JSON, line 1, column 2"))
        } else {
            #expect(outcome == expected)
        }
    }

    @Test func `A template that contradicts add_bos_token is named, and one that agrees is fine`() throws {
        #expect(
            try Self.outcome([
                "tokenizer.json": Self.withFront, "tokenizer_config.json": #"{"add_bos_token": false}"#,
            ])
                == "folder: add_bos_token is false in tokenizer_config.json, but the post_processor of tokenizer.json puts "
                + "the tokens [0] in front")
        #expect(
            try Self.outcome([
                "tokenizer.json": Self.withFront, "tokenizer_config.json": #"{"add_bos_token": true}"#,
            ]) == "[0, 4]")
        #expect(try Self.outcome([:]) == "folder/tokenizer.json (or tekken.json, or tokenizer.model) is missing")
    }

    @Test(arguments: [
        ("GPT2TokenizerFast", false, true, true), ("PreTrainedTokenizerFast", false, true, false),
        ("LlamaTokenizer", false, true, false), ("GPT2Tokenizer", true, false, true),
        ("Qwen2Tokenizer", true, true, false),
    ])
    func
        `A leading space that the settings and the file see differently is an error where the class follows the settings`(
            kind: String, puts: Bool, wanted: Bool, isError: Bool
        ) throws
    {
        let file = Self.small.replacing(
            #"{"model""#, with: #"{"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": \#(puts)}, "model""#)
        let outcome = try Self.outcome([
            "tokenizer.json": file,
            "tokenizer_config.json": #"{"tokenizer_class": "\#(kind)", "add_prefix_space": \#(wanted)}"#,
        ])
        let complaint =
            "folder: add_prefix_space is \(wanted) in tokenizer_config.json, by which GPT2Tokenizer goes, but "
            + "tokenizer.json puts \(puts ? "a" : "no") space in front of a text"
        #expect(outcome == (isError ? complaint : "[4]"))
    }

    @Test func `An error in a whole tokenizer names its file`() throws {
        #expect(
            try Self.outcome(["tokenizer.json": Self.small.replacing("a b", with: "a z")])
                == "folder/tokenizer.json: model.merges[0] names the token 'az', which is not in the vocabulary")
    }

    @Test func `Tokens that a folder names are known by what they are for`() throws {
        let files = [
            "tokenizer.json": Self.small,
            "tokenizer_config.json": #"{"bos_token": {"content": "<s>"}, "eos_token": "</s>"}"#,
        ]
        try VocabularyFileTests.withFolder(files.mapValues { Array($0.utf8) }) { folder in
            let tokenizer = try Tokenizer(folder: folder)
            #expect(tokenizer.beginning == 0)
            #expect(tokenizer.ends == [1])
            #expect(tokenizer.id(of: "ab") == 4)
            #expect(tokenizer.id(of: "ba") == nil)
            #expect(Tokenizer.files(in: folder) == ["\(folder)/tokenizer.json", "\(folder)/tokenizer_config.json"])
        }
    }
}
