import Values

/// How the cells of one column are shown: each with the digits that its value has everywhere, their decimal points below one another.
struct ColumnFormat {
    /// Whether every cell that is there is a number, so that the column lines up on the right.
    let isNumeric: Bool
    /// The author's format, or the one of all values.
    private let format: ValueFormat
    /// The widest part of a number after its units, in half digits.
    private let widest: Int

    init(_ cells: [Scalar], format: ValueFormat = .plain) {
        self.format = format
        let present = cells.filter { $0 != .null }
        isNumeric = !present.isEmpty && present.allSatisfy { $0.number != nil }
        widest = isNumeric ? min(present.compactMap { Self.tail(format.format($0)) }.max() ?? 0, Self.mostGap) : 0
    }

    /// The style sheet has a class for each gap up to this one.
    private static let mostGap = 15

    /// The text of a cell.
    func text(_ cell: Scalar) -> String { format.format(cell) }

    /// The room to leave free after a number so that its units stand below those of the others, in half digits.
    func gap(_ text: String) -> Int { Self.tail(text).map { max(0, widest - $0) } ?? 0 }

    /// How much of a number follows its units, in half digits, a point being one; nil where it has a power of ten, or is none.
    private static func tail(_ text: String) -> Int? {
        var (decimals, isNumber): (Int?, Bool) = (nil, false)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                isNumber = true
                decimals = decimals.map { $0 + 1 }
            case "." where decimals == nil: decimals = 0
            case "×": return nil
            default: break
            }
        }
        return isNumber ? decimals.map { 1 + 2 * $0 } ?? 0 : nil
    }
}
