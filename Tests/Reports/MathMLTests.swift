import JSON
import Markdown
import Maths
import Reports
import Testing
import TestSupport

/// Formulas as a page draws them, compared with pandoc's.
@Suite struct MathMLTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let tex: String
        let isDisplay: Bool
        let mathML: String
        var testDescription: String { tex }
    }

    static func samples() throws -> [Sample] {
        let json = try JSON.parse(Fixtures.bytes(Fixtures.path("maths/formulas.json")))
        return try (json.array ?? []).map { sample in
            Sample(
                tex: try #require(sample["tex"]?.string), isDisplay: sample["display"]?.bool == true,
                mathML: try #require(sample["mathml"]?.string))
        }
    }

    private static func html(_ tex: String, isDisplay: Bool) throws -> String {
        let (formula, problems) = MathFormula.read(tex, isDisplay: isDisplay)
        #expect(problems == [], "\(tex)")
        return try PageTests.page(isDisplay ? [.formula(formula)] : [.paragraph([.formula(formula)])])
    }

    private static func math(_ tex: String, isDisplay: Bool = true) throws -> String {
        "<math" + (try PageTests.between("<math", "</math>", in: html(tex, isDisplay: isDisplay))) + "</math>"
    }

    @Test func `150 formulas and more have the tree that pandoc gives them`() throws {
        let samples = try Self.samples()
        #expect(samples.count >= 150)
        for sample in samples {
            let ours = MathTree(try Self.math(sample.tex, isDisplay: sample.isDisplay)).normal
            #expect(ours == MathTree(sample.mathML).normal, "\(sample.tex)")
        }
    }
}
