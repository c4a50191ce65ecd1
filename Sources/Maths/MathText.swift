/// Formulas as plain text.
enum MathText {
    /// One line, with scripts as LaTeX marks them and fractions with a slash.
    static func text(_ nodes: [MathNode]) -> String { nodes.map(text).joined() }

    /// The name in `\operatorname{…}`, where spaces count and a hyphen is one.
    static func name(_ nodes: [MathNode]) -> String {
        nodes.map { node in
            if case .symbol("−", _) = node { return "-" }
            if case .symbol("∗", _) = node { return "*" }
            if case .space(let em) = node { return em > 0 ? "\u{2009}" : "" }
            if case .group(let inner) = node { return name(inner) }
            return text(node)
        }.joined()
    }

    private static func text(_ node: MathNode) -> String {
        switch node {
        case .letters(let text, _), .number(let text), .large(let text, _), .text(let text): return text
        case .symbol(let sign, .binary), .symbol(let sign, .relation): return " \(sign) "
        case .symbol(let sign, .punctuation): return sign + " "
        case .symbol(let sign, _), .delimiter(let sign, _, _): return sign
        case .function(let name, _): return name + " "
        case .space(let em): return em > 0.3 ? " " : ""
        case .group(let inner), .styled(_, let inner), .ruled(let inner, _), .classed(let inner, _): return text(inner)
        case .reduced(let inner, let extent): return extent.isDrawn ? text(inner) : ""
        case .arrow(let sign, _, _): return " \(sign) "
        case .fraction(let fraction): return "\(grouped(fraction.top))/\(grouped(fraction.bottom))"
        case .root(let inner, nil): return "√\(grouped(inner))"
        case .root(let inner, let degree?): return "\(grouped(degree))√\(grouped(inner))"
        case .scripts(let base, let below, let above):
            let base = text(base)
            return (base.last == " " ? String(base.dropLast()) : base) + (below.map { "_" + grouped($0) } ?? "")
                + (above.map { isPrime($0) ? text($0) : "^" + grouped($0) } ?? "")
        case .marked(let mark): return text(mark.base)
        case .stacked(let base, _, _): return text(base)
        case .delimited(let inner, let left, let right): return left + text(inner) + right
        case .table(let table):
            return table.rows.map { $0.map(text).joined(separator: " ") }.joined(separator: "; ")
        }
    }

    private static func isPrime(_ nodes: [MathNode]) -> Bool {
        guard case .symbol(let sign, _)? = nodes.first else { return false }
        return nodes.count == 1 && "′″‴⁗".contains(sign)
    }

    private static func grouped(_ nodes: [MathNode]) -> String {
        let text = text(nodes)
        return text.count == 1 || (nodes.count == 1 && Int(text) != nil) ? text : "(\(text))"
    }
}
