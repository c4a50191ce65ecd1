import Notebooks
import TestSupport
import Testing

@Suite struct OptionProblemTests {
    @Test func anUnknownOption() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limt: 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: {numbers} has no option 'limt' [unknown-option]
                    limt: 2
                    ^
                help: did you mean 'limit'?
                """)
    }

    @Test func anUnknownOptionLikeNoOther() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            zzzzzz: 2
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: {numbers} has no option 'zzzzzz' [unknown-option]
                    zzzzzz: 2
                    ^
                help: its options are 'limit', 'scale', 'order', 'marks', 'colour', 'layers', 'quick', 'id', 'caption', 'alt', 'show'
                """)
    }

    @Test func aMissingOption() {
        let sample = SampleNotebook(
            """
            ```{double}

            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: block {double} needs the option 'of': the id of a 'numbers' block above [missing-option]
                    ```{double}
                    ^
                help: whose sum to double
                """)
    }

    @Test func aTextForAWholeNumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: many
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'limit' takes a whole number from 1 to 1000, but 'many' is not a whole number [bad-option]
                    limit: many
                           ^
                """)
    }

    @Test func aNumberInQuotes() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: '12'
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'limit' takes a whole number from 1 to 1000, but '12' in quotes is a text [bad-option]
                    limit: '12'
                           ^
                """)
    }

    @Test func aFractionForAWholeNumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: 1.5
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'limit' takes a whole number from 1 to 1000, but '1.5' is not a whole number [bad-option]
                    limit: 1.5
                           ^
                """)
    }

    @Test func nothingForAWholeNumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit:
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: option 'limit' takes a whole number from 1 to 1000, but nothing is given [bad-option]
                    limit:
                          ^
                """)
    }

    @Test func aListForAWholeNumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: [1]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'limit' takes a whole number from 1 to 1000, but a list is not a whole number [bad-option]
                    limit: [1]
                           ^
                """)
    }

    @Test func aNumberTooSmall() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            limit: 0
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'limit' takes a whole number from 1 to 1000, but 0 is too small [bad-option]
                    limit: 0
                           ^
                """)
    }

    @Test func aNumberTooLarge() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            scale: 1.5
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'scale' takes a number from 0 to 1, but 1.5 is too large [bad-option]
                    scale: 1.5
                           ^
                """)
    }

    @Test func aWordForANumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            scale: half
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'scale' takes a number from 0 to 1, but 'half' is not a number [bad-option]
                    scale: half
                           ^
                """)
    }

    @Test func aWordForTrueOrFalse() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            quick: yes
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'quick' takes 'true' or 'false', but 'yes' is neither [bad-option]
                    quick: yes
                           ^
                """)
    }

    @Test func aListForAText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            colour: [red]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: option 'colour' takes a text, but a list is not a text [bad-option]
                    colour: [red]
                            ^
                """)
    }

    @Test func aMisspeltChoice() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            order: upp
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'order' takes one of 'up', 'down', but 'upp' is not one of them [bad-option]
                    order: upp
                           ^
                help: did you mean 'up'?
                """)
    }

    @Test func aChoiceLikeNoOther() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            order: sideways
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: option 'order' takes one of 'up', 'down', but 'sideways' is not one of them [bad-option]
                    order: sideways
                           ^
                """)
    }

    @Test func aMisspeltChoiceInAList() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            marks: [odd, evn]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:14: error: option 'marks' takes a list of 'odd', 'even', but 'evn' is not one of them [bad-option]
                    marks: [odd, evn]
                                 ^
                help: did you mean 'even'?
                """)
    }

    @Test func aChoiceTwiceInAList() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            marks: [odd, odd]
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:14: error: option 'marks' takes a list of 'odd', 'even', but 'odd' is listed twice [bad-option]
                    marks: [odd, odd]
                                 ^
                """)
    }
}
