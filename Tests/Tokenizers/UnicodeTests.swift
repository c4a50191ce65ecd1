import Digests
import JSON
import Testing
import Tokenizers

/// Normalization and categories over every scalar, against Hugging Face's `tokenizers`.
@Suite struct UnicodeTests {
    /// A tokenizer whose ids are the bytes of the normalized text.
    static func bytes(
        _ normalizer: JSON,
        preTokenizer: String = #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}"#
    ) throws -> Tokenizer {
        let alphabet = (0..<256).map { byte -> String in
            let plain = [0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF].contains { $0.contains(byte) }
            let value =
                plain
                ? byte
                : 0x100
                    + (0..<byte).count { other in
                        ![0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF].contains { $0.contains(other) }
                    }
            return String(Unicode.Scalar(UInt32(value)) ?? " ")
        }
        let file: JSON = .object([
            .init("normalizer", normalizer),
            .init("pre_tokenizer", try JSON.parse(preTokenizer)),
            .init("decoder", try JSON.parse(#"{"type": "ByteLevel"}"#)),
            .init(
                "model",
                .object([
                    .init("vocab", .object(alphabet.enumerated().map { .init($1, .int($0)) })),
                    .init("merges", .array([])),
                ])),
        ])
        return try Tokenizer(json: Array(file.text().utf8))
    }

    static func check(_ tokenizer: Tokenizer, _ blocks: [String], _ digits: JSON?, _ name: String) throws {
        let expected = try #require(digits?.string)
        try #require(expected.utf8.count == 6 * blocks.count)
        for (index, block) in blocks.enumerated() {
            let ids = try tokenizer.encode(block, addingSpecialTokens: false)
            let digest = SHA256.digest(of: ids.map { UInt8(truncatingIfNeeded: $0) }).hex.prefix(6)
            #expect(digest == expected.dropFirst(6 * index).prefix(6), "\(name), block \(index)")
        }
    }

    static let scalarBlocks: [String] = {
        let scalars = (Array(UInt32(0)..<0x40000) + Array(0xE0000..<0xE1000)).compactMap(Unicode.Scalar.init)
        return stride(from: 0, to: scalars.count, by: 4096).map { start in
            scalars[start..<min(start + 4096, scalars.count)].map { "a\($0)e\n" }.joined()
        }
    }()

    static let jamoBlocks: [String] = {
        func scalars(_ range: ClosedRange<UInt32>) -> [Unicode.Scalar] { range.compactMap(Unicode.Scalar.init) }
        let jamo = scalars(0x1100...0x11FF)
        let pairs = jamo.map { first in
            jamo.map { "\(String(Character(first)))\(String(Character($0)))\n" }.joined()
        }
        let syllables = scalars(0xAC00...0xD7A3)
        let trailing = scalars(0x11A6...0x11C3)
        return pairs
            + stride(from: 0, to: syllables.count, by: 256).map { start in
                syllables[start..<min(start + 256, syllables.count)].map { syllable in
                    trailing.map { "\(String(Character(syllable)))\(String(Character($0)))\n" }.joined()
                }.joined()
            }
    }()

    @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD", "Lowercase"])
    func `Every scalar is normalized as the reference does`(form: String) throws {
        let tokenizer = try Self.bytes(.object([.init("type", .string(form))]))
        try Self.check(tokenizer, Self.scalarBlocks, Fixtures.json("unicode")["scalars"]?[form], form)
    }

    @Test(arguments: ["NFC", "NFD", "NFKC", "NFKD"])
    func `Every pair of jamo is normalized as the reference does`(form: String) throws {
        let tokenizer = try Self.bytes(.object([.init("type", .string(form))]))
        try Self.check(tokenizer, Self.jamoBlocks, Fixtures.json("unicode")["jamo"]?[form], form)
        let plain = try Self.bytes(.null)
        func normalized(_ text: String) throws -> String {
            plain.decode(try tokenizer.encode(text, addingSpecialTokens: false))
        }
        if form == "NFC" {
            #expect(try normalized("\u{AC00}\u{11A8}").utf8.elementsEqual("\u{AC01}".utf8))
            #expect(try normalized("\u{1112}\u{1161}\u{11A7}").utf8.elementsEqual("\u{D558}\u{11A7}".utf8))
        }
    }

    @Test func `Every scalar is of the classes that the reference gives it, however a pattern names them`() throws {
        for (pattern, digits) in try #require(Fixtures.json("unicode")["classes"]?.object).map({ ($0.key, $0.value) }) {
            let normalizer: JSON = .object([
                .init("type", .string("Replace")), .init("pattern", .object([.init("Regex", .string(pattern))])),
                .init("content", .string("#")),
            ])
            try Self.check(Self.bytes(normalizer), Self.scalarBlocks, digits, pattern)
        }
    }

    @Test(arguments: [
        ("Whitespace", ""), ("WhitespaceSplit", ""), ("Punctuation", ""), ("Digits", #", "individual_digits": true"#),
        ("ByteLevel", #", "add_prefix_space": false"#),
    ])
    func `Every scalar is cut from its neighbours as the reference does`(type: String, settings: String) throws {
        // The second step puts a space in front of each piece.
        let steps = #"""
            {"type": "Sequence", "pretokenizers": [{"type": "\#(type)"\#(settings)},
             {"type": "ByteLevel", "add_prefix_space": true, "use_regex": false}]}
            """#
        try Self.check(
            Self.bytes(.null, preTokenizer: steps), Self.scalarBlocks, Fixtures.json("unicode")["pieces"]?[type], type)
    }

    @Test func `A long run of combining marks takes no long time to order`() throws {
        let tokenizer = try Self.bytes(.object([.init("type", .string("NFD"))]))
        let start = ContinuousClock.now
        let ids = try tokenizer.encode(
            "a" + String(repeating: "\u{301}\u{323}", count: 200_000), addingSpecialTokens: false)
        #expect(ids.count == 800_001)
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
