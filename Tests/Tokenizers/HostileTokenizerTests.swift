import JSON
import Testing
import Tokenizers

/// Files and texts that are made to run away: each ends soon, with one sentence.
@Suite struct HostileTokenizerTests {
    static func splitting(by pattern: String) throws -> Tokenizer {
        let definition = try TokenizerTests.definition("gpt2")
        let split: JSON = .object([
            .init("type", .string("Split")), .init("pattern", .object([.init("Regex", .string(pattern))])),
            .init("behavior", .string("Isolated")), .init("invert", .bool(false)),
        ])
        return try Tokenizer(json: Array(definition.setting("pre_tokenizer", to: split).text().utf8))
    }

    @Test(arguments: [#"(a+)+b"#, #"(a+)+[bd]"#, #"(?=(a+)+$)b"#, #"a(?=a*[c])(?=a*[d])"#, #"(?=a*c)a{3}b"#])
    func `A pattern that runs away on a text is given up`(pattern: String) throws {
        let tokenizer = try Self.splitting(by: pattern)
        let start = ContinuousClock.now
        do {
            _ = try tokenizer.encode(String(repeating: "a", count: 300_000) + "c", addingSpecialTokens: false)
            Issue.record("\(pattern) was not given up")
        } catch {
            #expect(
                error.description.hasPrefix(
                    "pre_tokenizer.pattern.Regex takes too many steps or too much memory on this text"), "\(error)")
        }
        #expect(ContinuousClock.now - start < .seconds(60))
        _ = try tokenizer.encode("abc", addingSpecialTokens: false)
    }

    @Test(arguments: ["(", "[a-", "a{99999999}", "\\p{Nope}", "(?<n>a)\\k<m>", "*"])
    func `A pattern that does not compile is an error`(pattern: String) {
        #expect(throws: TokenizerError.self) { try Self.splitting(by: pattern) }
    }

    @Test func `A pattern of a hundred kilobytes is refused`() {
        #expect(
            throws: TokenizerError.unsupported(
                place: "pre_tokenizer.pattern.Regex", found: "of 100000 bytes", supported: ["at most 16384 bytes"])
        ) { try Self.splitting(by: String(repeating: "a", count: 100_000)) }
    }

    @Test func `A text that no model could take is refused`() throws {
        let tokenizer = try TokenizerTests.tokenizer("gpt2")
        let line = String(repeating: "a", count: 100_000_000)
        #expect(throws: TokenizerError.textTooLong(bytes: 100_000_000, limit: 2_097_152)) {
            try tokenizer.encode(line, addingSpecialTokens: false)
        }
    }

    @Test(arguments: ["a", " ", "\n", "ab ", "1", "!", "\u{E9}", "\u{301}", "\u{AC00}", "\u{1F600}"])
    func `A long run of one scalar is read`(unit: String) throws {
        let text = String(repeating: unit, count: Tokenizer.longestText / unit.utf8.count / 8)
        for name in ["gpt2", "llama3-style", "llama2-style", "qwen2-style"] {
            let tokenizer = try TokenizerTests.tokenizer(name)
            let ids = try tokenizer.encode(text, addingSpecialTokens: false)
            #expect(!ids.isEmpty)
        }
    }
}
