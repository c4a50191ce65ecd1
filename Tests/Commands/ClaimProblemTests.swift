import Commands
import Notebooks
import TestSupport
import Testing

@Suite struct ClaimProblemTests {
    @Test func aClaimWithASingleEqualsSign() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum = 1, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: '=' is not a comparison; write '==' [bad-claim]
                    - {claim: n.sum = 1, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithoutAComparison() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: it says nothing about 'n.sum' [bad-claim]
                    - {claim: n.sum, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithoutAValue() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum >, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: a number, a text in quotes, true, false or a path is missing at the end [bad-claim]
                    - {claim: n.sum >, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimThatStartsWithANumber() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: 1 < n.sum, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: it starts with the number 1, not with a value's path [bad-claim]
                    - {claim: 1 < n.sum, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithMoreAfterIt() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum > 1 > 2, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: nothing may follow the claim, but '>' does [bad-claim]
                    - {claim: n.sum > 1 > 2, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithAWordThatIsNone() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum is 1, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: 'is' stands where a comparison is expected: < <= > >= == != in between [bad-claim]
                    - {claim: n.sum is 1, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithHalfARange() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum in 5, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: 'in' needs a range such as 5..10 or a list such as [5, 10] [bad-claim]
                    - {claim: n.sum in 5, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithAnOpenList() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - claim: n.sum in [5, 6
              because: x
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:10: error: the claim does not parse: the list is not closed with ']' [bad-claim]
                    - claim: n.sum in [5, 6
                             ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimBetweenOne() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum between 5, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: 'between' needs 'and', as in 'between 5 and 10' [bad-claim]
                    - {claim: n.sum between 5, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithAnOpenText() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: 'n.sum == "a', because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: a text in quotes is not closed [bad-claim]
                    - {claim: 'n.sum == "a', because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    @Test func aClaimWithAStrangeSign() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum > 1 ; x, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: ';' has no meaning in a claim [bad-claim]
                    - {claim: n.sum > 1 ; x, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'
                """)
    }

    static let ordered = "and only numbers are less or greater than others"

    @Test(arguments: [
        ("params.name < 1", "'params.name' is a text, \(ordered)"),
        ("n.sum > params.yes", "'params.yes' is true or false, \(ordered)"),
        ("n.sum >= 'a'", "\"a\" is a text, \(ordered)"),
        ("params.yes <= 2", "'params.yes' is true or false, \(ordered)"),
        ("n.sum in 1..params.name", "'params.name' is a text, \(ordered)"),
        ("params.name between 1 and 2", "'params.name' is a text, \(ordered)"),
        ("params.name == 1", "'params.name' is a text, and 1 is a number"),
        ("params.name != params.ten", "'params.name' is a text, and 'params.ten' is a number"),
        ("params.ten == '10'", "'params.ten' is a number, and \"10\" is a text"),
        ("params.ten in [10, true]", "'params.ten' is a number, and 'true' is true or false"),
        ("params.ten in 9..8", "nothing lies between 9 and 8"),
    ])
    func `a claim that compares values of different kinds is wrong before anything runs`(_ claim: String, _ why: String)
    {
        let sample = SampleNotebook(
            "---\nparams: {ten: 10, name: dpo, yes: true}\n---\n```{numbers}\nid: n\n```\n```{expect}\n- claim: \(claim)\n  because: x\n```\n",
            catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems.contains(":8:10: error: the claim can never hold: \(why) [bad-claim]"), "\(sample.problems)"
        )
    }

    @Test(arguments: [
        "- n.sum > -0.1", "- n.sum < 0", "- n.sum in -1..1", "- n.sum between 1 and 2", "> n.sum", ">= n.sum",
        "== n.sum",
    ])
    func `a claim that compares a value with itself is wrong, whether it always holds or never`(_ rest: String) {
        let sample = SampleNotebook(
            "```{numbers}\nid: n\n```\n```{expect}\n- claim: n.sum \(rest)\n  because: x\n```\n",
            catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems.contains(":5:10: error: both sides of the claim are the same value, 'n.sum' [bad-claim]"),
            "\(sample.problems)")
    }

    @Test func everyClaimThatIsWrongIsReported() {
        let sample = SampleNotebook(
            """
            ```{numbers}
            id: n
            ```

            ```{expect}
            - {claim: n.sum, because: x}
            - {claim: n.foo > 1, because: x}
            - {claim: n.sum > params.x, because: x}
            ```

            """, catalogue: ExpectTests.catalogue)
        #expect(
            sample.problems == """
                notebooks/x.md:6:11: error: the claim does not parse: it says nothing about 'n.sum' [bad-claim]
                    - {claim: n.sum, because: x}
                              ^
                help: a claim reads 'path op value', with < <= > >= == !=, 'in 5..10', 'in [1, 2]' or 'between 5 and 10'

                notebooks/x.md:7:11: error: block 'n' has no value 'foo' [unknown-value]
                    - {claim: n.foo > 1, because: x}
                              ^
                help: its values are 'sum', 'mean.all', 'nothing'

                notebooks/x.md:8:19: error: there is no parameter 'x' [unknown-value]
                    - {claim: n.sum > params.x, because: x}
                                      ^
                help: the front matter declares no parameters
                """)
    }
}
