import Charts
import Maths

/// Formulas as MathML Core, which browsers draw themselves.
///
/// Spaces are TeX's: what MathML's operator dictionary does otherwise is said with attributes, as are delimiters that must not grow.
struct MathML {
    /// Inside scripts, where TeX puts no space around signs.
    let isScript: Bool

    private init(isScript: Bool) { self.isScript = isScript }

    /// A formula within text; a long one scrolls where the page is narrow.
    static func inline(_ formula: MathFormula) -> String {
        let math = math(formula, display: "")
        return isWide(formula) ? "<span class=\"pb-formula-long\"\(focus)>\(math)</span>" : math
    }

    /// A formula that stands alone, with its tag at the edge.
    static func block(_ formula: MathFormula) -> String {
        let tag = formula.tag.map { "<span class=\"pb-formula-tag\">(\(Markup.escaped($0)))</span>" } ?? ""
        return
            "<div class=\"pb-formula\"\(isWide(formula) ? focus : "")>\(math(formula, display: " display=\"block\""))\(tag)</div>"
    }

    private static let focus = " role=\"group\" aria-label=\"Formula\" tabindex=\"0\""

    /// Whether it may be wider than a phone's page.
    private static func isWide(_ formula: MathFormula) -> Bool { formula.text.count > 26 }

    private static func math(_ formula: MathFormula, display: String) -> String {
        let source = Markup.escaped(formula.source.trimmingBlanks)
        return "<math\(display)><semantics>\(MathML(isScript: false).grouped(formula.nodes))"
            + "<annotation encoding=\"application/x-tex\">\(source)</annotation></semantics></math>"
    }

    // MARK: Rows

    /// The parts as one element.
    private func grouped(_ nodes: [MathNode]) -> String {
        if nodes.count == 1, let element = element(nodes[0], nodes[0].atom == .ordinary ? .ordinary : .inner) {
            return element
        }
        return "<mrow>\(row(nodes))</mrow>"
    }

    /// The parts one after the other.
    /// - Parameter previous: what stands in front of them.
    private func row(_ nodes: [MathNode], after previous: MathAtom? = nil) -> String {
        var out = ""
        var previous = previous
        for (index, node) in nodes.enumerated() {
            if case .space(let em) = node {
                out += Self.space(em)
                continue
            }
            let next = nodes[(index + 1)...].first { if case .space = $0 { false } else { true } }
            let atom = Self.atom(of: node, after: previous, before: next)
            let isFirst = index == 0
            if node.isFunction, let previous, [.ordinary, .closing, .inner, .operator].contains(previous) {
                if index > 0, !nodes[index - 1].isSpace { out += Self.space(1.0 / 6) }
            }
            out += element(node, atom, isFirst: isFirst, after: previous, before: next?.atom) ?? ""
            if node.isFunction, index + 1 < nodes.count, nodes[index + 1].standsApart { out += Self.space(1.0 / 6) }
            previous = atom
        }
        return out
    }

    /// What a part is where it stands: a sign with nothing to join is none that joins (The TeXbook, appendix G, rules 5 and 6).
    private static func atom(of node: MathNode, after previous: MathAtom?, before next: MathNode?) -> MathAtom {
        guard node.atom == .binary else { return node.atom }
        guard let previous, ![.operator, .binary, .relation, .opening, .punctuation].contains(previous) else {
            return .ordinary
        }
        guard let next, ![.relation, .closing, .punctuation].contains(next.atom) else { return .ordinary }
        return .binary
    }

    private static func space(_ em: Double) -> String { em == 0 ? "" : "<mspace width=\"\(length(em))\"></mspace>" }

    static func length(_ em: Double) -> String {
        let thousandths = Int((em * 1000).rounded())
        if thousandths % 1000 == 0 { return "\(thousandths / 1000)em" }
        let digits = String(abs(thousandths) % 1000 + 1000).dropFirst()
        return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(digits)em"
    }

    // MARK: Elements

    /// A part as one element; nil for a group without anything in it.
    private func element(
        _ node: MathNode, _ atom: MathAtom, isFirst: Bool = false, after previous: MathAtom? = nil,
        before next: MathAtom? = nil
    ) -> String? {
        switch node {
        case .letters(let text, let isUpright): return Self.identifier(text, isUpright: isUpright)
        case .number(let text): return "<mn>\(text)</mn>"
        case .symbol(let sign, _): return symbol(sign, atom, isFirst: isFirst, after: previous, before: next)
        case .function(let name, .beside): return Self.identifier(name, isUpright: true)
        case .function(let name, let limits):
            let movable = limits == .movable ? " movablelimits=\"true\"" : ""
            return "<mo\(movable) lspace=\"0\" rspace=\"0\">\(Markup.escaped(name))</mo>"
        case .large(let sign, .stacked): return "<mo movablelimits=\"false\">\(sign)</mo>"
        case .large(let sign, _): return "<mo>\(sign)</mo>"
        case .text(let text): return "<mtext>\(Markup.escaped(text.replacing(" ", with: "\u{A0}")))</mtext>"
        case .space(let em): return Self.space(em)
        case .group(let inner):
            if inner.isEmpty { return nil }
            if inner.count == 1, case .symbol(let sign, _) = inner[0] { return symbol(sign, .ordinary) }
            return grouped(inner)
        case .fraction(let fraction): return self.fraction(fraction)
        case .root(let inner, nil): return "<msqrt>\(row(inner))</msqrt>"
        case .root(let inner, let degree?): return "<mroot>\(grouped(inner))\(script.grouped(degree))</mroot>"
        case .scripts(let base, let below, let above):
            let element = element(base, atom, isFirst: isFirst, after: previous, before: next) ?? "<mrow></mrow>"
            return base.limits == .beside
                ? scripts(element, below, above, ("msub", "msup", "msubsup"))
                : scripts(element, below, above, ("munder", "mover", "munderover"))
        case .marked(let mark): return marked(mark)
        case .stacked(let base, let below, let above):
            var element = element(base, atom, isFirst: isFirst) ?? "<mrow></mrow>"
            // A browser would make an arrow as long as what is set on it.
            if case .symbol(let sign, _) = base, sign.unicodeScalars.allSatisfy(\.isArrow) {
                element = "<mo stretchy=\"false\">\(sign)</mo>"
            }
            return scripts(element, below, above, ("munder", "mover", "munderover"))
        case .arrow(let sign, let below, let above):
            let edge = [MathNode.space(em: 0.4)]
            return scripts(
                "<mo stretchy=\"true\">\(sign)</mo>", below.map { edge + $0 + edge }, above.map { edge + $0 + edge },
                ("munder", "mover", "munderover"))
        case .delimited(let inner, let left, let right):
            let opening = left.isEmpty ? "" : "<mo stretchy=\"true\" form=\"prefix\">\(Markup.escaped(left))</mo>"
            let closing = right.isEmpty ? "" : "<mo stretchy=\"true\" form=\"postfix\">\(Markup.escaped(right))</mo>"
            return "<mrow>\(opening)\(row(inner))\(closing)</mrow>"
        case .delimiter(let sign, let atom, let em): return delimiter(sign, atom, em)
        case .table(let table): return self.table(table)
        case .styled(let style, let inner): return "<mstyle\(style.attributes)>\(row(inner, after: previous))</mstyle>"
        case .reduced(let inner, let extent):
            let drawn = extent.isDrawn ? row(inner) : "<mphantom>\(row(inner))</mphantom>"
            let sizes = extent.attributes
            return sizes.isEmpty ? drawn : "<mpadded\(sizes)>\(drawn)</mpadded>"
        case .ruled(let inner, let rule): return "<mrow class=\"\(rule.name)\">\(row(inner))</mrow>"
        case .classed(let inner, _):
            if inner.count == 1, case .symbol(let sign, _) = inner[0] {
                return symbol(sign, atom, isFirst: isFirst, after: previous, before: next)
            }
            guard !isScript, atom == .relation || atom == .binary else { return grouped(inner) }
            let space = Self.space(atom == .relation ? 5.0 / 18 : 4.0 / 18)
            return "<mrow>\(space)\(row(inner))\(space)</mrow>"
        }
    }

    private var script: MathML { MathML(isScript: true) }

    private func fraction(_ fraction: MathFraction) -> String {
        let bar = fraction.hasBar ? "" : " linethickness=\"0\""
        let element = "<mfrac\(bar)>\(grouped(fraction.top))\(grouped(fraction.bottom))</mfrac>"
        return fraction.style.map { "<mstyle\($0.attributes)>\(element)</mstyle>" } ?? element
    }

    private func scripts(
        _ base: String, _ below: [MathNode]?, _ above: [MathNode]?,
        _ names: (below: String, above: String, both: String)
    ) -> String {
        switch (below, above) {
        case (let below?, let above?):
            "<\(names.both)>\(base)\(script.grouped(below))\(script.grouped(above))</\(names.both)>"
        case (let below?, nil): "<\(names.below)>\(base)\(script.grouped(below))</\(names.below)>"
        case (nil, let above?): "<\(names.above)>\(base)\(script.grouped(above))</\(names.above)>"
        case (nil, nil): base
        }
    }

    private func marked(_ mark: MathMark) -> String {
        let sign = "<mo stretchy=\"\(mark.stretches)\">\(Markup.escaped(mark.sign))</mo>"
        let base = grouped(mark.base)
        return mark.isBelow
            ? "<munder accentunder=\"true\">\(base)\(sign)</munder>" : "<mover accent=\"true\">\(base)\(sign)</mover>"
    }

    private func table(_ table: MathTable) -> String {
        var attributes: String
        switch table.kind {
        case .matrix: attributes = ""
        case .cases: attributes = " class=\"pb-cases\""
        case .small: attributes = " class=\"pb-small\""
        case .equations: attributes = " class=\"pb-equations\" displaystyle=\"true\""
        }
        var out = "<mtable\(attributes)>"
        for (number, row) in table.rows.enumerated() {
            out += "<mtr>"
            // A line continues where a row has no more cells.
            let missing = table.rules.isEmpty ? 0 : max(0, table.alignments.count - row.count)
            for (index, cell) in (row + Array(repeating: [], count: missing)).enumerated() {
                let alignment = table.alignments[min(index, table.alignments.count - 1)]
                // The sign at which equations are aligned joins what stands on both sides of it.
                let joins = table.kind == .equations && index % 2 == 1
                let classes = [alignment.name] + table.rules(row: number, column: index)
                let named = classes.compactMap(\.self).joined(separator: " ")
                let attribute = named.isEmpty ? "" : " class=\"\(named)\""
                out += "<mtd\(attribute)>\(self.row(cell, after: joins ? .ordinary : nil))</mtd>"
            }
            out += "</mtr>"
        }
        out += "</mtable>"
        return table.kind == .small ? "<mstyle scriptlevel=\"1\">\(out)</mstyle>" : out
    }
}

extension MathNode {
    fileprivate var isSpace: Bool { if case .space = self { true } else { false } }

    /// Whether a name in front of it is set apart from it: not from an opening delimiter, however high it is.
    fileprivate var standsApart: Bool {
        if case .fraction = self { return true }
        return atom == .ordinary && !isSpace
    }

    /// A name that TeX sets apart from its neighbours.
    fileprivate var isFunction: Bool {
        switch self {
        case .function: true
        case .scripts(let base, _, _): base.isFunction
        case .classed(let inner, .operator): inner.count != 1 || inner[0].atom == .ordinary
        default: false
        }
    }
}

extension MathStyle {
    fileprivate var attributes: String {
        switch self {
        case .display: " displaystyle=\"true\" scriptlevel=\"0\""
        case .text: " displaystyle=\"false\" scriptlevel=\"0\""
        case .script: " displaystyle=\"false\" scriptlevel=\"1\""
        case .scriptscript: " displaystyle=\"false\" scriptlevel=\"2\""
        }
    }
}

extension MathTable.Alignment {
    fileprivate var name: String? {
        switch self {
        case .left: "pb-left"
        case .center: nil
        case .right: "pb-right"
        }
    }
}

extension MathTable {
    fileprivate var rules: [Int] { columnRules + rowRules }

    /// The classes of the lines around a cell: those in front of it and above it, and at the end of the table those beyond it.
    fileprivate func rules(row: Int, column: Int) -> [String] {
        func rule(_ rules: [Int], _ place: Int, _ side: String) -> String? {
            guard place < rules.count, rules[place] > 0 else { return nil }
            return "pb-rule-\(side)\(rules[place] > 1 ? "2" : "")"
        }
        return [
            rule(columnRules, column, "l"), column == columnRules.count - 2 ? rule(columnRules, column + 1, "r") : nil,
            rule(rowRules, row, "t"), row == rows.count - 1 ? rule(rowRules, row + 1, "b") : nil,
        ].compactMap(\.self)
    }
}

extension MathExtent {
    fileprivate var attributes: String {
        (hasWidth ? "" : " width=\"0\"") + (hasHeight ? "" : " height=\"0\"") + (hasDepth ? "" : " depth=\"0\"")
    }
}

extension MathRule {
    fileprivate var name: String {
        switch self {
        case .around: "pb-boxed"
        case .over: "pb-over"
        case .under: "pb-under"
        case .through: "pb-cancel"
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isArrow: Bool { (0x2190...0x21FF).contains(value) || (0x27F0...0x27FF).contains(value) }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
