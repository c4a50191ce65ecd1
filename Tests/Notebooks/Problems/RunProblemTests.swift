import Notebooks
import TestSupport
import Testing

@Suite struct RunProblemTests {
    @Test func anErrorOfARunStandsAtItsBlock() {
        let sample = SampleNotebook(
            """
            ```{break}
            how: throw
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: block 'break-1': the file 'x.bin' ends after 12 bytes [run-failed]
                    ```{break}
                    ^
                """)
    }

    @Test func anErrorOfAnOptionStandsAtTheOption() {
        let sample = SampleNotebook(
            """
            ```{break}
            how: option
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:6: error: option 'how' asks for layer 40 of 12 [bad-option]
                    how: option
                         ^
                """)
    }

    @Test func outputsThatWereNotDeclaredAreOurMistake() {
        let sample = SampleNotebook(
            """
            ```{break}
            how: outputs
            ```

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: command 'break' did not produce what it declared: value 'sum' is missing, value 'total' was not declared, table 'rows' has the columns ["b"], not ["a"] [internal-error]
                    ```{break}
                    ^
                help: this is a mistake in Patchbook, not in the notebook
                """)
    }
}
