import JSON
import Testing
import Tokenizers

/// Every complaint names what is wrong and where.
@Suite struct TokenizerErrorTests {
    static let small = #"""
        {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
        """#

    static func complaint(_ text: String) -> String {
        do {
            let tokenizer = try Tokenizer(json: Array(text.utf8))
            return "no complaint: \(try tokenizer.encode("ab", addingSpecialTokens: true))"
        } catch {
            return error.description
        }
    }

    static func added(_ id: Int, _ content: String, strips: String = "", normalized: Bool = false) -> String {
        let (left, right) = (strips == "left", strips == "right")
        return
            #"{"id": \#(id), "content": "\#(content)", "single_word": false, "lstrip": \#(left), "rstrip": \#(right), "#
            + #""normalized": \#(normalized), "special": false}"#
    }

    /// Tokens that take the white space before them, texts, and the ids or the token that is inside another's space.
    @Test(arguments: [
        (#"\n"#, "a<e>\n\nb", #"\n"#), ("  ", "a<e>    b", "  "), (#"\t"#, "a<e>\t b", #"\t"#),
        (#"\n"#, "a<e>\nb", "[0, 3, 1]"), (#"\n"#, "a\n\n<e>b", "[0, 4, 4, 3, 1]"),
    ])
    func `A text whose added tokens take the same white space is an error where the reference fails`(
        token: String, text: String, expected: String
    ) throws {
        let tokens = [Self.added(3, "<e>", strips: "right"), Self.added(4, token, strips: "left")].joined(
            separator: ", ")
        let file = Self.small.replacing(#"{"model""#, with: #"{"added_tokens": [\#(tokens)], "model""#)
        let tokenizer = try Tokenizer(json: Array(file.utf8))
        let outcome: String
        do { outcome = "\(try tokenizer.encode(text, addingSpecialTokens: false))" } catch {
            outcome = error.description
        }
        let complaint =
            "the added token '\(expected)' is inside the white space that the added token before it takes along; "
            + "Hugging Face's tokenizers cannot read such a text either"
        #expect(outcome == (expected.hasPrefix("[") ? expected : complaint))
    }

    @Test func theSmallestTokenizerWorks() {
        #expect(Self.complaint(Self.small) == "no complaint: [2]")
    }

    /// Members to set in the smallest tokenizer, and the complaint.
    @Test(arguments: [
        (
            #"{"normaliser": null}"#,
            "normaliser is not known; known: version, truncation, padding, added_tokens, normalizer, pre_tokenizer, "
                + "post_processor, decoder, model"
        ),
        (#"{"truncation": {"max_length": 1}, "padding": {"strategy": "BatchLongest"}}"#, "no complaint: [2]"),
        (#"{"model": null}"#, "model is missing"),
        (#"{"model": []}"#, "model must be an object, not an array"),
        (
            #"{"model": {"type": "WordPiece", "vocab": {}, "merges": []}}"#,
            "model.type 'WordPiece' is not supported; supported: BPE"
        ),
        (
            #"{"normalizer": {"type": "Strip", "strip_left": true, "strip_right": true}, "added_tokens": [\#(added(3, #"\n"#, normalized: true))]}"#,
            #"added token '\n' is 'normalized', and the normalizer leaves nothing of it"#
        ),
        (
            #"{"normalizer": {"type": "Lowercase"}, "added_tokens": [\#(added(3, "To", normalized: true)), \#(added(4, "to", normalized: true))]}"#,
            "added tokens 'To' and 'to' are 'normalized', and the normalizer makes them the same; Hugging Face's "
                + "tokenizers take either by chance"
        ),
        (
            #"{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", 0]], "byte_fallback": false}}"#,
            "model.type 'Unigram' is not supported; supported: BPE"
        ),
        (
            #"{"model": {"vocab": {}, "merges": [], "dropout": 0.1}}"#,
            "model.dropout 'set' is not supported; supported: null, 0"
        ),
        (
            #"{"model": {"vocab": {}, "merges": [], "end_of_word_suffix": "</w>"}}"#,
            "model.end_of_word_suffix '</w>' is not supported; supported: null"
        ),
        (
            #"{"model": {"vocab": {}, "merges": [], "continuing_subword_prefix": "@@"}}"#,
            "model.continuing_subword_prefix '@@' is not supported; supported: null"
        ),
        (
            #"{"model": {"vocab": {}, "merges": [], "scores": []}}"#,
            "model.scores is not known; known: type, dropout, unk_token, continuing_subword_prefix, end_of_word_suffix, "
                + "fuse_unk, byte_fallback, ignore_merges, vocab, merges"
        ),
        (#"{"model": {"merges": []}}"#, "model.vocab is missing"),
        (#"{"model": {"vocab": {"a": "b"}, "merges": []}}"#, "model.vocab.a must be an integer, not a string"),
        (#"{"model": {"vocab": {"a": 1.5}, "merges": []}}"#, "model.vocab.a must be an integer, not a number"),
        (#"{"model": {"vocab": {"a": -1}, "merges": []}}"#, "token 'a' has the id -1, which is not in 0…2147483647"),
        (
            #"{"model": {"vocab": {"a": 2147483648}, "merges": []}}"#,
            "token 'a' has the id 2147483648, which is not in 0…2147483647"
        ),
        (#"{"model": {"vocab": {"a": 1, "b": 1}, "merges": []}}"#, "tokens 'a' and 'b' share the id 1"),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": ["a b"]}}"#,
            "model.merges[0] names the token 'ab', which is not in the vocabulary"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "ab": 1}, "merges": [["a", "b"]]}}"#,
            "model.merges[0] names the token 'b', which is not in the vocabulary"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": ["a  a"]}}"#,
            "model.merges[0] must be two tokens with one space between them, not 'a  a'"
        ),
        (#"{"model": {"vocab": {"a": 0}, "merges": [["a"]]}}"#, #"model.merges[0] must be two strings, not ["a"]"#),
        (#"{"model": {"vocab": {"a": 0}, "merges": [null]}}"#, "model.merges[0] must be a string, not null"),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": [], "unk_token": "?"}}"#,
            "model.unk_token names the token '?', which is not in the vocabulary"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": [], "fuse_unk": 1}}"#,
            "model.fuse_unk must be true or false, not an integer"
        ),
        (
            #"{"normalizer": {"type": "BertNormalizer"}}"#,
            "normalizer.type 'BertNormalizer' is not supported; supported: Sequence, NFC, NFD, NFKC, NFKD, Lowercase, "
                + "Prepend, Replace, Strip"
        ),
        (
            #"{"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Nmt"}]}}"#,
            "normalizer.normalizers[1].type 'Nmt' is not supported; supported: Sequence, NFC, NFD, NFKC, NFKD, "
                + "Lowercase, Prepend, Replace, Strip"
        ),
        (
            #"{"normalizer": {"type": "Replace", "pattern": {"Regex": "(a)"}, "content": "$1"}}"#,
            "normalizer.content '$1' is not supported; supported: a content without '$' after a Regex"
        ),
        (
            #"{"normalizer": {"type": "Replace", "pattern": {"String": ""}, "content": "x"}}"#,
            "normalizer.pattern.String '' is not supported; supported: a text that is not empty"
        ),
        (
            #"{"pre_tokenizer": {"type": "BertPreTokenizer"}}"#,
            "pre_tokenizer.type 'BertPreTokenizer' is not supported; supported: Sequence, ByteLevel, Digits, Split, "
                + "Metaspace, Punctuation, WhitespaceSplit, Whitespace"
        ),
        (#"{"pre_tokenizer": {"type": "ByteLevel"}}"#, "pre_tokenizer.add_prefix_space is missing"),
        (
            #"{"pre_tokenizer": {"type": "Digits", "individual_digits": true, "max": 3}}"#,
            "pre_tokenizer.max is not known; known: type, individual_digits"
        ),
        (
            #"{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": false}}"#,
            "pre_tokenizer.pattern.Regex is not a regular expression that Oniguruma accepts (its error -117): ("
        ),
        (
            #"{"pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Kept", "invert": false}}"#,
            "pre_tokenizer.behavior 'Kept' is not supported; supported: Removed, Isolated, MergedWithPrevious, "
                + "MergedWithNext, Contiguous"
        ),
        (
            #"{"pre_tokenizer": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}}"#,
            "pre_tokenizer.prepend_scheme 'last' is not supported; supported: always, first, never"
        ),
        (
            #"{"pre_tokenizer": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "add_prefix_space": false}}"#,
            "pre_tokenizer.add_prefix_space 'false' is not supported; supported: true, beside a prepend_scheme that is "
                + "not 'never'"
        ),
        (
            #"{"post_processor": {"type": "PairProcessing"}}"#,
            "post_processor.type 'PairProcessing' is not supported; supported: TemplateProcessing, ByteLevel, "
                + "RobertaProcessing, BertProcessing, Sequence"
        ),
        (
            #"""
            {"post_processor": {"type": "Sequence", "processors": [{"type": "BertProcessing", "cls": ["a", 0], "sep": ["b", 1]},
             {"type": "ByteLevel"}, {"type": "RobertaProcessing", "cls": ["a", 0], "sep": ["b", 1]}]}}
            """#,
            "post_processor.processors[2].type 'RobertaProcessing' is not supported; supported: one processor that adds "
                + "tokens"
        ),
        (
            #"{"post_processor": {"type": "RobertaProcessing", "cls": ["a", 0], "sep": ["b", 1], "trim_offsets": true}}"#,
            "no complaint: [0, 2]"
        ),
        (
            #"{"post_processor": {"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {}}}"#,
            "post_processor.single '0 sequences' is not supported; supported: one sequence A"
        ),
        (
            #"""
            {"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "s", "type_id": 0}}],
             "pair": [], "special_tokens": {}}}
            """#, "post_processor.special_tokens.s is missing"
        ),
        (
            #"""
            {"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "s"}}, {"Sequence": {"id": "A"}}],
             "pair": [], "special_tokens": {"s": {"id": "s", "ids": [9], "tokens": ["s"]}}}}
            """#, "the beginning-of-sequence token 9 is not in the vocabulary"
        ),
        (
            #"{"decoder": {"type": "CTC"}}"#,
            "decoder.type 'CTC' is not supported; supported: Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, "
                + "Metaspace"
        ),
    ])
    func namesThePlaceAndTheProblem(members: String, sentence: String) throws {
        var file = try JSON.parse(Self.small)
        for member in try #require(JSON.parse(members).object) { file = file.setting(member.key, to: member.value) }
        #expect(Self.complaint(file.text()) == sentence)
    }

    @Test(arguments: [
        (7, "q", "added token 'q' is written with the id 7, but its place in the vocabulary gives it 3"),
        (0, "ab", "added token 'ab' is written with the id 0, but its place in the vocabulary gives it 2"),
        (3, "", "added_tokens[0].content '' is not supported; supported: a text that is not empty"),
        (3, "q", "no complaint: [2]"),
    ])
    func addedTokensMustSayTheIdTheyGet(id: Int, content: String, sentence: String) throws {
        let token = try JSON.parse(
            #"{"single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}"#
        ).setting("id", to: .int(id)).setting("content", to: .string(content))
        let file = try JSON.parse(Self.small)
        #expect(Self.complaint(file.setting("added_tokens", to: .array([token])).text()) == sentence)
        if sentence.hasPrefix("no") {
            #expect(
                Self.complaint(file.setting("added_tokens", to: .array([token, token])).text())
                    == "added_tokens holds the token 'q' twice")
        }
    }

    @Test func aFileThatIsNoJSONSaysWhere() {
        #expect(Self.complaint("{\n oops") == "tokenizer: JSON, line 2, column 2: expected a key in quotes, found 'o'")
    }

    @Test func ggufMetadataMustFitTogether() {
        func complaint(
            model: String = "gpt2", tokens: [String] = ["a", "b", "ab"], types: [Int] = [1, 1, 1],
            merges: [String]? = ["a b"], pre: String? = "gpt-2", adds: Bool? = false, beginning: Int? = nil
        ) -> String {
            do {
                var gguf = GGUFVocabulary(model: model, tokens: tokens)
                gguf.types = types
                gguf.merges = merges
                gguf.preTokenizer = pre
                gguf.addsBeginning = adds
                gguf.beginning = beginning
                let tokenizer = try Tokenizer(gguf)
                return "no complaint: \(try tokenizer.encode("ab", addingSpecialTokens: true))"
            } catch {
                return error.description
            }
        }
        #expect(complaint() == "no complaint: [2]")
        #expect(complaint(adds: true, beginning: 1) == "no complaint: [1, 2]")
        #expect(
            complaint(pre: "kimi-k2").hasPrefix(
                "tokenizer.ggml.pre 'kimi-k2' is not supported; supported: default, gpt-2, mpt, "))
        #expect(complaint(pre: nil) == "no complaint: [2]")
        #expect(complaint(pre: "llama3", adds: nil, beginning: 1) == "no complaint: [1, 2]")
        #expect(complaint(adds: nil, beginning: 1) == "no complaint: [2]")
        #expect(
            complaint(model: "rwkv")
                == "tokenizer.ggml.model 'rwkv' is not supported; supported: gpt2, llama")
        #expect(complaint(merges: nil) == "tokenizer.ggml.merges is missing")
        #expect(
            complaint(types: [1, 1])
                == "tokenizer.ggml.tokens has 3 entries and tokenizer.ggml.token_type has 2; they must be as many")
        #expect(
            complaint(types: [1, 7, 1])
                == "tokenizer.ggml.token_type[1] '7' is not supported; supported: 1, 2, 3, 4, 5, 6")
        #expect(
            complaint(merges: ["a"])
                == "tokenizer.ggml.merges[0] must be two tokens with one space between them, not 'a'")
        #expect(
            complaint(merges: ["b b"])
                == "tokenizer.ggml.merges[0] names the token 'bb', which is not in the vocabulary")
        #expect(complaint(tokens: ["a", "b", "a"]) == "tokenizer.ggml.tokens holds the token 'a' twice")
        #expect(complaint(adds: true) == "a beginning-of-sequence token is asked for, but none is named")
        #expect(
            complaint(adds: true, beginning: 3) == "the beginning-of-sequence token 3 is not in the vocabulary")
    }
}
