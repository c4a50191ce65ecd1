/// A formula in LaTeX, read.
public struct MathFormula: Sendable, Equatable {
    /// The LaTeX that it was read from.
    public let source: String
    /// Its parts in a row.
    public let nodes: [MathNode]
    /// What stands at the edge of a display: `1` for `\tag{1}`; nil for nothing.
    public let tag: String?

    /// The most bytes of a formula.
    public static let longest = 20_000

    /// Reads a formula; what is wrong is among the problems, and left out of the formula.
    /// - Parameter isDisplay: whether it stands alone, which a tag needs.
    public static func read(_ source: String, isDisplay: Bool) -> (formula: MathFormula, problems: [MathProblem]) {
        let bytes = Array(source.utf8)
        guard bytes.count <= longest else {
            let problem = MathProblem(.tooLong(bytes.count), 0..<0)
            return (MathFormula(source: source, nodes: [], tag: nil), [problem])
        }
        var parser = MathParser(bytes, isDisplay: isDisplay)
        let nodes = parser.formula()
        return (MathFormula(source: source, nodes: nodes, tag: parser.tag), parser.problems)
    }

    /// The formula as plain text, for titles and for those who cannot see it: `π_θ(y|x)`.
    public var text: String { MathText.text(nodes) }
}
