import Foundation
import Markdown
import Notebooks
import Testing
import TestSupport

/// The tour uses the language, and the language's page quotes the tour.
@Suite struct LanguageDocumentTests {
    private static func text(_ path: String) throws -> String {
        String(decoding: try Fixtures.bytes(Fixtures.repository + "/" + path), as: UTF8.self)
    }

    @Test("every quotation of docs/language.md stands word for word in the tour")
    func quotations() throws {
        let page = try Self.text("docs/language.md")
        let tour = try Self.text("notebooks/tour.md")
        let quotations = page.matches(of: /(?m)^(````?)markdown\n(?s:(.*?))\n\1$/).map { String($0.2) }
        #expect(quotations.count >= 10)
        for quotation in quotations { #expect(tour.contains(quotation + "\n"), "\(quotation)") }
    }

    @Test("the tour uses every feature of the language")
    func features() throws {
        let bound = try GeneratedDocumentTests.bound("tour")
        let prose = bound.document.parts.flatMap { part -> [MarkdownBlock] in
            if case .prose(let blocks) = part { blocks } else { [] }
        }
        let references = ProseReferences(prose)
        let formats = references.values.map(\.format).joined(separator: " ")
        for form in ["f", "g", "%", "d", "+", ",", "interval", "'nats'"] { #expect(formats.contains(form), "\(form)") }
        #expect(Set(references.references.map(\.kind)) == [.figure, .table])
        #expect(references.values.contains { $0.path.hasPrefix("params.") })
        #expect(references.values.contains { $0.location.file == 1 })
        #expect(Set(references.citations.map(\.isInText)) == [true, false])
        #expect(bound.document.citationSource?.bibliography.references.count == 3)
        let description = "\(prose)"
        for feature in ["MarkdownTable", "Footnote", "pictures/report.png", "MathFormula", "callout"] {
            #expect(description.contains(feature))
        }
        #expect(bound.document.title.contains { if case .value = $0 { true } else { false } })
        let publication = bound.document.publication
        #expect(publication.authors.count == 2 && publication.date != nil && !publication.headline.isEmpty)
        #expect(!publication.abstract.isEmpty)
        #expect(bound.blocks.contains { !$0.head.caption.isEmpty } && bound.blocks.contains { !$0.head.alt.isEmpty })
        #expect(
            Set(bound.blocks.map(\.name)).isSuperset(of: [
                "models", "pairs", "score", "patch", "chart", "table", "expect",
            ]))
    }
}
