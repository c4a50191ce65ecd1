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

    @Test(
        "lines and signs are as long as they should be",
        arguments: [
            ("x \\stackrel{a}{=} y", "<mover><mo>=</mo>"),
            ("\\overset{a}{\\to}", "<mover><mo stretchy=\"false\">→</mo>"),
            ("\\xrightarrow{a}", "<mo stretchy=\"true\">→</mo>"), ("\\overline{ab}", "<mrow class=\"pb-over\">"),
            ("\\cancel{ab}", "<mrow class=\"pb-cancel\">"), ("\\vphantom{a}", "<mpadded width=\"0\"><mphantom>"),
            ("\\smash[b]{a}", "<mpadded depth=\"0\"><mi>a</mi></mpadded>"),
            ("\\hphantom{a}", "<mpadded height=\"0\" depth=\"0\"><mphantom>"),
            ("a := b", "<mo lspace=\"0.278em\" rspace=\"0\">:</mo><mo lspace=\"0\" rspace=\"0.278em\">=</mo>"),
            (
                "\\begin{array}{c||c|} a & b \\\\ \\hline c \\end{array}",
                "<mtd class=\"pb-rule-t\"><mi>c</mi></mtd><mtd class=\"pb-rule-l2 pb-rule-r pb-rule-t\"></mtd>"
            ),
        ])
    func lengths(_ tex: String, _ expected: String) throws {
        let math = try Self.math(tex)
        #expect(math.contains(expected), "\(math)")
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
