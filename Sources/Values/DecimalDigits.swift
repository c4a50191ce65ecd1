/// A finite number as decimal digits: ± 0.d₁d₂d₃… × 10^point, from the shortest text that reads back as the number.
///
/// All rounding of numbers for readers happens here: half away from zero, on the digits that a reader of the data sees.
package struct DecimalDigits: Equatable {
    /// Whether the number is below zero; false for zero.
    private(set) package var isNegative: Bool
    /// Digits 0…9, the first and the last not 0; empty for zero.
    private(set) package var digits: [UInt8] = []
    /// Digits in front of the decimal point; negative when zeros stand after it.
    private(set) package var point = 0

    /// The power of ten of the last digit.
    package var exponent: Int { point - digits.count }
    /// Whether nothing stands after the decimal point.
    package var isWhole: Bool { exponent >= 0 }

    /// The digits of a finite number.
    package init(_ value: Double) {
        precondition(value.isFinite, "\(value) has no digits")
        isNegative = value < 0
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

    /// The digits of a whole number.
    package init(_ value: Int) {
        isNegative = value < 0
        digits = String(value.magnitude).utf8.map { $0 - UInt8(ascii: "0") }
        point = digits.count
        trim()
    }

    /// Times 10^`power`.
    package func shifted(by power: Int) -> Self {
        var result = self
        if !digits.isEmpty { result.point += power }
        return result
    }

    /// Rounded to at most `count` significant digits.
    package func rounded(significant count: Int) -> Self {
        digits.count <= count ? self : rounded(at: point - count)
    }

    /// Rounded to a multiple of 10^`exponent`.
    package func rounded(at exponent: Int) -> Self {
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

    // MARK: As text, without a sign

    /// Plain notation with at least `decimals` digits after the point.
    /// - Parameters:
    ///   - separator: stands between groups of three digits in front of the point; none when empty.
    ///   - grouped: the least count of digits in front of the point that are grouped.
    package func positional(decimals: Int = 0, separator: String = "", from grouped: Int = 5) -> String {
        let padded = digits + Array(repeating: 0, count: max(0, point - digits.count))
        let whole = point > 0 ? Array(padded[..<point]) : [0]
        var fraction = point > 0 ? Array(padded[point...]) : Array(repeating: 0, count: -point) + padded
        while fraction.count < decimals { fraction.append(0) }
        var text = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, whole.count >= grouped, (whole.count - index) % 3 == 0 { text += separator }
            text += String(digit)
        }
        return fraction.isEmpty ? text : text + "." + fraction.map { String($0) }.joined()
    }

    /// `1.2×10⁻⁵`; zero has no such form.
    package var scientific: String {
        guard let first = digits.first else { return "0" }
        let rest = digits.dropFirst().map { String($0) }.joined()
        return "\(first)\(rest.isEmpty ? "" : "." + rest)×\(Self.powerOfTen(point - 1))"
    }

    /// `10⁻⁵`
    package static func powerOfTen(_ exponent: Int) -> String {
        let raised: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        let digits = String(exponent.magnitude).utf8.map { raised[Int($0 - UInt8(ascii: "0"))] }
        return "10" + (exponent < 0 ? "⁻" : "") + String(digits)
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        while digits.first == 0 {
            digits.removeFirst()
            point -= 1
        }
        if digits.isEmpty { (isNegative, point) = (false, 0) }
    }
}
