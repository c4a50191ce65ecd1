import Notebooks
import TestSupport
import Testing

@Suite struct CrossReferenceTests {
    @Test func aLinkOfOneWordToABlockIsAReference() {
        let sample = SampleNotebook(
            """
            See [Figure](#n) and
            [table](#n.rows), but [the numbers](#n) and [Figure](other.html#n) are links.

            ```{numbers}
            id: n
            caption: "As [Figure](#n)"
            ```
            """)
        #expect(
            sample.notebook.outline.contains(
                """
                    "See "
                    Figure #n at 1:14
                    " and"
                    soft-break
                    table #n.rows at 2:9
                    ", but "
                    link<#n>("the numbers")
                    " and "
                    link<other.html#n>("Figure")
                """))
        #expect(sample.problems == "")
    }

    @Test func aTargetThatIsNotThere() {
        let sample = SampleNotebook(
            """
            See [Figure](#nubmers), [Table](#numbers.rwos), [table](#d).

            ```{numbers}
            id: numbers
            ```

            ```{double}
            id: d
            of: numbers
            caption: "See [Figure](#x)"
            ```
            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:14: error: [Figure] refers to '#nubmers', but no block has the id 'nubmers' [unknown-target]
                    See [Figure](#nubmers), [Table](#numbers.rwos), [table](#d).
                                 ^
                help: did you mean '#numbers'?

                notebooks/x.md:1:33: error: block 'numbers' has no table 'rwos' [unknown-target]
                    See [Figure](#nubmers), [Table](#numbers.rwos), [table](#d).
                                                    ^
                help: did you mean '#numbers.rows'?

                notebooks/x.md:1:57: error: block 'd' has no table [unknown-target]
                    See [Figure](#nubmers), [Table](#numbers.rwos), [table](#d).
                                                                            ^

                notebooks/x.md:10:24: error: [Figure] refers to '#x', but no block has the id 'x' [unknown-target]
                    caption: "See [Figure](#x)"
                                           ^
                help: a figure or a table is named by its block's id, as in [Figure](#sweep)
                """)
    }

    @Test func anIntervalThatAValueDoesNotHave() {
        let sample = SampleNotebook("See `{= n.sum | .2f interval }`.\n\n```{numbers}\nid: n\n```\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:17: error: the value 'n.sum' has no interval [unknown-value]
                    See `{= n.sum | .2f interval }`.
                                    ^
                help: leave 'interval' out
                """)
    }

    @Test func `a link may lead to every heading and block of the page, and to no other place of it`() throws {
        let text = """
            # Title

            See [a](#first-steps), [b](#first-steps-1), [c](#n), [d](#block-n), [g](#)
            [h](#%C3%A4hnlich), [i](#up-to-3), [j](#d) and [k](other.html#x).

            ## First steps
            ## First *steps*
            ## Ähnlich
            ## Up to `{= n.sum }`

            ```{numbers}
            id: n
            caption: "[the first](#first-steps)"
            ```
            ```{double}
            id: d
            of: n
            ```

            """
        #expect(SampleNotebook(text).problems.isEmpty)
        // The title is not a heading of the text, and the second of three is none.
        let dead = [
            "(#first-steps)": "(#title)", "(#first-steps-1)": "(#first-steps-2)", "(#block-n)": "(#block-m)",
            "(#%C3%A4hnlich)": "(#Ähnlich)", "(#d)": "(#provenance)", "(#n)": "(#figure-2)",
            "(#)": "(#table-of-nothing)",
        ]
        for (target, other) in dead {
            let problems = SampleNotebook(text.replacing(target, with: other)).problems
            #expect(problems.contains("the link leads to '\(other.dropFirst().dropLast())'"), "\(other): \(problems)")
            #expect(problems.contains("[dead-link]"))
        }
    }

    @Test(
        "a link by a heading's words is right where that heading is there, and dead where it is not",
        arguments: [
            ("Parameters", "parameters"), ("Abstract", "abstract"), ("Table of results", "table-of-results"),
            ("Claim 1: it works", "claim-1-it-works"), ("Provenance", "provenance"), ("Block size", "block-size"),
            ("Figure 9", "figure-9"), ("Cite", "cite"), ("References", "references"), ("A b", "a-b"),
        ])
    func headingNames(_ words: String, _ name: String) {
        #expect(SampleNotebook("[x](#\(name))\n\n## \(words)\n").problems.isEmpty)
        #expect(SampleNotebook("[x](#\(name))\n\n## Other\n").problems.contains("[dead-link]"))
        #expect(SampleNotebook("[x](#\(name)-2)\n\n## \(words)\n").problems.contains("[dead-link]"))
    }
}
