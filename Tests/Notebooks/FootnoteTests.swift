import Notebooks
import TestSupport
import Testing

@Suite struct FootnoteTests {
    @Test func aFootnoteIsMentionedWhereItBelongsAndSaidElsewhere() {
        let sample = SampleNotebook(
            """
            Text[^1] and *more[^Long]*, `[^1]` and \\[^1].

            [^1]: Short with [a].
            going on
            [^long]: First

                - second `{= n.sum }`

            # After

            [a]: /x
            """)
        #expect(
            sample.notebook.outline == """
                title "x"
                prose
                  paragraph
                    "Text"
                    footnote 1(paragraph/  "Short with "/  link</x>("a")/  "."/  soft-break/  "going on")
                    " and "
                    emphasis("more" footnote long(paragraph/  "First"/tight list/  item/    paragraph/      "second "/      value n.sum at 7:18))
                    ", "
                    code "[^1]"
                    " and [^1]."
                  heading 1
                    "After"
                """)
        #expect(sample.problems.hasPrefix("notebooks/x.md:7:18: error: no block has the id 'n' [unknown-block]"))
    }

    @Test func withoutADefinitionTheBracketsAreText() {
        let sample = SampleNotebook(
            "Not [^a-z], nor [^1]: here.\n\n```\n[^1]: code\n```\n\n> ```\n> [^1]: quoted code\n> ```\n")
        #expect(
            sample.notebook.outline.hasPrefix("title \"x\"\nprose\n  paragraph\n    \"Not [^a-z], nor [^1]: here.\""))
        #expect(sample.problems == "")
    }

    @Test func problemsOfFootnotesAreTold() {
        let sample = SampleNotebook(
            """
            See [^nto] and [^note].

            [^note]: One [^other]
            [^other]: Two
            [^note]: Three
            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:5: error: there is no footnote 'nto' [bad-footnote]
                    See [^nto] and [^note].
                        ^
                help: define it as [^nto]: …, or write \\[^nto] for the text itself

                notebooks/x.md:3:14: error: a footnote cannot mention the footnote 'other' [bad-footnote]
                    [^note]: One [^other]
                                 ^
                help: write \\[^other] for the text itself

                notebooks/x.md:4:1: error: the footnote 'other' is defined here and never mentioned [bad-footnote]
                    [^other]: Two
                    ^
                help: mention it where it belongs, as [^other]

                notebooks/x.md:5:1: error: the footnote 'note' is already defined on line 3 [bad-footnote]
                    [^note]: Three
                    ^
                """)
    }
}
