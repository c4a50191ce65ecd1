/// Numbers as text: no locale, no exponent surprises, a true minus sign where people read.
package enum Numerals {
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

    /// A number for a reader with at most `digits` significant digits: `0.1235`, `−12.3`, `1.2×10⁻⁵`; `—` for a missing one.
    package static func reading(_ value: Double?, digits: Int = 4) -> String {
        guard let value, value.isFinite else { return "—" }
        return DecimalDigits(value).rounded(significant: digits).text(minimumDecimals: 0)
    }

    /// A whole number with its thousands apart: `5 701 824`, from 10 000 on.
    package static func whole(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            let rest = digits.count - index
            if index > 0, rest % 3 == 0, digits.count > 4 { text += "\u{2009}" }
            text.append(digit)
        }
        return text
    }

    /// A power of ten as text: `10⁻⁵`.
    static func powerOfTen(_ exponent: Int) -> String { "10" + DecimalDigits.superscript(exponent) }

    /// A table cell's number with these decimals; one that they would round to nothing keeps two digits: `4.1×10⁻⁷`.
    package static func cell(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "—" }
        let digits = DecimalDigits(value)
        let rounded = digits.rounded(at: -decimals)
        if rounded.digits.isEmpty, !digits.digits.isEmpty {
            return digits.rounded(significant: 2).text(minimumDecimals: 0)
        }
        return rounded.text(minimumDecimals: decimals)
    }

    /// A tick's label with as many decimals as its step needs.
    static func tick(_ value: Double, step: Double) -> String {
        let step = DecimalDigits(step)
        // The step is 1, 2 or 5 times a power of ten, so its only digit says how fine the labels must be.
        let last = step.exponent
        if value == 0 { return "0" }
        let digits = DecimalDigits(value).rounded(at: last)
        return digits.text(minimumDecimals: max(0, -last))
    }
}

/// A finite float64 as decimal digits: ± 0.d₁d₂d₃… × 10^point, from the shortest text that reads back as the number.
struct DecimalDigits: Equatable {
    var isNegative: Bool
    /// Digits 0…9, the first one not 0; empty for zero.
    var digits: [UInt8]
    /// Digits in front of the decimal point; negative when zeros stand behind it.
    var point: Int

    /// The power of ten of the last digit.
    var exponent: Int { point - digits.count }

    init(_ value: Double) {
        precondition(value.isFinite, "\(value) has no digits")
        isNegative = value < 0
        digits = []
        point = 0
        var sawPoint = false
        var bytes = value.magnitude.description.utf8[...]
        if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
            point = Int(String(decoding: bytes[bytes.index(after: mark)...], as: UTF8.self)) ?? 0
            bytes = bytes[..<mark]
        }
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                sawPoint = true
            } else {
                digits.append(byte - UInt8(ascii: "0"))
                if !sawPoint { point += 1 }
            }
        }
        trim()
    }

    /// Rounded half away from zero to so many significant digits.
    func rounded(significant count: Int) -> Self {
        digits.count <= count ? self : rounded(at: point - count)
    }

    /// Rounded half away from zero to a multiple of 10^`exponent`.
    func rounded(at exponent: Int) -> Self {
        let kept = point - exponent
        guard kept < digits.count else { return self }
        var result = self
        guard kept >= 0 else {
            result.digits = []
            result.trim()
            return result
        }
        let carries = digits[kept] >= 5
        result.digits = Array(digits[..<kept])
        if carries {
            var place = kept - 1
            while place >= 0, result.digits[place] == 9 {
                result.digits[place] = 0
                place -= 1
            }
            if place >= 0 {
                result.digits[place] += 1
            } else {
                result.digits.insert(1, at: 0)
                result.point += 1
            }
        }
        result.trim()
        return result
    }

    /// Plain notation where it is short, else `1.2×10⁻⁵`; thousands apart by thin spaces from 10 000 on.
    func text(minimumDecimals: Int) -> String {
        guard !digits.isEmpty else {
            return minimumDecimals > 0 ? "0." + String(repeating: "0", count: minimumDecimals) : "0"
        }
        let sign = isNegative ? "\u{2212}" : ""
        if point < -3 || point > 6 {
            let mantissa = Self.text(digits[..<1]) + (digits.count > 1 ? "." + Self.text(digits[1...]) : "")
            return sign + mantissa + "×10" + Self.superscript(point - 1)
        }
        let padded = digits + Array(repeating: 0, count: max(0, point - digits.count))
        let whole = point > 0 ? Array(padded[..<point]) : [0]
        var fraction = point > 0 ? Array(padded[point...]) : Array(repeating: 0, count: -point) + padded
        while fraction.count < minimumDecimals { fraction.append(0) }
        var text = Self.text(whole[...])
        if whole.count > 4 {
            text.insert("\u{2009}", at: text.index(text.endIndex, offsetBy: -3))
        }
        return sign + text + (fraction.isEmpty ? "" : "." + Self.text(fraction[...]))
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        while digits.first == 0 {
            digits.removeFirst()
            point -= 1
        }
        if digits.isEmpty { (isNegative, point) = (false, 0) }
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }

    static func superscript(_ exponent: Int) -> String {
        let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        let digits = String(exponent.magnitude).utf8.map { raised[Int($0 - UInt8(ascii: "0"))] }
        return (exponent < 0 ? "⁻" : "") + String(digits)
    }
}
