import Foundation
import JSON
import Markdown
import Notebooks
import Testing
import TestSupport

/// The 652 examples of the CommonMark specification, version 0.30, through our own parser and renderer.
///
/// Both sides are compared after a normalisation that stands for what a report does otherwise on purpose: headings have ids and links, `<br />` is
/// `<br>`, apostrophes are escaped, and a picture is its words. Examples with raw HTML, which a report shows as text, are left out, and
/// so are links that must not be followed.
@Suite struct CommonMarkTests {
    /// Examples whose document holds raw HTML.
    static let rawHTML: Set<Int> = [
        21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168,
        169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 180, 181, 182, 184, 185, 186, 187, 188, 189, 190, 191, 201,
        344, 474, 475, 476, 490, 493, 523, 535, 612, 613, 614, 615, 616, 622, 627, 628, 629, 630, 631, 642, 643,
    ]
    /// Examples with a link whose scheme a report does not follow.
    static let refusedLinks: Set<Int> = [595, 597, 598, 600]

    struct Example: Sendable {
        let number: Int
        let section: String
        let markdown: String
        let html: String
    }

    static func examples() throws -> [Example] {
        let json = try JSON.parse(Fixtures.bytes(Fixtures.path("commonmark/spec-0.30.json")))
        return try (json.array ?? []).enumerated().map { index, example in
            let texts = try #require(example.array).compactMap(\.string)
            return Example(number: index + 1, section: texts[0], markdown: texts[1], html: texts[2])
        }
    }

    @Test("every example renders as CommonMark says")
    func conforms() throws {
        let examples = try Self.examples()
        #expect(examples.count == 652)
        var withHTML: Set<Int> = []
        var refused: Set<Int> = []
        for example in examples {
            let front = "---\ntitle: An example\n---\n"
            let notebook = Notebook.parse(SourceText(name: "example.md", text: front + example.markdown))
            #expect(notebook.problems.isEmpty, "example \(example.number)")
            let prose = notebook.document.parts.flatMap { part -> [MarkdownBlock] in
                if case .prose(let blocks) = part { blocks } else { [] }
            }
            if prose.contains(where: \.holdsRawHTML) {
                withHTML.insert(example.number)
                continue
            }
            if example.html.contains(Self.refusedLink) {
                refused.insert(example.number)
                continue
            }
            let page = try PageTests.page(prose)
            let html = try PageTests.between("</header>\n", "</main>", in: page)
            #expect(
                Self.ours(html) == Self.theirs(example.html),
                "example \(example.number), \(example.section): \(example.markdown.debugDescription)")
        }
        #expect(withHTML == Self.rawHTML)
        #expect(refused == Self.refusedLinks)
    }

    /// A link that is neither web nor mail, nor beside the page.
    private static var refusedLink: Regex<Substring> { /href="(?!https?:|(?:mailto|MAILTO):)[A-Za-z][A-Za-z0-9+.\-]*:/ }

    static func ours(_ html: String) -> String {
        html.replacing(/(?s)^<details class="pb-contents-fold">.*?<\/details>\n/, with: "")
            .replacing(/(<h[1-6]) id="[^"]*">/) { "\($0.1)>" }
            .replacing(/\ <a class="pb-link" [^>]*>#<\/a>/, with: "").replacing("&#39;", with: "'")
            .replacing("<pre tabindex=\"0\">", with: "<pre>").trimmingCharacters(in: .newlines)
    }

    static func theirs(_ html: String) -> String {
        // A comment is not printed.
        html.replacing(/(?s)(?:^|\n) *<!--.*?-->(?=\n|$)/, with: "").replacing(/(?s)<!--.*?-->/, with: "")
            .replacing("<br />", with: "<br>").replacing("<hr />", with: "<hr>")
            .replacing(/<img src="[^"]*" alt="([^"]*)"(?: title="[^"]*")? \/>/) { image in
                "<span class=\"pb-picture\">\(image.1.isEmpty ? "picture" : image.1)</span>"
            }
            .trimmingCharacters(in: .newlines)
    }
}

extension MarkdownBlock {
    fileprivate var holdsRawHTML: Bool {
        switch self {
        case .html: true
        case .paragraph(let inlines), .heading(_, let inlines): inlines.contains(where: \.holdsRawHTML)
        case .quote(let blocks), .callout(_, let blocks): blocks.contains(where: \.holdsRawHTML)
        case .list(_, _, let items): items.contains { $0.contains(where: \.holdsRawHTML) }
        case .table, .code, .formula, .thematicBreak: false
        }
    }
}

extension MarkdownInline {
    fileprivate var holdsRawHTML: Bool {
        switch self {
        case .html: true
        case .emphasis(let inner), .strong(let inner), .link(_, _, let inner, _), .image(_, _, let inner, _):
            inner.contains(where: \.holdsRawHTML)
        default: false
        }
    }
}
