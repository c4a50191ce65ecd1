import Charts
import Notebooks

/// How the cells of one column are shown: numbers with the same decimals, at most four significant digits.
struct ColumnFormat {
    /// Whether every cell that is there is a number, so that the column lines up on the right.
    let isNumeric: Bool
    /// The author's format, where one was given.
    private let format: ValueFormat?
    /// Decimals that the largest number needs for four significant digits.
    private let decimals: Int

    init(_ cells: [Scalar], format: ValueFormat? = nil) {
        self.format = format
        let present = cells.filter { $0 != .null }
        isNumeric = !present.isEmpty && present.allSatisfy { $0.number != nil }
        let sizes = present.compactMap { cell in
            if case .number(let value) = cell, value.isFinite { abs(value) } else { nil }
        }
        decimals = Self.needed(Self.decimals(for: sizes.max() ?? 0), by: sizes)
    }

    /// So many decimals, but for zeros that all numbers would end in.
    private static func needed(_ most: Int, by sizes: [Double]) -> Int {
        var decimals = most
        var power = (0..<most).reduce(1.0) { power, _ in power * 10 }
        while decimals > 0, sizes.allSatisfy({ ($0 * power).rounded().truncatingRemainder(dividingBy: 10) == 0 }) {
            decimals -= 1
            power /= 10
        }
        return decimals
    }

    private static func decimals(for largest: Double) -> Int {
        var bound = 10.0
        var decimals = 3
        while largest >= bound, decimals > 0 {
            bound *= 10
            decimals -= 1
        }
        bound = 1
        while largest > 0, largest < bound, decimals < 6 {
            bound /= 10
            decimals += 1
        }
        return decimals
    }

    /// The text of a cell.
    func text(_ cell: Scalar) -> String {
        if let format { return format.format(cell) }
        switch cell {
        case .null: return "—"
        case .bool(let value): return value ? "yes" : "no"
        case .int(let value): return String(value).replacing("-", with: "\u{2212}")
        case .number(let value): return Numerals.cell(value, decimals: decimals)
        case .string(let value): return value
        }
    }
}
