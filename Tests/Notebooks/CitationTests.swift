import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

@Suite struct CitationTests {
    private static let works = """
        @article{doe2020, author = {Doe, Dora}, title = {A}, year = 2020}
        @book{roe2021, author = {Roe, Ray}, title = {B}, year = 2021}
        """

    /// A notebook beside a bibliography.
    private static func sample(_ text: String, works: String = works, front: String = "bibliography: refs.bib") throws
        -> SampleNotebook
    {
        let folder = try Fixtures.temporaryFolder()
        try Data(works.utf8).write(to: URL(fileURLWithPath: folder + "/refs.bib"))
        var sample = SampleNotebook("---\n\(front)\n---\n\(text)\n")
        sample.project = Project(notebookFolder: folder, root: folder)
        return sample
    }

    @Test func `citations are read in brackets and as part of the sentence`() throws {
        let sample = try Self.sample(
            """
            As [see @doe2020, p. 3, and
            more; -@roe2021] and @roe2021 [chap. 2] say, @doe2020. Not \\@doe2020, `@doe2020`,
            a@doe2020.org, [x @ y], [@](https://a.example) or [@doe2020](https://a.example). *@roe2021*
            """)
        #expect(
            sample.notebook.outline == """
                title "x"
                prose
                  paragraph
                    "As "
                    cite(see @doe2020, p. 3, and more at 4:9 | -@roe2021 at 5:8)
                    " and "
                    in text(@roe2021, chap. 2 at 5:22)
                    " say, "
                    in text(@doe2020 at 5:46)
                    ". Not @doe2020, "
                    code "@doe2020"
                    ","
                    soft-break
                    "a@doe2020.org, [x @ y], "
                    link<https://a.example>("@")
                    " or "
                    link<https://a.example>("@doe2020")
                    ". "
                    emphasis(in text(@roe2021 at 6:83))
                """)
        #expect(sample.problems == "")
    }

    /// Where an unknown key is told.
    @Test(arguments: [
        ("See [@doe2020; @deo2020].", "4:16"), ("> - see @deo2020", "4:9"), ("| a |\n| - |\n| [@deo2020] |", "6:4"),
        ("Note[^1] @roe2021\n\n[^1]: [see\n    @deo2020, p. 3]", "7:5"), ("# Heading @deo2020", "4:11"),
        ("`code @deo2020` [@deo2020]", "4:18"),
        ("```{numbers}\ncaption: As [@deo2020]\n```", "5:14"),
        ("```{numbers}\ncaption: \"As [@deo2020]\"\n```", "5:15"),
        ("```{numbers}\ncaption: |\n  As\n\n  - @deo2020\n```", "8:5"),
    ])
    func `an unknown key is told at its column`(text: String, place: String) throws {
        let problems = try Self.sample(text).problems
        #expect(
            problems.contains(
                "notebooks/x.md:\(place): error: the bibliography 'refs.bib' has no entry 'deo2020' [unknown-citation]"),
            "\(problems)")
        #expect(problems.contains("help: did you mean '@doe2020'?"))
    }

    @Test func `a title cites, and an entry that nobody cites is a note`() throws {
        let sample = try Self.sample("Text", front: "title: After [@doe2020]\nbibliography: refs.bib")
        #expect(
            sample.session.analysis.problems.description == """
                notebooks/x.md:3:15: note: 1 of 2 entries is never cited: 'roe2021' [unused-entry]
                    bibliography: refs.bib
                                  ^
                """)
        #expect(sample.problems == "")
    }

    @Test func `broken entries are told in their own file`() throws {
        let sample = try Self.sample("[@b]", works: "@book{b, title = {B}}\n@article{a,\n  title {A}\n}\n")
        #expect(
            sample.problems
                == """
                refs.bib:3:9: error: expected '=' after 'title' here [bad-bibliography]
                      title {A}
                            ^
                """.replacing("refs.bib:", with: "notebooks/refs.bib:"))
        #expect(
            try Self.sample("[@a]", front: "bibliography: ref.bib").problems == """
                notebooks/x.md:2:15: error: there is no file 'ref.bib' [bad-bibliography]
                    bibliography: ref.bib
                                  ^
                help: did you mean 'refs.bib'?
                """)
        #expect(try Self.sample("", front: "bibliography: ../../refs.bib").problems.contains("[outside-project]"))
    }

    @Test func `without a bibliography brackets around a key are an error, and a name is text`() {
        let sample = SampleNotebook("Thanks @doe, [thanks @doe] \\[@doe], [\\@doe].\n\n[@doe2020] says.\n")
        #expect(
            sample.problems == """
                notebooks/x.md:3:2: error: there is no bibliography to cite 'doe2020' from [unknown-citation]
                    [@doe2020] says.
                     ^
                help: name a file in the front matter, as in 'bibliography: refs.bib', or write \\@ for the sign itself
                """)
    }

    @Test func `a citation in brackets is plain text, and a style has a name`() throws {
        let markup = try Self.sample("See [see *the* @doe2020] and [@roe2021].").problems
        #expect(
            markup.hasSuffix(
                """
                notebooks/x.md:4:16: error: the brackets around '@doe2020' do not end in plain text [bad-citation]
                    See [see *the* @doe2020] and [@roe2021].
                                   ^
                help: a citation in brackets holds no emphasis, code or links; write \\@ for the sign itself
                """), "\(markup)")
        let style = try Self.sample("", front: "bibliography: refs.bib\ncitation_style: numbers").problems
        #expect(
            style.hasSuffix(
                """
                notebooks/x.md:3:17: error: 'citation_style' takes 'author-year' or 'numeric', not 'numbers' [bad-front-matter]
                    citation_style: numbers
                                    ^
                """), "\(style)")
    }

    @Test(
        "each part of a citation in brackets names one work",
        arguments: [
            ("[@doe2020 and @roe2021]", "4:15: error: '@roe2021' stands among the words after '@doe2020'"),
            ("[@doe2020; ]", "4:2: error: a part of the citation with '@doe2020' names no work"),
            ("[@doe2020; see]", "4:2: error: a part of the citation with '@doe2020' names no work"),
            ("[; @doe2020; a]", "4:4: error: 2 parts of the citation with '@doe2020' name no work"),
        ])
    func parts(_ text: String, _ expected: String) throws {
        let problems = try Self.sample(text).problems
        #expect(problems.contains("\nnotebooks/x.md:\(expected) [bad-citation]\n"), "\(problems)")
        #expect(problems.contains("help: a ';' stands between works in brackets, as in [see @a, p. 3; @b]"))
    }

    @Test func `a sign after a backslash is text among the words of a citation too`() throws {
        #expect(try Self.sample("[@doe2020 and \\@roe2021] [@roe2021]").problems == "")
        #expect(
            try Self.sample("\\[@doe2020; ] [\\@doe2020; ] @doe2020 @roe2021").problems.contains("[bad-citation]")
                == false)
    }

    @Test func `an abstract cites as all text does`() throws {
        let front = "bibliography: refs.bib\nabstract: After @doe2020 and [@roe2021].\n"
        #expect(try Self.sample("Text", front: front).session.analysis.problems.all.isEmpty)
        let wrong = try Self.sample("Text", front: front.replacing("roe2021", with: "reo2021")).problems
        #expect(wrong.contains("has no entry 'reo2021'") && wrong.contains("x.md:3:"), "\(wrong)")
    }

    @Test func `many citations and many brackets take no time`() throws {
        let clock = ContinuousClock()
        for text in [
            String(repeating: "[see @doe2020, p. 3; @roe2021] and ", count: 20_000),
            String(repeating: "[@doe2020\n", count: 50_000),
            String(repeating: "[", count: 100_000) + "@doe2020", String(repeating: "@doe2020 [", count: 20_000),
        ] {
            let time = try clock.measure { _ = try Self.sample(text).session }
            #expect(time < .seconds(8), "\(text.prefix(20))")
        }
    }
}
