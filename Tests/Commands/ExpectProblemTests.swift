import Commands
import Notebooks
import TestSupport
import Testing

@Suite struct ExpectProblemTests {
    @Test func aClaimAboutNoBlock() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: m.sum > 1, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: no block has the id 'm' [unknown-block]
                    - {claim: m.sum > 1, because: x}
                              ^
                help: a value is named by its block's id and its path, such as 'sweep.peak.layer'
                """)
    }

    @Test func aClaimAboutABlockBelow() {
        let sample = SampleNotebook(
            """
            ```{expect}
            - {claim: n.sum > 1, because: x}
            ```

            ```{numbers}
            id: n
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:2:11: error: block 'n' stands below; a block can only refer to blocks above it [forward-reference]
                    - {claim: n.sum > 1, because: x}
                              ^
                """)
    }

    @Test func aClaimAboutAnUnknownValue() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.summ > 1, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: block 'n' has no value 'summ' [unknown-value]
                    - {claim: n.summ > 1, because: x}
                              ^
                help: did you mean 'n.sum'?
                """)
    }

    @Test func aClaimWithoutAReason() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - claim: n.sum > 1
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:3: error: a claim needs 'because': why the author expects it [bad-claim]
                    - claim: n.sum > 1
                      ^
                help: such as 'because: tuning should raise the margin'
                """)
    }

    @Test func aReasonWithoutAClaim() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - because: x
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:3: error: a claim needs 'claim', such as 'sweep.peak.layer in 5..10' [bad-claim]
                    - because: x
                      ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithAnUnknownKey() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum > 1, because: x, note: y}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:34: error: a claim has no key 'note'; it has 'claim' and 'because' [bad-claim]
                    - {claim: n.sum > 1, because: x, note: y}
                                                     ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimThatIsAText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - n.sum > 1
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:3: error: a claim is a mapping with 'claim' and 'because', not 'n.sum > 1' [bad-claim]
                    - n.sum > 1
                      ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func noClaims() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            []
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:1: error: 'claims' takes a list of claims, not an empty one [bad-option]
                    []
                    ^
                """)
    }

    @Test func claimsThatAreAText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            claims: n.sum > 1
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:9: error: 'claims' takes a list of claims, not 'n.sum > 1' [bad-option]
                    claims: n.sum > 1
                            ^
                """)
    }

    @Test func claimsThatAreMissing() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            id: e
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:5:1: error: block {expect} needs the option 'claims': a list of claims, each with 'claim' and 'because' [missing-option]
                    ```{expect}
                    ^
                help: such as {claim: sweep.peak.layer in 5..10, because: the card says so}; compare with < <= > >= == !=, in, between
                """)
    }
}
