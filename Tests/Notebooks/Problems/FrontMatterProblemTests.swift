import Notebooks
import TestSupport
import Testing

@Suite struct FrontMatterProblemTests {
    @Test func frontMatterThatIsNotClosed() {
        let sample = SampleNotebook(
            """
            ---
            title: A

            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: front matter begins here with 'title', but no line '---' ends it [unclosed-front-matter]
                    ---
                    ^
                """)
    }

    @Test func frontMatterThatIsAList() {
        let sample = SampleNotebook(
            """
            ---
            - title
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: front matter is a mapping such as 'title: \u{2026}', not a list [yaml-kind]
                    - title
                    ^
                """)
    }

    @Test func anUnknownKey() {
        let sample = SampleNotebook(
            """
            ---
            titel: A
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: front matter has no key 'titel' [unknown-key]
                    titel: A
                    ^
                help: did you mean 'title'?
                """)
    }

    @Test func aSeedThatIsNegative() {
        let sample = SampleNotebook(
            """
            ---
            seed: -1
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: 'seed' takes a whole number from 0 to 9223372036854775807, not '-1' [bad-front-matter]
                    seed: -1
                          ^
                """)
    }

    @Test func aSeedThatIsTooLarge() {
        let sample = SampleNotebook(
            """
            ---
            seed: 9223372036854775808
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: 'seed' takes a whole number from 0 to 9223372036854775807, not '9223372036854775808' [bad-front-matter]
                    seed: 9223372036854775808
                          ^
                """)
    }

    @Test func aTitleThatIsAList() {
        let sample = SampleNotebook(
            """
            ---
            title: [a]
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: 'title' takes a text, not a list [bad-front-matter]
                    title: [a]
                           ^
                """)
    }

    @Test func parametersThatAreAList() {
        let sample = SampleNotebook(
            """
            ---
            params: [a]
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: 'params' takes a mapping of names, not a list [bad-front-matter]
                    params: [a]
                            ^
                """)
    }
}
