import Notebooks
import TestSupport
import Testing

@Suite struct FrontMatterProblemTests {
    @Test func frontMatterThatIsNotClosed() {
        let sample = SampleNotebook(
            """
            ---
            title: A

            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:1:1: error: front matter begins here with 'title', but no line '---' ends it [unclosed-front-matter]
                    ---
                    ^
                """)
    }

    @Test(
        arguments: [
            ("text\n---\ntitle: late\nseed: 3\n---\n", 2), ("a\n\n---\ntitle: late\n---", 3),
            ("---\ntitle: A\n---\ntext\n\n---\nparams:\n  n: 3\n\nauthor:\n- B\n---\n`{= params.n }`\n", 6),
            ("```text\n---\nseed: 1\n---\n```\n\n---  \r\nseed: 1\r\n---\r\n", 7),
            ("# Heading\n---\nsede: 1\nseed:\n---\n```{numbers}\nlimit: $n\n```\n", 2),
        ])
    func `front matter anywhere else is one error at its place`(_ text: String, _ line: Int) {
        let problems = SampleNotebook(text).session.analysis.problems.all
        #expect(problems.map(\.code) == [.badFrontMatter] && problems.first?.location?.line == line, "\(problems)")
        #expect(problems.first?.message == "front matter must begin on the first line, with nothing before it")
    }

    @Test(
        arguments: [
            "A heading\n---\ntitle: of this part\n", "text\n\n---\n\nseed: 3 was used\n\n---\n",
            "text\n\n---\nThe seed: 3\n---\n", "text\n\n---\ntitle: a\nand prose\n---\n",
            "text\n\n---\nnote: a\nsee: b\n---\n", "text\n\n---\ntitles: a\n---\n", "text\n\n---\n---\n",
            "text\n\n---\ntitle:a\n---\n", "text\n\n    ---\n    seed: 3\n    ---\n",
            "```yaml\n---\nseed: 3\n---\n```\n", "- a\n\n  ```yaml\n  ---\n  seed: 3\n  ---\n  ```\n",
            "text\n\n<!--\n---\nseed: 3\n---\n-->\n", "> ---\n> seed: 3\n> ---\n",
        ])
    func `a thematic break and a setext heading are not front matter`(_ text: String) {
        #expect(SampleNotebook(text).problems.isEmpty)
        #expect(SampleNotebook("---\ntitle: A\n---\n" + text).problems.isEmpty)
    }

    @Test func frontMatterThatIsAList() {
        let sample = SampleNotebook(
            """
            ---
            - title
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: front matter is a mapping such as 'title: \u{2026}', not a list [yaml-kind]
                    - title
                    ^
                """)
    }

    @Test func anUnknownKey() {
        let sample = SampleNotebook(
            """
            ---
            titel: A
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:1: error: front matter has no key 'titel' [unknown-key]
                    titel: A
                    ^
                help: did you mean 'title'?
                """)
    }

    @Test func aSeedThatIsNegative() {
        let sample = SampleNotebook(
            """
            ---
            seed: -1
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: 'seed' takes a whole number from 0 to 9223372036854775807, not '-1' [bad-front-matter]
                    seed: -1
                          ^
                """)
    }

    @Test func aSeedThatIsTooLarge() {
        let sample = SampleNotebook(
            """
            ---
            seed: 9223372036854775808
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:7: error: 'seed' takes a whole number from 0 to 9223372036854775807, not '9223372036854775808' [bad-front-matter]
                    seed: 9223372036854775808
                          ^
                """)
    }

    @Test func aTitleThatIsAList() {
        let sample = SampleNotebook(
            """
            ---
            title: [a]
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:8: error: 'title' takes a text, not a list [bad-front-matter]
                    title: [a]
                           ^
                """)
    }

    @Test func parametersThatAreAList() {
        let sample = SampleNotebook(
            """
            ---
            params: [a]
            ---
            Text

            """)
        #expect(
            sample.problems == """
                notebooks/x.md:2:9: error: 'params' takes a mapping of names, not a list [bad-front-matter]
                    params: [a]
                            ^
                """)
    }

    /// What is wrong with one line of front matter: its message, its place and the first suggestion.
    private static func problem(_ lines: String) -> String {
        let sample = SampleNotebook("---\n\(lines)\n---\nText\n\n```{numbers}\nid: n\n```\n")
        return sample.session.analysis.problems.all.map { problem in
            "\(problem.location?.line ?? 0):\(problem.location?.column ?? 0) \(problem.message)"
                + (problem.replacements.first.map { " (\($0))" } ?? "")
        }.joined(separator: "\n")
    }

    @Test func authors() {
        #expect(Self.problem("author: A. Author") == "")
        #expect(Self.problem("author: [A, {name: B, orcid: 0000-0002-1825-0097, affiliation: C}]") == "")
        #expect(Self.problem("author: []") == "2:9 the list of authors is empty")
        #expect(Self.problem("author: [A, {orcid: 0000-0002-1825-0097}]") == "2:13 an author needs a 'name'")
        #expect(Self.problem("author: {name: A, orchid: B}") == "2:19 an author has no key 'orchid' (orcid)")
        #expect(Self.problem("author: {name: [A]}") == "2:16 an author's 'name' takes a text, not a list")
        #expect(
            Self.problem("author: {name: A, orcid: 0000-0002-1825-0098}")
                == "2:26 '0000-0002-1825-0098' is not an ORCID iD")
        #expect(
            Self.problem("author: [[A]]")
                == "2:10 an author is a name, or a mapping such as '{name: A. Author, orcid: 0000-0002-1825-0097}', not a list"
        )
    }

    @Test func dates() {
        #expect(Self.problem("date: 2024-02-29") == "")
        for wrong in ["2023-02-29", "2024-13-01", "2024-1-1", "today"] {
            #expect(Self.problem("date: \(wrong)") == "2:7 'date' takes a day such as '2026-11-29', not '\(wrong)'")
        }
    }

    @Test func identifiers() {
        #expect(Self.problem("doi: 10.1000/182") == "")
        #expect(
            Self.problem("doi: https://doi.org/10.1000/182")
                == "2:6 'doi' takes a DOI such as '10.1000/182', not 'https://doi.org/10.1000/182' (10.1000/182)")
        #expect(Self.problem("doi: eleven") == "2:6 'doi' takes a DOI such as '10.1000/182', not 'eleven'")
    }

    @Test func headlines() {
        #expect(Self.problem("headline: [n.sum, n.mean.all | .1f]") == "")
        #expect(Self.problem("headline: {the sum: n.sum, the mean: n.mean.all | .1f}") == "")
        #expect(
            Self.problem("headline: {the sum: n.sun}") == "2:21 block 'n' has no value 'sun' (n.sum)")
        #expect(Self.problem("headline: [n.sun]") == "2:12 block 'n' has no value 'sun' (n.sum)")
        #expect(
            Self.problem("headline: [n.sum + 1]")
                == "2:12 'n.sum + 1' is not a value such as 'sweep.step.share | .0%': an inline value is a path and a format, never an expression"
        )
        #expect(
            Self.problem("headline: [[n.sum]]")
                == "2:12 'headline' takes values such as 'sweep.step.share | .0%', not a list")
        #expect(Self.problem("headline: [n.sum | .9q]").hasPrefix("2:20 '.9q' is not a format"))
    }

    @Test func abstracts() {
        #expect(Self.problem("abstract: The sum is `{= n.sum }`.") == "")
        #expect(Self.problem("abstract: The sum is `{= n.sun }`.") == "2:26 block 'n' has no value 'sun' (n.sum)")
        #expect(
            Self.problem("abstract: |\n  Words.\n\n  # Heading")
                == "2:11 an abstract holds paragraphs and lists, and this one something else")
    }
}
