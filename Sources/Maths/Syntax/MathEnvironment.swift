/// `\begin{…}` and what it draws.
struct MathEnvironment {
    let kind: MathTable.Kind
    var alignments: [MathTable.Alignment] = [.center]
    var columnRules: [Int] = []
    var left = ""
    var right = ""
    /// Whether column letters stand after its name, or a count.
    var hasColumns = false
    var hasCount = false
    /// Whether a tag may stand in it.
    var isEquation = false
    /// Whether it is one row without cells.
    var isPlain = false

    static let names = byName.keys.sorted()

    static let byName: [String: MathEnvironment] = {
        let pairs: [MathTable.Alignment] = [.right, .left]
        let equations = MathEnvironment(kind: .equations, alignments: alternating, isEquation: true)
        let gathered = MathEnvironment(kind: .equations, isEquation: true)
        let plain = MathEnvironment(kind: .equations, isEquation: true, isPlain: true)
        var all: [String: MathEnvironment] = [
            "matrix": MathEnvironment(kind: .matrix), "smallmatrix": MathEnvironment(kind: .small),
            "pmatrix": MathEnvironment(kind: .matrix, left: "(", right: ")"),
            "bmatrix": MathEnvironment(kind: .matrix, left: "[", right: "]"),
            "Bmatrix": MathEnvironment(kind: .matrix, left: "{", right: "}"),
            "vmatrix": MathEnvironment(kind: .matrix, left: "|", right: "|"),
            "Vmatrix": MathEnvironment(kind: .matrix, left: "‖", right: "‖"),
            "cases": MathEnvironment(kind: .cases, alignments: [.left], left: "{"),
            "dcases": MathEnvironment(kind: .cases, alignments: [.left], left: "{"),
            "rcases": MathEnvironment(kind: .cases, alignments: [.left], right: "}"),
            "array": MathEnvironment(kind: .matrix, hasColumns: true),
            "alignedat": MathEnvironment(kind: .equations, alignments: alternating, hasCount: true),
            "split": MathEnvironment(kind: .equations, alignments: pairs), "aligned": equations, "align": equations,
            "gathered": gathered, "gather": gathered, "equation": plain, "multline": gathered,
        ]
        for name in ["align", "gather", "equation", "multline"] { all[name + "*"] = all[name] }
        return all
    }()

    /// Right and left in turn, for as many columns as anyone writes.
    private static let alternating: [MathTable.Alignment] = (0..<20).map { $0 % 2 == 0 ? .right : .left }
}

extension MathParser {
    /// An environment, from after `\begin`.
    mutating func environment(_ range: Range<Int>) throws(MathProblem) -> MathNode? {
        guard let place = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: "\\begin"), range) }
        let name = lexer.text(place)
        let known = MathEnvironment.byName[name]
        if known == nil { report(.unknownEnvironment(name), place) }
        var environment = known ?? MathEnvironment(kind: .matrix)
        if environment.hasColumns { (environment.alignments, environment.columnRules) = try columns(range) }
        if environment.hasCount, lexer.rawGroup() == nil {
            throw MathProblem(.missingArgument(of: "\\begin{\(name)}"), range)
        }
        let wasInEquation = isInEquation
        isInEquation = environment.isEquation
        defer { isInEquation = wasInEquation }
        let (rows, rules) = try nested(range) { parser throws(MathProblem) in
            try parser.rows(isPlain: environment.isPlain)
        }
        let (token, end) = lexer.next()
        guard token == .command("end") else {
            if token == .end { throw MathProblem(.unclosed("\\begin{\(name)}"), range) }
            throw MathProblem(.unexpected(lexer.text(end)), end)
        }
        guard let closing = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: "\\end"), end) }
        guard lexer.text(closing) == name else {
            throw MathProblem(.wrongEnd(begun: name, ended: lexer.text(closing)), closing)
        }
        if environment.isPlain { return .styled(.display, rows.first?.first ?? []) }
        let table = MathNode.table(
            MathTable(
                kind: environment.kind, alignments: environment.alignments, rows: rows,
                columnRules: environment.columnRules, rowRules: rules))
        if environment.left.isEmpty, environment.right.isEmpty { return table }
        return .delimited([table], left: environment.left, right: environment.right)
    }

    mutating func substack(_ range: Range<Int>) throws(MathProblem) -> MathNode {
        let (token, place) = lexer.next()
        guard token == .opening else { throw MathProblem(.missingArgument(of: "\\substack"), range) }
        let rows = try nested(range) { parser throws(MathProblem) in try parser.rows(isPlain: false).cells }
        guard lexer.next().token == .closing else { throw MathProblem(.unclosed("{"), place) }
        return .table(MathTable(kind: .small, alignments: [.center], rows: rows))
    }

    /// Rows of cells, up to what ends them, with the number of lines above each row and below the last; an empty row after the last line
    /// end is none.
    private mutating func rows(isPlain: Bool) throws(MathProblem) -> (cells: [[[MathNode]]], rules: [Int]) {
        var rows: [[[MathNode]]] = []
        var cells: [[MathNode]] = []
        var rules = [isPlain ? 0 : rowRules()]
        while true {
            cells.append(try row())
            let (token, range) = lexer.peek()
            switch token {
            case .cell where !isPlain: _ = lexer.next()
            case .line where !isPlain:
                _ = lexer.next()
                rows.append(cells)
                cells = []
                skipLineHeight()
                rules.append(rowRules())
            default:
                if isPlain, token == .cell || token == .line {
                    throw MathProblem(.unexpected(lexer.text(range)), range)
                }
                if cells.count > 1 || cells.first?.isEmpty == false || rows.isEmpty {
                    rows.append(cells)
                    rules.append(0)
                }
                return (rows, rules.contains { $0 > 0 } ? rules : [])
            }
        }
    }

    /// `[2pt]` right after a line end.
    private mutating func skipLineHeight() {
        guard lexer.place < lexer.limit, lexer.bytes[lexer.place] == UInt8(ascii: "["),
            let end = lexer.bytes[lexer.place..<lexer.limit].firstIndex(of: UInt8(ascii: "]"))
        else { return }
        lexer.place = end + 1
    }

    /// How often `\hline` stands here.
    private mutating func rowRules() -> Int {
        var count = 0
        while lexer.peek().token == .command("hline") {
            _ = lexer.next()
            count += 1
        }
        return count
    }

    /// The columns of an array, with the number of lines before each and after the last.
    private mutating func columns(
        _ range: Range<Int>
    ) throws(MathProblem) -> (alignments: [MathTable.Alignment], rules: [Int]) {
        guard let inner = lexer.rawGroup() else { throw MathProblem(.missingArgument(of: "\\begin{array}"), range) }
        let text = lexer.text(inner)
        let letters: [Character: MathTable.Alignment] = ["l": .left, "c": .center, "r": .right]
        var columns: [MathTable.Alignment] = []
        var rules = [0]
        for character in text where !character.isWhitespace {
            if character == "|" {
                rules[columns.count] += 1
            } else if let column = letters[character] {
                columns.append(column)
                rules.append(0)
            } else {
                throw MathProblem(.badColumns(text), inner)
            }
        }
        guard !columns.isEmpty else { throw MathProblem(.badColumns(text), inner) }
        return (columns, rules.contains { $0 > 0 } ? rules : [])
    }
}
