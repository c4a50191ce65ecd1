import Notebooks
import TestSupport
import Testing

@Suite struct PlaceTests {
    @Test func aCaretAfterATab() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            colour:\ta
            limit:\tmany
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:8: error: option 'limit' takes a whole number from 1 to 1000, but 'many' is not a whole number [bad-option]
                    limit:\tmany
                          \t^
                """)
    }

    @Test func aCaretAfterWideCharacters() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            {colour: 日本語 é 👩‍👩‍👧 🇫🇷, limit: many}
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:59: error: option 'limit' takes a whole number from 1 to 1000, but 'many' is not a whole number [bad-option]
                    {colour: 日本語 é 👩‍👩‍👧 🇫🇷, limit: many}
                                                    ^
                """)
    }

    @Test func aCaretInALongLine() {
        let sample = SampleNotebook(
            String(repeating: "x ", count: 200) + "`{= a.b }`" + String(repeating: " y", count: 200) + "\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:405: error: no block has the id 'a' [unknown-block]
                    \u{2026}x x x x x x x x x x x x x x x x x x x x x x x x x x x x `{= a.b }` y y y y y y y y y y y y y y y y y y y y y y y y y y y\u{2026}
                                                                                 ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func aCarriageReturnLineFeedFile() {
        let sample = SampleNotebook(
            "```{numbers}\r\nlimit: 2\r\nlimt: 3\r\n```\r\n")
        #expect(
            sample.problems == """
                notebooks/x.md:3:1: error: {numbers} has no option 'limt' [unknown-option]
                    limt: 3
                    ^
                help: did you mean 'limit'?
                """)
    }

    @Test func noFinalNewline() {
        let sample = SampleNotebook(
            "See `{= a.b }`")
        #expect(
            sample.problems == """
                notebooks/x.md:1:9: error: no block has the id 'a' [unknown-block]
                    See `{= a.b }`
                            ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func aByteOrderMarkIsNoColumn() {
        let sample = SampleNotebook(
            "\u{FEFF}See `{= a.b }`\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:9: error: no block has the id 'a' [unknown-block]
                    See `{= a.b }`
                            ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func textThatWouldTurnAroundOrClearTheTerminal() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            colour: \u{202E}abc
            limit: \u{202E}many
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:8: error: option 'limit' takes a whole number from 1 to 1000, but '�many' is not a whole number [bad-option]
                    limit: �many
                           ^
                """)
    }
}
