import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

/// Callouts, comments, and links from one notebook to another.
@Suite struct CalloutTests {
    @Test func `a quote whose first line is a kind is a callout`() {
        let sample = SampleNotebook(
            """
            > [!NOTE]
            > Text with `{= n.sum }`
            > and more.

            > [!warning]
            >
            > - a list

            - > [!TIP]
              > In a list

            > [!CAUTION]

            > \\[!NOTE]
            > A quote.

            > Not first [!NOTE]

            > [!note](https://example.org)

            ```{numbers}
            id: n
            ```
            """)
        #expect(
            sample.notebook.outline.hasPrefix(
                """
                title "x"
                prose
                  callout note
                    paragraph
                      "Text with "
                      value n.sum at 2:17
                      soft-break
                      "and more."
                  callout warning
                    tight list
                      item
                        paragraph
                          "a list"
                  tight list
                    item
                      callout tip
                        paragraph
                          "In a list"
                  callout caution
                  quote
                    paragraph
                      "[!NOTE]"
                      soft-break
                      "A quote."
                  quote
                    paragraph
                      "Not first [!NOTE]"
                  quote
                    paragraph
                      link<https://example.org>("!note")
                """))
        #expect(sample.problems == "")
    }

    @Test func `an unknown kind, and text beside the kind, are errors`() {
        let sample = SampleNotebook("> [!WARNNG]\n> Text\n\n- > [!NOTE] Text\n")
        #expect(
            sample.problems == """
                notebooks/x.md:1:3: error: there is no callout '[!WARNNG]' [bad-callout]
                    > [!WARNNG]
                      ^
                help: did you mean '[!WARNING]'?

                notebooks/x.md:4:5: error: the first line of a callout is its kind and nothing else [bad-callout]
                    - > [!NOTE] Text
                        ^
                help: write the text below it, on a line of its own that begins with '>'
                """)
    }

    @Test func `a comment is not printed, wherever it stands`() {
        let sample = SampleNotebook(
            "# Title <!-- a -->\n\nText <!-- b\nc --> more\n\n<!-- d\n\ne -->\n\n- item <!-- f -->\n\n| a <!-- g --> |\n| - |\n| b |\n"
        )
        #expect(!sample.notebook.outline.contains("--"))
        #expect(sample.problems == "")
    }

    @Test func `a link to a place in another notebook is checked`() throws {
        let folder = try Fixtures.temporaryFolder()
        for (name, text) in [
            ("other.md", "---\ntitle: Other\n---\n## What we found\n\n```{numbers}\nid: n\n```\n"),
            ("README.md", "# Read me\n"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        var sample = SampleNotebook(
            """
            [a](other.md) [b](other.md#what-we-found) [c](other.md#n) [d](README.md#anything)
            [e](other.md#what-we-fund) [f](other.md#m)
            """)
        sample.project = Project(notebookFolder: folder, root: folder)
        sample.checksFiles = true
        #expect(
            sample.problems == """
                notebooks/x.md:2:5: error: the link leads to 'what-we-fund' in 'other.md', but no heading and no block there has that name [dead-link]
                    [e](other.md#what-we-fund) [f](other.md#m)
                        ^
                help: did you mean 'other.md#what-we-found'?

                notebooks/x.md:2:32: error: the link leads to 'm' in 'other.md', but no heading and no block there has that name [dead-link]
                    [e](other.md#what-we-fund) [f](other.md#m)
                                                   ^
                """)
    }
}
