import Notebooks
import Testing
import TestSupport

@Suite struct FormulaTests {
    @Test func `formulas stand in code spans between dollars and in fences`() {
        let sample = SampleNotebook(
            """
            ---
            title: The $`\\beta`$ of it
            ---
            A $`x^2`$, ($`a`$)$`b`$ and ``$`c`$``; \\$`d`$, $`e` and `f`$ cost $5 or `$`.

            ```math
            \\frac{1}{2}
            ```

            > - ```math
            >   x
            >   ```

            | a |
            | - |
            | $`\\lvert y \\rvert \\| z`$ |

            ```math of a kind
            x
            ```
            """)
        #expect(
            sample.notebook.outline == """
                title "The " formula "\\\\beta" " of it"
                prose
                  paragraph
                    "A "
                    formula "x^2"
                    ", ("
                    formula "a"
                    ")"
                    formula "b"
                    " and "
                    code "$`c`$"
                    "; $"
                    code "d"
                    "$, $"
                    code "e"
                    " and "
                    code "f"
                    "$ cost $5 or "
                    code "$"
                    "."
                  formula "\\\\frac{1}{2}\\n"
                  quote
                    tight list
                      item
                        formula "x\\n"
                  table none
                    row | "a"
                    row | formula "\\\\lvert y \\\\rvert | z"
                  code 'math of a kind' "x\\n"
                """)
        #expect(sample.problems == "")
    }

    /// Where an unknown command is told, for a text with one `\foo`.
    @Test(arguments: [
        ("Text $`a + \\foo`$.", "1:12"), ("Two\nlines $`a\nb \\foo`$", "3:3"),
        ("> A quote $`b`$ and\n> $`\\foo`$", "2:5"),
        ("- item\n\n  ```math\n  a +\n  \\foo\n  ```", "5:3"), ("> ```math\n> a > \\foo\n> ```", "2:7"),
        ("```math\na\n\n\\foo\n```", "4:1"), ("| a |\n| - |\n| $`\\foo`$ |", "3:5"),
        ("Note[^1]\n\n[^1]: See\n\n    ```math\n    \\foo\n    ```", "6:5"),
        ("Note[^1]\n\n[^1]: See $`\\foo`$", "3:13"),
        ("# Heading $`é \\foo`$", "1:16"), ("[link $`\\foo`$](https://example.org)", "1:9"), ("**$`\\foo`$**", "1:5"),
        ("---\ntitle: A $`\\foo`$\n---\n", "2:12"), ("---\ntitle: \"A $`\\\\foo`$\"\n---\n", "2:13"),
        ("```{numbers}\ncaption: A $`\\foo`$\n```", "2:14"),
        ("```{numbers}\ncaption: |\n  A\n\n  - $`\\foo`$\n```", "5:7"),
        ("```{numbers}\ncaption: 'It''s $`\\foo`$'\n```", "2:19"),
    ])
    func `an unknown command is told at its column`(text: String, place: String) {
        let problems = SampleNotebook(text).problems
        #expect(
            problems.hasPrefix("notebooks/x.md:\(place): error: there is no maths command '\\foo' [bad-formula]"),
            "\(problems)")
    }

    @Test func `problems of formulas are told with what may help`() {
        let sample = SampleNotebook("$`\\alhpa`$ $`a & b`$\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:3: error: there is no maths command '\\alhpa' [bad-formula]
                    $`\\alhpa`$ $`a & b`$
                      ^
                help: did you mean '\\alpha'?

                notebooks/x.md:1:16: error: '&' does not belong here [bad-formula]
                    $`\\alhpa`$ $`a & b`$
                                   ^
                help: cells and lines belong into an environment such as \\begin{aligned}
                """)
    }

    @Test func `many formulas take no time`() {
        let text = String(repeating: "$`\\frac{a_1}{b}`$ and ", count: 20_000)
        let time = ContinuousClock().measure { #expect(SampleNotebook(text).problems == "") }
        #expect(time < .seconds(5))
    }
}
