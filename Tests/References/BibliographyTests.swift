import Foundation
import References
import Testing
import TestSupport

@Suite struct BibliographyTests {
    /// What is wrong with a file, each problem after its line, its column and the text that it is about.
    private static func problems(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return Bibliography.read(bytes).problems.map { problem in
            let before = bytes[..<problem.range.lowerBound]
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
            return
                "\(line):\(column) '\(String(decoding: bytes[problem.range], as: UTF8.self))': \(problem.description)"
        }
    }

    private static func work(_ fields: String, type: String = "article") throws -> Reference {
        let (bibliography, problems) = Bibliography.read(Array("@\(type){k, \(fields)}".utf8))
        #expect(problems == [])
        return try #require(bibliography["k"])
    }

    @Test(arguments: [
        ("@artcle{k, title = {T}}", "1:2 'artcle': there is no entry type 'artcle'"),
        ("@article{, title = {T}}", "1:1 '@article': the entry has no key to cite it by"),
        ("@article{title = {T}}", "1:1 '@article': the entry has no key to cite it by"),
        ("\n@article{k,\n  title {T}\n}\n@book{b, title = {B}}", "3:9 '{': expected '=' after 'title' here"),
        ("@article{k,\n  title = {T}\n  year = 2020\n}", "3:3 'y': expected ',' or '}' here"),
        ("@article{k,\n  title = {T,\n  year = 2020\n", "2:11 '{': the field 'title' begins here and never ends"),
        ("@article{k, title = {T}\n", "1:1 '@article': the entry 'k' begins here and never ends"),
        ("@article{k, journal = jsr}", "1:23 'jsr': there is no @string 'jsr'"),
        ("@article{k, title = {A \\foo{b}}}", "1:24 '\\foo': the LaTeX command '\\foo' is not known here"),
        ("@article{k, title = {A}, title = {B}}", "1:26 'title': the entry 'k' has a second field 'title'"),
        ("@book{k, title = {A}}\n@book{k, title = {B}}", "2:7 'k': the key 'k' is taken by an entry above"),
        ("@book{k, title = {A}, crossref = {gone}}", "1:35 'gone': there is no entry 'gone' to take fields from"),
        ("@book{k, title = {A}, date = {2020-13}}", "1:31 '2020-13': '2020-13' is not a date"),
        ("@book{k, title = {A}, year = 2020, month = {Juno}}", "1:45 'Juno': 'Juno' is not a date"),
        ("@book{k, title = {$\\foo$}}", "1:20 '\\foo': a formula cannot be read: there is no maths command '\\foo'"),
        ("@book{k, author = {A, B, C, D}}", "1:20 'A, B, C, D': 'A, B, C, D' has too many commas for one name"),
        ("@", "1:1 '@': expected an entry such as '@article{key, …}' here"),
        ("no entries", "1:1 '': the file is neither BibTeX nor CSL-JSON"),
        ("[{\"id\": \"a\"}, {\"title\": \"T\"}]", "1:15 '{': the entry has no key to cite it by"),
        ("[{\"id\": \"a\", \"type\": \"artcle\"}]", "1:2 '{': 'type' must be a CSL type, found 'artcle'"),
        (
            "[{\"id\": \"a\", \"issued\": 5}]",
            "1:2 '{': 'issued' must be a date such as {\"date-parts\": [[2020, 6, 3]]}"
        ),
        ("[{\"id\": \"a\", \"author\": \"A. Doe\"}]", "1:2 '{': 'author' must be a list of names"),
        ("[{\"id\": \"a\", \"title\": [\"T\"]}]", "1:2 '{': 'title' must be a text or a number"),
        ("[{\"id\": \"a\",\n  }]", "2:3 '}': expected a key in quotes, found '}'"),
        ("{\"id\": \"a\"}", "1:1 '{': a CSL-JSON bibliography is a list of objects"),
    ])
    func `what is wrong is told at its line and column`(text: String, expected: String) {
        #expect(Self.problems(text) == [expected])
    }

    @Test func `a slip in one entry hides no other`() {
        let text = "@article{a,\n  title = {A\n\n@book{b, title = {B}}\n@book{c, ttle {C}}\n@book{d, title = {D}}\n"
        let (bibliography, problems) = Bibliography.read(Array(text.utf8))
        #expect(bibliography.references.map(\.key) == ["b", "d"])
        #expect(problems.count == 2)
    }

    @Test(arguments: [
        ("G{\\\"o}del", "Gödel"), ("Erd\\H{o}s", "Erdős"), ("{\\'E}milie", "Émilie"), ("\\'{\\i}", "í"),
        ("\\c cedille", "çedille"),
        ("\\v{S}koda", "Škoda"), ("\\aa \\AA{} \\ss{}", "å\u{C5} ß"), ("na\\\"\\i ve", "naïve"),
        ("A \\& B \\% \\_", "A & B % _"),
        ("``Quoted'' -- and --- more", "“Quoted” – and — more"), ("{NASA} and {{DNA}}", "NASA and DNA"),
        ("one~two", "one\u{A0}two"),
        ("\\emph{Stressed} \\LaTeX{}", "Stressed LaTeX"), ("多 語 é", "多 語 é"), ("a\n   b", "a b"),
        ("\\enquote{x}", "“x”"),
    ])
    func `LaTeX is read as text`(latex: String, expected: String) throws {
        #expect(try Self.work("title = {\(latex)}").text(.title) == expected.precomposedStringWithCanonicalMapping)
    }

    @Test(arguments: [
        ("Ada Lovelace", [PersonName(family: "Lovelace", given: "Ada")]),
        ("Lovelace, Ada King", [PersonName(family: "Lovelace", given: "Ada King")]),
        ("Ludwig van Beethoven", [PersonName(family: "Beethoven", given: "Ludwig", particle: "van")]),
        ("de la Cruz, Juana In\\'es", [PersonName(family: "Cruz", given: "Juana Inés", particle: "de la")]),
        ("King, Jr., Martin Luther", [PersonName(family: "King", given: "Martin Luther", suffix: "Jr.")]),
        ("von der Berg, III, A. B.", [PersonName(family: "Berg", given: "A. B.", particle: "von der", suffix: "III")]),
        ("{Barnes and Noble}", [PersonName(family: "Barnes and Noble", isLiteral: true)]),
        ("OpenAI", [PersonName(family: "OpenAI")]),
        ("Jean-Paul Sartre", [PersonName(family: "Sartre", given: "Jean-Paul")]),
        ("{\\'E}mile Zola", [PersonName(family: "Zola", given: "Émile")]),
        (
            "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
            [
                PersonName(family: "Vallée Poussin", given: "Charles Louis Xavier Joseph", particle: "de la")
            ]
        ),
        ("A B and C D", [PersonName(family: "B", given: "A"), PersonName(family: "D", given: "C")]),
    ])
    func `names are read as BibTeX reads them`(text: String, expected: [PersonName]) throws {
        #expect(try Self.work("author = {\(text)}").names[.author] == expected)
    }

    @Test func `macros, numbers and pieces make one value`() throws {
        let (bibliography, problems) = Bibliography.read(
            Array(
                "@string{j = \"Journal\"} @comment{x {y}}\n@preamble{\"z\"}\n@ARTICLE(k, Title = \"A {\"} B\" # { C}, journal = j # \" of X\", month = 10 # \"~\" # jan, YEAR = 2020,)"
                    .utf8))
        #expect(problems == [])
        let work = try #require(bibliography["k"])
        #expect(work.text(.title) == "A \" B C" && work.text(.containerTitle) == "Journal of X")
        #expect(work.issued == PublicationDate(year: "2020", month: 1, day: 10))
    }

    @Test func `a cross reference fills what is missing`() throws {
        let (bibliography, _) = Bibliography.read(
            Array(
                "@inproceedings{c, title = {C}, crossref = {P}}\n@proceedings{p, title = {P}, year = 2001, publisher = {Q}}"
                    .utf8))
        let work = try #require(bibliography["c"])
        #expect(work.text(.title) == "C" && work.text(.containerTitle) == "P" && work.text(.publisher) == "Q")
        #expect(work.issued?.year == "2001")
    }

    @Test func `addresses lose what belongs to BibTeX or to a DOI's resolver`() throws {
        let work = try Self.work("title = {T}, doi = {https://doi.org/10.1/a\\_b}, url = {https://x.org/a\\%20b_c}")
        #expect(work.text(.doi) == "10.1/a_b" && work.text(.url) == "https://x.org/a%20b_c")
        #expect(
            try Self.work("title = {T}, eprint = {2401.1}, archiveprefix = {arXiv}").text(.url)
                == "https://arxiv.org/abs/2401.1")
    }

    // MARK: Hostile files

    @Test(arguments: [
        (
            "braces",
            "@book{k, title = " + String(repeating: "{", count: 100_000) + String(repeating: "}", count: 100_000) + "}"
        ),
        ("open braces", "@book{k, title = " + String(repeating: "{", count: 200_000)),
        ("accents", "@book{k, title = {" + String(repeating: "\\'", count: 100_000) + "}}"),
        (
            "emphasis",
            "@book{k, title = {" + String(repeating: "\\emph{", count: 20_000) + String(repeating: "}", count: 20_000)
                + "}}"
        ),
        ("many slips", String(repeating: "@book{k, title = {\n", count: 20_000)),
        ("many names", "@book{k, author = {" + String(repeating: "A B and ", count: 50_000) + "C}}"),
        ("JSON", String(repeating: "[", count: 100_000)),
    ])
    func `files made to run away do not`(name: String, text: String) {
        let time = ContinuousClock().measure { _ = Bibliography.read(Array(text.utf8)) }
        #expect(time < .seconds(5))
    }

    @Test(arguments: 0..<200) func `random files give problems inside the file`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func draw(_ count: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(count))
        }
        let words = [
            "@article{", "@book(", "@string{", "@comment{", "k", ",", "=", "{", "}", "\"", "#", "author", "title",
            "month", "date", "crossref",
            "and", "A B", "von", "\\'", "\\emph", "$", "~", "--", "2020", "jan", "\n", "\n@", "é", "\0", "\\", ")", "%",
            "pages", "1--9",
        ]
        let text = (0..<(1 + draw(80))).map { _ in words[draw(words.count)] }.joined(separator: draw(2) == 0 ? " " : "")
        for problem in Bibliography.read(Array(text.utf8)).problems {
            #expect(problem.range.lowerBound >= 0 && problem.range.upperBound <= text.utf8.count, "\(text)")
        }
        _ = Citations(Bibliography.read(Array(text.utf8)).bibliography, style: .authorYear, citing: ["k"]).entries
    }
}
