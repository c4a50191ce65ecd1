import Values

/// Numbers as a drawing writes them: places in pixels, and what a reader sees.
enum Numerals {
    /// A coordinate with at most two decimals: `12.5`, `-3`, `0`.
    static func coordinate(_ value: Double) -> String {
        precondition(abs(value) < 1e12, "coordinate \(value) outside any drawing")
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
        var text = hundredths < 0 ? "-\(whole)" : "\(whole)"
        if rest > 0 {
            text += rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        }
        return text
    }

    /// A number as every page writes it; `—` for a missing one.
    static func reading(_ value: Double?) -> String { Scalar.optional(value).text }

    /// A tick's label with as many decimals as its step needs.
    static func tick(_ value: Double, step: Double) -> String {
        // The step is 1, 2 or 5 times a power of ten, so its only digit says how fine the labels must be.
        let last = DecimalDigits(step).exponent
        let number = DecimalDigits(value).rounded(at: last)
        let sign = number.isNegative ? "\u{2212}" : ""
        let isShort = number.digits.isEmpty || (-3...6).contains(number.point)
        let decimals = number.digits.isEmpty ? 0 : max(0, -last)
        return sign + (isShort ? number.positional(decimals: decimals, separator: "\u{202F}") : number.scientific)
    }
}
