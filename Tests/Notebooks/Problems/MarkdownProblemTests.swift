import Notebooks
import TestSupport
import Testing

@Suite struct MarkdownProblemTests {
    @Test func aFenceInAListMustStandAtTopLevel() {
        let sample = SampleNotebook(
            """
            - item

              ```{numbers}
              limit: 2
              ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:3: error: the block {numbers} stands inside a list or a quote; command blocks stand at top level [nested-command]
                      ```{numbers}
                      ^
                """)
    }

    @Test func aFenceInAQuoteMustStandAtTopLevel() {
        let sample = SampleNotebook(
            """
            > ```{numbers}
            > limit: 2
            > ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:3: error: the block {numbers} stands inside a list or a quote; command blocks stand at top level [nested-command]
                    > ```{numbers}
                      ^
                """)
    }

    @Test func aBlockThatIsNeverClosed() {
        let sample = SampleNotebook(
            """
            Text

            ```{numbers}
            limit: 2

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:3:1: error: the block {numbers} is opened here and never closed [unclosed-block]
                    ```{numbers}
                    ^
                """)
    }

    @Test func anInlineValueWithoutAPath() {
        let sample = SampleNotebook(
            "The peak `{= }` here\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:11: error: an inline value names no path [malformed-value]
                    The peak `{= }` here
                              ^
                help: write `{= sweep.peak.layer | .2f }`; the format is optional
                """)
    }

    @Test func anInlineValueWithoutItsEnd() {
        let sample = SampleNotebook(
            "The peak `{= a.b` here\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:11: error: an inline value that starts with '{=' must end with '}' [malformed-value]
                    The peak `{= a.b` here
                              ^
                help: write `{= sweep.peak.layer | .2f }`; the format is optional
                """)
    }

    @Test func anInlineValueThatIsAnExpression() {
        let sample = SampleNotebook(
            "Twice `{= a.b * 2 }`\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:8: error: an inline value is a path and a format, never an expression [malformed-value]
                    Twice `{= a.b * 2 }`
                           ^
                help: write `{= sweep.peak.layer | .2f }`; the format is optional
                """)
    }

    @Test func anInlineValueWithAnEmptyFormat() {
        let sample = SampleNotebook(
            "Twice `{= a.b | }`\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:8: error: an inline value has a '|' but no format after it [malformed-value]
                    Twice `{= a.b | }`
                           ^
                help: write `{= sweep.peak.layer | .2f }`; the format is optional
                """)
    }

    @Test func blocksNestedVeryDeep() {
        let sample = SampleNotebook(
            String(repeating: "> ", count: 150) + "x\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:201: error: blocks are nested more than 100 deep [too-deep]
                    \u{2026}> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > \u{2026}
                                                                                 ^
                """)
    }

    @Test func emphasisNestedVeryDeep() {
        let sample = SampleNotebook(
            String(repeating: "*a **a ", count: 120) + "x" + String(repeating: "** a*", count: 120) + "\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: emphasis, links and images are nested more than 100 deep [too-deep]
                    *a **a *a **a *a **a *a **a *a **a *a **a *a **a *a **a *a *\u{2026}
                    ^
                """)
    }
}
