import Markdown
import Notebooks
import Testing
import TestSupport
import Values

@Suite struct NotebookTests {
    @Test func aNotebookIsFrontMatterProseAndBlocks() {
        let sample = SampleNotebook(
            """
            ---
            title: Where does *preference* live?
            seed: 7
            ---
            Prose. The peak is layer `{= sweep.peak.layer }`, carrying `{= sweep.peak.recovery | .0% }` of the gain.

            ```{models}
            id: pair
            base: models/demo
            tuned: {path: models/demo, adapter: "models/demo-dpo"}
            ```

            ```{patch}
            layers: [1, 4]
            ```
            ```python
            print("prose")
            ```
            """)
        #expect(
            sample.notebook.outline == """
                title "Where does " emphasis("preference") " live?"
                prose
                  paragraph
                    "Prose. The peak is layer "
                    value sweep.peak.layer at 5:30
                    ", carrying "
                    value sweep.peak.recovery at 5:64 | .0% at 5:86
                    " of the gain."
                block {models} at 7:1
                  id: pair at 8:5
                  base: models/demo at 9:7
                  tuned: {path: models/demo, adapter: "models/demo-dpo"} at 10:8
                block {patch} at 13:1
                  layers: [1, 4] at 14:9
                prose
                  code 'python' "print(\\"prose\\")\\n"
                """)
        #expect(sample.notebook.frontMatter.seed == 7)
        #expect(sample.notebook.problems.isEmpty)
    }

    @Test func everyBlockAndInlineOfCommonMarkIsAValue() {
        let sample = SampleNotebook(
            """
            # Title *here*
            Sub *heading*
            ===
            > quote with **strong**
            > 1) one
            > 2) two\\
            >    broken

            - loose

              *item*
            - other

            ***

                indented code

            <div>raw</div>

            A <i>word</i>, a `code`, a [link](u "t"), a [reference][r], ![an `{= a.b }` image](p.png) &amp; <http://x.y>

            [r]: /elsewhere
            """)
        #expect(
            sample.notebook.outline == """
                title "Title " emphasis("here")
                prose
                  heading 1
                    "Sub "
                    emphasis("heading")
                  quote
                    paragraph
                      "quote with "
                      strong("strong")
                    tight list from 1
                      item
                        paragraph
                          "one"
                      item
                        paragraph
                          "two"
                          line-break
                          "broken"
                  loose list
                    item
                      paragraph
                        "loose"
                      paragraph
                        emphasis("item")
                    item
                      paragraph
                        "other"
                  break
                  code '' "indented code\\n"
                  html "<div>raw</div>\\n"
                  paragraph
                    "A "
                    html "<i>"
                    "word"
                    html "</i>"
                    ", a "
                    code "code"
                    ", a "
                    link<u> 't'("link")
                    ", a "
                    link</elsewhere>("reference")
                    ", "
                    image<p.png> at 20:84("an " value a.b at 20:70 " image")
                    " & "
                    link<http://x.y>("http://x.y")
                """)
    }

    @Test func referenceLinksWorkAcrossBlocks() {
        let sample = SampleNotebook("[a]\n\n```{numbers}\n```\n\n[a]: /there\n")
        #expect(
            sample.notebook.outline
                == "title \"x\"\nprose\n  paragraph\n    link</there>(\"a\")\nblock {numbers} at 3:1")
    }

    @Test(arguments: [
        "{numbers b}", "{.python}", "{#id}", "{numbers=1}", "{ numbers }", "{}", "{numbers}{b}", "{numbers",
    ])
    func `a fence that begins with a brace is a command and nothing else, or an error`(info: String) {
        let sample = SampleNotebook("```\(info)\nlimit: 2\n```\n")
        let problem = sample.session.analysis.problems.all.first
        #expect(problem?.code == .badFence && problem?.quote == info)
    }

    @Test func onlyAFenceThatBeginsWithABraceIsACommand() {
        let listing = SampleNotebook("```python {a}\nx\n```\n")
        #expect(listing.notebook.document.blocks.isEmpty && listing.problems.isEmpty)
        #expect(
            SampleNotebook("~~~~ {numbers}\nlimit: 2\n~~~~\n").notebook.document.blocks.map(\.command) == ["numbers"])
        #expect(SampleNotebook("    ```{numbers}\n").notebook.document.blocks.isEmpty)
    }

    @Test func valuesHaveTheirTruePlacesInEveryKindOfText() {
        let sample = SampleNotebook(
            """
            First line
            second *with `{= a.one }` in* it
               third `` {= a.two|.2f } `` indented

            - item
              goes on `{= a.three }`
              > quoted
              > on `{= a.four }` and `code` and
              lazy `{= a.five }`

            Heading `{= a.six }`
            over two `{= a.seven }`
            ---
            Not \\`{= a.no } but `{= a.eight }`, ` `{= a.code }` ` twice `{= a.eight }`; é `{= a.nine
            | .1f }` <a href="`">`{= a.ten }`
            """)
        let places = sample.notebook.document.parts.flatMap { part -> [InlineValue] in
            if case .prose(let blocks) = part { ProseReferences(blocks).values } else { [] }
        }.map {
            "\($0.path) \($0.location.line):\($0.location.column) \($0.format) \($0.formatLocation.line):\($0.formatLocation.column)"
        }
        #expect(
            places == [
                "a.one 2:18  2:18", "a.two 3:16 .2f 3:22", "a.three 6:15  6:15", "a.four 8:12  8:12",
                "a.five 9:12  9:12",
                "a.six 11:13  11:13", "a.seven 12:14  12:14", "a.eight 14:25  14:25", "a.eight 14:65  14:65",
                "a.nine 14:84 .1f 15:3", "a.ten 15:26  15:26",
            ])
    }

    @Test func lineEndsOfEveryKindGiveTheSameNotebook() {
        let text = "---\ntitle: A\n---\nText `{= a.b }`\n\n```{numbers}\nlimit: 2\ncaption: |\n  one\n  two\n```\nEnd"
        let expected = SampleNotebook(text).notebook
        for end in ["\r\n", "\r"] {
            let other = SampleNotebook(text.replacing("\n", with: end)).notebook
            #expect(other.outline == expected.outline)
            #expect(other.document.blocks.map(\.source) == expected.document.blocks.map(\.source))
        }
        #expect(expected.document.blocks.map(\.source) == ["```{numbers}\nlimit: 2\ncaption: |\n  one\n  two\n```"])
        #expect(expected.document.blocks.first?.body?["caption"]?.text == "one\ntwo\n")
        #expect(SampleNotebook(text + "\n").notebook.outline == expected.outline)
    }

    @Test func theTitleIsTheFrontMattersElseTheFirstHeadingElseTheFilesName() {
        #expect(
            SampleNotebook("---\ntitle: A\n---\n# B\n").notebook.outline.hasPrefix("title \"A\"\nprose\n  heading 1"))
        #expect(SampleNotebook("# B\n\nText\n").notebook.outline == "title \"B\"\nprose\n  paragraph\n    \"Text\"")
        #expect(SampleNotebook("Text\n\n# B\n").notebook.document.title == [.text("x")])
        #expect(
            SampleNotebook("---\ntitle: 1. First, `{= a.b }` - *x*\n---\n").notebook.outline == """
                title "1. First, " value a.b at 2:22 " - " emphasis("x")
                """)
    }

    @Test func threeDashesWithoutAnEndAreAThematicBreak() {
        #expect(
            SampleNotebook("---\nText\n").notebook.outline == "title \"x\"\nprose\n  break\n  paragraph\n    \"Text\"")
        #expect(SampleNotebook("---\n---\nText\n").notebook.problems.isEmpty)
        #expect(SampleNotebook("").notebook.document.parts.isEmpty)
    }

    @Test func aBodyMayBeEmptyOrOnlyAComment() {
        for body in ["", "# nothing\n", "\n\n", "   \n"] {
            #expect(SampleNotebook("```{numbers}\n\(body)```\n").notebook.document.blocks.first?.body?.mapping == [])
        }
    }

    @Test func yamlKeepsTheTextOfEveryScalarAndItsPlace() {
        let body = """
            plain: 12
            quoted: '12'
            double: "a\\tb"
            folded: >
              one
              two
            list:
            - é: [~, x y]
            "key": {a: 1, b: {c: }}
            """
        let block = SampleNotebook("```{numbers}\n\(body)\n```\n").notebook.outline
        #expect(
            block == """
                title "x"
                block {numbers} at 1:1
                  plain: 12 at 2:8
                  quoted: "12" at 3:9
                  double: "a\tb" at 4:9
                  folded: "one two
                " at 5:9
                  list: [{é: [~, x y]}] at 9:1
                  key: {a: 1, b: {c: }} at 10:8
                """)
    }

    @Test func columnsCountBytesWhereYAMLCountsCharacters() throws {
        let notebook = SampleNotebook("```{numbers}\n{é: 日本, limit: 3}\n```\n").notebook
        let limit = try #require(notebook.document.blocks.first?.body?["limit"])
        #expect(limit.location == SourceLocation(line: 2, column: 21, length: 1))
    }

    @Test func `a text with a command's fence is a notebook, however the fence is written`() {
        for text in ["---\n", "```{table}", "a\r```{table}", "a\n  ~~~~{table}\n", "- a\n\n  ```{table}"] {
            #expect(Notebook.isMeant(by: text), "\(text)")
        }
        for text in ["", "a ```{table}", "``{table}", "```table", "``~{table}", "\n---"] {
            #expect(!Notebook.isMeant(by: text), "\(text)")
        }
    }
}
