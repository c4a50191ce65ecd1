import Foundation
import JSON
import References
import Testing
import TestSupport

/// Citations and lists of references compared with pandoc's citeproc (`scripts/fixtures/references.py`).
///
/// Citations are compared letter by letter. What is otherwise on purpose: a list repeats names instead of putting dashes for them, titles keep
/// the letter case of the file, and numbers are parted by semicolons where words stand between them, with authors in front where they are
/// part of the sentence.
@Suite struct CitationTests {
    static func expected() throws -> JSON {
        try JSON.parse(Fixtures.bytes(Fixtures.path("references/expected.json")))
    }

    static func bibliography(_ file: String) throws -> Bibliography {
        let (bibliography, problems) = Bibliography.read(try Fixtures.bytes(Fixtures.path("references/\(file)")))
        #expect(problems == [])
        return bibliography
    }

    /// A citation as the notebook's reader takes it apart.
    private static func works(_ text: String) -> (works: [CitedWork], isInText: Bool) {
        func work(_ text: Substring) -> CitedWork? {
            guard let match = text.firstMatch(of: /(-?)@([A-Za-z0-9]+)/) else { return nil }
            return CitedWork(
                key: String(match.2), prefix: String(text[..<match.range.lowerBound].drop(while: \.isWhitespace)),
                suffix: String(text[match.range.upperBound...]), showsAuthor: match.1.isEmpty)
        }
        if text.hasPrefix("@") {
            let place = text.firstMatch(of: /\ \[(.*)\]/).map { ", \($0.1)" } ?? ""
            let key = text.dropFirst().prefix { $0.isLetter || $0.isNumber }
            return ([CitedWork(key: String(key), suffix: place)], true)
        }
        return (text.dropFirst().dropLast().split(separator: ";").compactMap(work), false)
    }

    private static func text(_ parts: [Citations.Part]) -> String {
        parts.map { part in
            switch part {
            case .words(let words): words
            case .names(let text), .work(_, let text): text.plainText
            }
        }.joined()
    }

    private static func pairs(_ json: JSON?) throws -> [(String, String)] {
        try #require(json?.array).map { pair in
            let texts = pair.array?.compactMap(\.string) ?? []
            return (try #require(texts.first), try #require(texts.last))
        }
    }

    @Test(arguments: CitationStyle.allCases) func `citations read as pandoc writes them`(style: CitationStyle) throws {
        let bibliography = try Self.bibliography("works.bib")
        #expect(bibliography.references.count >= 40)
        let expected = try Self.pairs(try Self.expected()[style.rawValue]?["citations"])
        #expect(expected.count == 40)
        // Every work counts, as in pandoc's run; those that are cited come first.
        let cited = expected.flatMap { Self.works($0.0).works.map(\.key) }
        let citations = Citations(bibliography, style: style, citing: cited + bibliography.references.map(\.key))
        for (source, theirs) in expected {
            let (works, isInText) = Self.works(source)
            var ours = Self.text(citations.parts(works, isInText: isInText))
            if style == .numeric {
                ours = ours.replacing(";", with: ",")
                if isInText, let bracket = ours.firstIndex(of: "[") { ours = String(ours[bracket...]) }
            }
            #expect(ours.replacing("\u{A0}", with: " ") == theirs.replacing("\u{A0}", with: " "), "\(source)")
        }
    }

    /// What the list says better than pandoc's, by key: the booktitle of a `@conference`, an address that was a DOI, the kind of a report.
    static let better = [
        "conf2003": "Con, Conny. 2003. “Another Paper.” In Proceedings of Another Conference.",
        "data2022": "Daten, Dana. 2022. “A Data Set.” Archive. https://doi.org/10.5555/data.",
        "tech1997": "Tech, Tess. 1997. “A Technical Report.” Technical report TR-97-3. Institute of Results.",
        "maths2022": "Formel, Fritz. 2022. “Bounds of O(n^2) and Emphasis in H2O.” Proofs 8.",
    ]

    @Test(arguments: ["works.bib", "works.json"]) func `the list of references has pandoc's entries in pandoc's order`(
        file: String
    ) throws {
        let bibliography = try Self.bibliography(file)
        let citations = Citations(bibliography, style: .authorYear, citing: bibliography.references.map(\.key))
        let expected = try Self.pairs(try Self.expected()["author-year"]?["references"])
        let entries = citations.entries
        #expect(entries.map(\.key) == expected.map(\.0))
        var names = ""
        for (entry, (key, theirs)) in zip(entries, expected) {
            var text = Self.plain(theirs)
            if text.hasPrefix("———") {
                text = names + text.dropFirst(3)
            } else if let end = text.firstMatch(of: /, eds?\.|\. (\d|n\.d)/) {
                names = String(text[..<end.range.lowerBound])
            }
            let ours = Self.plain(entry.text.plainText)
            if file == "works.bib", let better = Self.better[key] {
                #expect(ours == better)
            } else if Self.better[key] == nil {
                #expect(ours.lowercased() == text.lowercased(), "\(key)")
            }
        }
    }

    /// HTML as plain text; a dotless i under an accent is an i.
    private static func plain(_ html: String) -> String {
        html.replacing(/<[^>]*>/, with: "").replacing("&amp;", with: "&").replacing("ı\u{301}", with: "í").replacing(
            "ı\u{308}", with: "ï")
    }

    @Test func `styles and formulas of a title are kept`() throws {
        let citations = Citations(
            try Self.bibliography("works.bib"), style: .authorYear, citing: ["maths2022", "bok2011", "abel2020"])
        let runs = citations.entries.flatMap(\.text.runs)
        #expect(runs.contains(.text("Emphasis", .italic)) && runs.contains(.text("2", .subscript)))
        #expect(runs.contains { if case .formula(let formula) = $0 { formula.source == "O(n^2)" } else { false } })
        #expect(runs.contains(.text("A Book About Books", .italic)))
        #expect(
            runs.contains(
                .link(address: "https://doi.org/10.5555/jsr.2020.101", text: "https://doi.org/10.5555/jsr.2020.101")))
    }

    @Test func `a list by numbers is in the order of first mention`() throws {
        let citations = Citations(
            try Self.bibliography("works.bib"), style: .numeric, citing: ["phd1999", "abel2020", "phd1999", "gone"])
        #expect(citations.entries.map(\.key) == ["phd1999", "abel2020"])
        #expect(citations.entries.map(\.number) == [1, 2])
        #expect(Self.text(citations.parts([CitedWork(key: "abel2020")], isInText: true)) == "Abel and van der Berg [2]")
        #expect(
            Self.text(
                citations.parts(
                    [CitedWork(key: "phd1999", suffix: ", p. 3"), CitedWork(key: "abel2020")], isInText: false))
                == "[1, p. 3; 2]")
    }

    @Test(arguments: [
        ("71–72", "71–72"), ("100–104", "100–104"), ("101–108", "101–8"), ("321–328", "321–28"),
        ("1496–1500", "1496–1500"),
        ("1103–1104", "1103–4"), ("498–532", "498–532"), ("e12", "e12"), ("5", "5"), ("i–iv", "i–iv"),
        ("200–215, 301–308", "200–215, 301–8"),
    ])
    func `ranges of pages are shortened as the manual says`(pages: String, expected: String) throws {
        var work = Reference(key: "k", kind: .chapter)
        work.texts = [.title: RichText("T"), .page: RichText(pages)]
        work.names = [.author: [PersonName(family: "F")]]
        let text = Citations(Bibliography([work]), style: .authorYear, citing: ["k"]).entries[0].text.plainText
        #expect(text == "F. n.d. “T,” \(expected).")
    }
}
