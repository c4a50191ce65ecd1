import Notebooks
import TestSupport
import Testing

/// Pipe tables, in the form that forges draw.
@Suite struct TableTests {
    @Test func aTableWithAlignmentsAndMarkdownInItsCells() {
        let sample = SampleNotebook(
            """
            # T

            Text [a] above
            | left | `a\\|b` | *right* |
            |:-----|:-:|--:|
            | 1 | [a] | `{= n.sum \\| .1f }` |
            2 | \\| |
            |3|

            ```{numbers}
            id: n
            ```

            [a]: /x
            """)
        #expect(
            sample.notebook.outline.hasPrefix(
                """
                title "T"
                prose
                  paragraph
                    "Text "
                    link</x>("a")
                    " above"
                  table left center right
                    row | "left" | code "a|b" | emphasis("right")
                    row | "1" | link</x>("a") | value n.sum at 6:17 | .1f at 6:26
                    row | "2" | "|" |\u{20}
                    row | "3" |  |\u{20}
                block {numbers}
                """))
        #expect(sample.problems == "")
    }

    @Test func aTableInAListAndInAQuote() {
        let sample = SampleNotebook(
            "- a\n\n  x | y\n  --- | ---\n  1 | `{= q.r }`\n\n> > | z |\n> > | - |\n> > | 2 |\n")
        #expect(
            sample.notebook.outline == """
                title "x"
                prose
                  loose list
                    item
                      paragraph
                        "a"
                      table none none
                        row | "x" | "y"
                        row | "1" | value q.r at 5:11
                  quote
                    quote
                      table none
                        row | "z"
                        row | "2"
                """)
    }

    @Test(arguments: [
        "a | b\n--- | --- | ---\n", "a\n--- | ---\n", "| a |\n\n| - |\n", "a | b\n--- | -x-\n",
        "    a | b\n    --- | ---\n",
        "`a | b\n--- | ---`\n\n```\n| a |\n| - |\n```\n", "a | b\n:- - | ---\n",
    ])
    func whatIsNoTableStaysText(text: String) {
        let outline = SampleNotebook("text\n\n" + text).notebook.outline
        #expect(!outline.contains("table") || text.hasPrefix("`"))
    }

    @Test func aRowWithTooManyCells() {
        let sample = SampleNotebook("| a | b |\n| - | - |\n| 1 | 2 | 3 |\n")
        #expect(
            sample.problems == """
                notebooks/x.md:3:11: error: the row has 3 cells, but the table has 2 columns [bad-table]
                    | 1 | 2 | 3 |
                              ^
                help: a '|' inside a cell is written '\\|'
                """)
    }

    @Test func aValueCutByItsOwnBar() {
        let sample = SampleNotebook("| a | b |\n| - | - |\n| `{= n.sum | .2f }` |\n")
        #expect(
            sample.problems == """
                notebooks/x.md:3:3: error: a '|' ends the cell in the midst of this inline value [bad-table]
                    | `{= n.sum | .2f }` |
                      ^
                help: a '|' inside a cell is written '\\|'
                """)
    }
}
