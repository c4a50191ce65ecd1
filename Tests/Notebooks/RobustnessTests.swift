import Markdown
import Notebooks
import Testing
import TestSupport

@Suite struct RobustnessTests {
    @Test func bytesThatAreNotUTF8HaveAPlace() {
        #expect(throws: Diagnostics.self) { try SourceText(name: "x.md", bytes: [0xFF]) }
        do {
            _ = try SourceText(
                name: "notebooks/x.md", bytes: Array("One\ntwo é ".utf8) + [0xC3, 0x28] + Array("\nend".utf8))
        } catch {
            #expect(
                error.description == """
                    notebooks/x.md:2:8: error: the byte 0xC3 is not UTF-8; notebooks are UTF-8 text [invalid-utf8]
                        two é\u{20}
                              ^
                    """)
        }
    }

    @Test(arguments: 0..<200)
    func randomBytesGiveProblemsOrANotebook(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let alphabet =
            Array("`{}=|[]()<>*_#-+!&~:;,.'\"\\ \t\r\n\0\u{7F}aé日".utf8) + Array("\n```{numbers}\n---\n> - ".utf8)
        let bytes = (0..<2000).map { _ in
            random.next() % 40 == 0
                ? UInt8(truncatingIfNeeded: random.next()) : alphabet[Int(random.next() % UInt64(alphabet.count))]
        }
        guard let source = try? SourceText(name: "x.md", bytes: bytes) else { return }
        check(source)
        check(SourceText(name: "x.md", text: "---\n" + String(decoding: bytes, as: UTF8.self) + "\n---\n"))
        check(SourceText(name: "x.md", text: "```{numbers}\n" + String(decoding: bytes, as: UTF8.self)))
    }

    /// A text with a name, so that a failure does not print the text.
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String

        init(_ description: String, _ text: String) {
            testDescription = description
            self.text = text
        }

        /// The text inside a block.
        init(_ description: String, body: String) { self.init(description, "```{numbers}\n\(body)\n```\n") }
    }

    @Test(arguments: [
        Attack("quotes", String(repeating: "> ", count: 50_000)),
        Attack("lists", String(repeating: "- ", count: 50_000)),
        Attack("emphasis", String(repeating: "*a ", count: 50_000)),
        Attack("brackets", String(repeating: "[", count: 100_000)),
        Attack("images", String(repeating: "![", count: 20_000) + String(repeating: "](u)", count: 20_000)),
        Attack("unknown values", String(repeating: "`{= a.b }` ", count: 50_000)),
        Attack("backtick runs", (1...500).map { String(repeating: "`", count: $0) + "x" }.joined()),
        Attack("a long line", String(repeating: "x", count: 1_000_000) + " `{= a.b }`"),
        Attack("flow lists", body: "layers: " + String(repeating: "[", count: 100_000)),
        Attack("flow mappings", body: "layers: " + String(repeating: "{a: ", count: 100_000)),
        Attack("block lists", body: String(repeating: "- ", count: 100_000)),
        Attack("complex keys", body: String(repeating: "? ", count: 100_000)),
        Attack("a long list", body: "layers: [" + (0..<100_000).map(String.init).joined(separator: ",") + ",é]"),
        Attack("a long text", body: "colour: " + String(repeating: "x", count: 1_000_000)),
        Attack("a NUL in a body", body: "\0"), Attack("NULs", "\0\0`{= a\0b }`\0"),
        Attack("two marks", "\u{FEFF}\u{FEFF}# A"),
        Attack("a fence at the end", "```{numbers}"), Attack("a fence and a line end", "```{numbers}\n"),
        Attack("another fence", "~~~{numbers}\n```\n~~~~"), Attack("dashes", "---"), Attack("a dashed line", "---\n"),
        Attack("empty front matter", "---\n---"), Attack("a NUL in front matter", "---\n\0\n---\n"),
        Attack("many blocks", String(repeating: "```{numbers}\nlimit: 2\n```\n", count: 2_000)),
        Attack("many wrong blocks", String(repeating: "```{numbers}\nlimt: 2\n```\n", count: 2_000)),
    ])
    func textMeantToBreakTheParserDoesNot(attack: Attack) {
        let clock = ContinuousClock()
        let time = clock.measure { check(SourceText(name: "x.md", text: attack.text)) }
        #expect(time < .seconds(10))
    }

    @Test func aliasesThatWouldGrowWithoutEndAreRefusedAtOnce() {
        var body = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            let list = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            body += "a\(level): &a\(level) [\(list)]\n"
        }
        for text in [body, body + "? *a29\n: 1\n? *a29\n: 2\n"] {
            #expect(SampleNotebook("```{numbers}\n\(text)```\n").problems.contains("[yaml-anchor]"))
        }
    }

    @Test func signsOfAnchorsInsideTextAreText() {
        let notebook = SampleNotebook("```{numbers}\ncaption: Q&A *here* &amp; *there*\ncolour: '&a *a'\n```\n")
        #expect(notebook.problems == "")
    }

    /// Every problem has a place inside the text, and a caret.
    private func check(_ source: SourceText) {
        var session = Session(catalogue: .samples, project: Project(notebookFolder: "/tmp", root: "/tmp"))
        for problem in session.update(source).problems.all.prefix(50) {
            #expect(problem.location != nil)
            #expect(problem.text.utf8.count < 3_000)
            #expect(problem.text.contains("\n    ") && problem.text.contains("^"))
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
