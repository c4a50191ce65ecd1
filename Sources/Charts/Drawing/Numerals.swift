import Values

/// Numbers as a drawing writes them: places in pixels, and what a reader sees.
enum Numerals {
    /// A coordinate with at most one decimal: `12.5`, `-3`, `0`.
    static func coordinate(_ value: Double) -> String {
        precondition(abs(value) < 1e12, "coordinate \(value) outside any drawing")
        return tenths(Int((value * 10).rounded()))
    }

    /// A tenth of a whole number.
    static func tenths(_ value: Int) -> String {
        let (whole, rest) = abs(value).quotientAndRemainder(dividingBy: 10)
        return (value < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }

    /// A number as every page writes it; `—` for a missing one.
    static func reading(_ value: Double?) -> String { Scalar.optional(value).text }

    /// An end of an interval, `−∞` or `∞` where it is open.
    static func reading(end: Double) -> String { end.isFinite ? reading(end) : end < 0 ? "\u{2212}∞" : "∞" }

    /// Whether a text that a page wrote is a number, so that a reader can do with every fifth one of a row of them.
    static func isNumber(_ text: String) -> Bool {
        Double(text.replacing("\u{2212}", with: "-").filter { $0 != "\u{202F}" }) != nil
    }

    /// The label of a tick that is a multiple of 1, 2 or 5 times 10^`exponent`.
    static func tick(_ value: Double, exponent: Int) -> String {
        let number = DecimalDigits(value).rounded(at: exponent)
        let sign = number.isNegative ? "\u{2212}" : ""
        let isShort = number.digits.isEmpty || (-3...6).contains(number.point)
        let decimals = number.digits.isEmpty ? 0 : max(0, -exponent)
        return sign + (isShort ? number.positional(decimals: decimals, separator: "\u{202F}") : number.scientific)
    }
}
