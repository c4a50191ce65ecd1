import Maths
import Testing

@Suite struct FormulaTests {
    /// What is wrong with a formula, each problem after the text that it is about.
    private static func problems(_ source: String, isDisplay: Bool = true) -> [String] {
        let bytes = Array(source.utf8)
        return MathFormula.read(source, isDisplay: isDisplay).problems.map {
            "\(String(decoding: bytes[$0.range], as: UTF8.self)) @\($0.range.lowerBound): \($0.description)"
        }
    }

    private static func nodes(_ source: String) -> [MathNode] {
        MathFormula.read(source, isDisplay: true).formula.nodes
    }

    @Test(arguments: [
        ("a + \\alhpa", "\\alhpa @4: there is no maths command '\\alhpa'"),
        ("\\", "\\ @0: there is no maths command '\\'"),
        ("\\frac{a}", "\\frac @0: '\\frac' has nothing after it to apply to"),
        ("x^", "^ @1: '^' has nothing after it to apply to"),
        ("x^2^3", "^ @3: a second '^' for the same base"),
        ("x_1_2", "_ @3: a second '_' for the same base"),
        ("x''^{2}'", "' @7: a second ''' for the same base"),
        ("{a + b", "{ @0: '{' is opened here and never closed"),
        ("a + b}", "} @5: '}' does not belong here"),
        ("a & b", "& @2: '&' does not belong here"),
        ("a \\\\ b", "\\\\ @2: '\\\\' does not belong here"),
        ("\\left( a", "\\left @0: '\\left' is opened here and never closed"),
        ("a \\right)", "\\right @2: '\\right' does not belong here"),
        ("\\left a \\right)", "\\left @0: '\\left' takes a delimiter such as '(' or '\\|'"),
        ("\\begin{casse} a \\end{casse}", "casse @7: there is no maths environment 'casse'"),
        ("\\begin{cases} a", "\\begin @0: '\\begin{cases}' is opened here and never closed"),
        ("\\begin{cases} a \\end{matrix}", "matrix @21: '\\begin{cases}' ends with '\\end{matrix}'"),
        ("\\begin{array}{xy} a \\end{array}", "xy @14: 'xy' does not describe columns"),
        ("a \\hspace{3 apples} b", "3 apples @10: '3 apples' is not a length"),
        ("x \\limits_a", "\\limits @2: '\\limits' follows an operator such as '\\sum'"),
        ("a $ b", "$ @2: '$' has no meaning in a formula"),
        ("\\text{if \\foo}", "\\foo @9: there is no maths command '\\foo'"),
        ("\\text{if $x}", "$ @9: '$' is opened here and never closed"),
        ("{a \\tag{1}}", "\\tag @3: a tag belongs into a formula that stands alone, outside any braces"),
        ("a \\tag{1} \\tag{2}", "\\tag @10: the formula has two tags"),
        ("  ", "   @0: the formula is empty"),
        ("\\color{red}{x}", "\\color @0: '\\color' is not drawn: a formula has the colour of its text"),
        (
            "\\label{a_b_c} x",
            "\\label @0: '\\label' is not drawn: a formula is not referred to by number; \\tag{1} writes a number beside it"
        ),
        ("\\kern{3em}", "\\kern @0: '\\kern' takes a length without braces, such as 1em"),
        ("\\kern 3xx", " 3xx @5: '3xx' is not a length"),
        ("\\smash[q]{x}", "\\smash @0: '\\smash' is not drawn: its option is t or b"),
        ("a \\hline b", "\\hline @2: '\\hline' does not belong here"),
        ("é \\foo", "\\foo @3: there is no maths command '\\foo'"),
    ])
    func `what is wrong is told at its bytes`(source: String, expected: String) {
        #expect(Self.problems(source) == [expected])
    }

    @Test func `every unknown command is told, and a tag belongs to a display`() {
        #expect(Self.problems("\\foo + \\bar + \\baz{x}").count == 2)
        #expect(Self.problems("a \\tag{1}", isDisplay: false).count == 1)
        let (formula, problems) = MathFormula.read("a \\tag{1}", isDisplay: true)
        #expect(formula.tag == "1" && problems.isEmpty)
    }

    @Test func `suggestions know every command, and each of them is read`() {
        let known = MathFormula.read("\\foo", isDisplay: true).problems[0].known
        #expect(
            known.count > 400 && known.contains("\\alpha") && known.contains("\\mathbb") && known.contains("\\frac"))
        for command in known {
            let unknown = Self.problems("\\sum\(command){a}{b}").filter { $0.contains("no maths command") }
            #expect(unknown.isEmpty, "\(command)")
        }
    }

    @Test(
        "without braces an argument is one digit",
        arguments: [
            ("\\frac12", "\\frac{1}{2}"), ("x^10", "x^{1}0"), ("x_12", "x_{1}2"), ("\\sqrt12", "\\sqrt{1}2"),
            ("\\hat12", "\\hat{1}2"), ("\\mathbf12", "\\mathbf{1}2"), ("\\binom 52", "\\binom{5}{2}"),
        ])
    func digits(_ short: String, _ long: String) { #expect(Self.nodes(short) == Self.nodes(long)) }

    @Test(
        "commands that say the same",
        arguments: [
            ("{\\rm KL} x", "{\\mathrm{KL}} x"), ("\\bf x y", "\\mathbf{x y}"), ("a\\kern1em b", "a\\quad b"),
            ("a\\mkern 18mu b", "a\\quad b"), ("a\\hskip -.5em b", "a\\hspace{-0.5em} b"),
            ("a\\mspace{18mu}b", "a\\quad b"), ("\\mathbbm{1}", "\\mathbb{1}"),
        ])
    func synonyms(_ one: String, _ other: String) {
        #expect(Self.problems(one) == [])
        let grouped = Self.nodes(other).flatMap { node in if case .group(let inner) = node { inner } else { [node] } }
        let found = Self.nodes(one).flatMap { node in if case .group(let inner) = node { inner } else { [node] } }
        #expect(found == grouped)
    }

    @Test func `an array has the lines that its columns and rows ask for`() {
        let source = "\\begin{array}{|l||c} \\hline a & b \\\\ \\hline\\hline c & d \\\\ \\hline \\end{array}"
        guard case .table(let table)? = Self.nodes(source).first else {
            Issue.record("it is a table")
            return
        }
        #expect(
            table.columnRules == [1, 2, 0] && table.rowRules == [1, 2, 1] && table.alignments == [.left, .center])
        guard case .table(let plain)? = Self.nodes("\\begin{array}{lc} a & b \\end{array}").first else { return }
        #expect(plain.columnRules == [] && plain.rowRules == [])
    }

    @Test func `alphabets are letters of their own`() {
        let samples: [(String, [MathNode])] = [
            ("\\mathbb{E}", [.letters("𝔼", isUpright: true)]), ("\\mathbb R", [.letters("ℝ", isUpright: true)]),
            ("\\mathcal{L}", [.letters("ℒ", isUpright: true)]), ("\\mathfrak{g}", [.letters("𝔤", isUpright: true)]),
            ("\\mathbf{x}", [.letters("𝐱", isUpright: true)]),
            ("\\boldsymbol{\\theta}", [.letters("𝜽", isUpright: true)]),
            ("\\mathrm{KL}", [.letters("KL", isUpright: true)]), ("\\mathsf{T}", [.letters("𝖳", isUpright: true)]),
            ("\\mathtt{ab}", [.letters("𝚊𝚋", isUpright: true)]), ("\\mathit{h}", [.letters("ℎ", isUpright: true)]),
            ("\\mathbf{1}", [.number("𝟏")]), ("\\bm{\\Sigma}", [.letters("𝚺", isUpright: true)]),
        ]
        for (source, expected) in samples { #expect(Self.nodes(source) == expected, "\(source)") }
    }

    @Test func `a formula has a plain text for titles and for those who cannot see it`() {
        func text(_ source: String) -> String { MathFormula.read(source, isDisplay: false).formula.text }
        #expect(text("\\pi_\\theta(y|x)") == "π_θ(y|x)")
        #expect(text("\\frac{1}{2}\\sqrt{x^2+1}") == "1/2√(x^2 + 1)")
        #expect(text("f'(x) = \\operatorname{softmax}(z)_i") == "f′(x) = softmax (z)_i")
        #expect(text("\\beta = 0.1") == "β = 0.1")
    }

    // MARK: Hostile formulas

    @Test(arguments: [
        ("braces", String(repeating: "{", count: 5_000) + String(repeating: "}", count: 5_000)),
        ("open braces", String(repeating: "{", count: 19_000)),
        ("fractions", String(repeating: "\\frac", count: 3_000) + "a"),
        ("roots", String(repeating: "\\sqrt", count: 3_000) + "a"),
        ("optional arguments", String(repeating: "\\sqrt[", count: 3_000)),
        ("delimiters", String(repeating: "\\left(", count: 3_000)),
        ("environments", String(repeating: "\\begin{matrix}", count: 1_000)),
        ("scripts", "x" + String(repeating: "_{x", count: 5_000)),
        ("styles", String(repeating: "\\displaystyle", count: 1_500)),
        ("fractions in between", String(repeating: "a \\over ", count: 2_000)),
        ("text in text", String(repeating: "\\text{$", count: 2_000)),
        ("accents", String(repeating: "\\hat", count: 4_000)),
        ("alphabets", String(repeating: "\\mathbf{", count: 2_000)),
    ])
    func `deep nesting is an error and takes no time`(name: String, source: String) {
        let time = ContinuousClock().measure { #expect(!Self.problems(source).isEmpty) }
        #expect(time < .seconds(1))
    }

    @Test func `a formula that is too long is an error, and a long one is read at once`() {
        #expect(Self.problems(String(repeating: "a", count: 20_001)).count == 1)
        let time = ContinuousClock().measure {
            #expect(Self.problems(String(repeating: "a_1+", count: 5_000)).isEmpty)
        }
        #expect(time < .seconds(1))
    }

    @Test(arguments: 0..<300) func `random formulas give problems inside their text, or a formula`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func draw(_ count: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(count))
        }
        let words = [
            "\\frac", "\\sqrt", "[", "]", "{", "}", "{", "}", "_", "^", "'", "&", "\\\\", "\\left", "\\right", "(", ")",
            "|", ".",
            "\\begin{cases}", "\\end{cases}", "\\begin{array}", "{lc}", "\\text{", "$", "\\mathbb", "\\hat", "\\sum",
            "\\limits",
            "x", "12.5", "α", "é", "日", "\\operatorname*", "\\over", "\\tag{", "%", "\n", "\\", "\\not", "\\big",
            "\\substack{",
            "\\xrightarrow", "\\hspace{", "#", "\u{301}", "\0", "\\displaystyle", "\\middle", "\\underbrace",
        ]
        let source = (0..<(1 + draw(60))).map { _ in words[draw(words.count)] }.joined(
            separator: draw(2) == 0 ? " " : "")
        let (_, problems) = MathFormula.read(source, isDisplay: draw(2) == 0)
        let count = source.utf8.count
        for problem in problems {
            #expect(problem.range.lowerBound >= 0 && problem.range.upperBound <= count, "\(source)")
            #expect(!problem.description.isEmpty)
        }
    }
}
