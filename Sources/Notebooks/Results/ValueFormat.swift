import Foundation
import Markdown

/// How a computed value is written in text: `.2f`, `.3g`, `.0%`, `d`, with `+` for a sign and `,` for thousands in front, and
/// with `interval` and a unit in quotes behind: `+.2f interval 'nats'`.
///
/// Without a format an integer is written in full and a number with at most four significant digits.
public struct ValueFormat: Sendable, Equatable {
    enum Style: Sendable, Equatable {
        case plain, integer
        case decimals(Int), significant(Int), percent(Int)
    }

    let style: Style
    let showsSign: Bool
    let groupsThousands: Bool
    /// Whether the ends of the value's interval are written behind it: `12% [9%, 15%]`.
    public let showsInterval: Bool
    /// What stands behind the number, a no-break space between them; empty for nothing.
    let unit: String

    /// The forms there are, for messages.
    public static let help =
        "formats are .2f, .3g, .0% and d, with + (sign) and , (thousands) in front, and interval and a unit such as 'nats' behind"
    static let mostDigits = 15

    /// - Throws: an error for a text that is no format.
    public init(_ text: String) throws(ValueFormatError) {
        let error = ValueFormatError(format: text)
        var rest = text[...]
        var unit = ""
        if let quote = rest.last, quote == "'" || quote == "\"" {
            guard let start = rest.dropLast().lastIndex(of: quote), start < rest.endIndex else { throw error }
            unit = String(rest[rest.index(after: start)...].dropLast())
            guard !unit.isEmpty, unit.count <= 40 else { throw error }
            rest = Self.trimmed(rest[..<start])
        }
        guard rest.isEmpty || rest.first != " " && rest.last != " " else { throw error }
        let showsInterval = rest == "interval" || rest.hasSuffix(" interval")
        if showsInterval { rest = Self.trimmed(rest.dropLast("interval".count)) }
        guard let number = NumberForm(rest) else { throw error }
        self.init(
            style: number.style, showsSign: number.showsSign, groupsThousands: number.groupsThousands,
            showsInterval: showsInterval, unit: unit)
    }

    /// The number's part of a format: `+,.2f`.
    private struct NumberForm {
        let style: Style
        let showsSign: Bool
        let groupsThousands: Bool

        init?(_ text: Substring) {
            var rest = Array(text.utf8)[...]
            showsSign = rest.first == UInt8(ascii: "+")
            if showsSign { rest.removeFirst() }
            groupsThousands = rest.first == UInt8(ascii: ",")
            if groupsThousands { rest.removeFirst() }
            var digits: Int?
            if rest.first == UInt8(ascii: ".") {
                let written = rest.dropFirst().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
                guard let count = Int(String(decoding: written, as: UTF8.self)), count <= ValueFormat.mostDigits else {
                    return nil
                }
                digits = count
                rest = rest.dropFirst(1 + written.count)
            }
            switch (String(decoding: rest, as: UTF8.self), digits) {
            case ("", nil): style = .plain
            case ("d", nil): style = .integer
            case ("f", let digits?): style = .decimals(digits)
            case ("%", let digits?): style = .percent(digits)
            case ("g", let digits?) where digits > 0: style = .significant(digits)
            default: return nil
            }
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The form of a value without a format.
    public static let plain = ValueFormat(
        style: .plain, showsSign: false, groupsThousands: false, showsInterval: false, unit: "")

    private init(style: Style, showsSign: Bool, groupsThousands: Bool, showsInterval: Bool, unit: String) {
        self.style = style
        self.showsSign = showsSign
        self.groupsThousands = groupsThousands
        self.showsInterval = showsInterval
        self.unit = unit
    }

    /// The value as text: with a true minus sign (U+2212), an em dash for null, and no trace of the locale.
    /// - Parameter interval: the ends of its interval, which a format that shows one writes behind it.
    public func format(_ scalar: Scalar, interval: (lower: Scalar, upper: Scalar)? = nil) -> String {
        if case .null = scalar { return "—" }
        var text = bare(scalar)
        if showsInterval, let (lower, upper) = interval { text += " [\(bare(lower)), \(bare(upper))]" }
        return unit.isEmpty ? text : "\(text)\u{00A0}\(unit)"
    }

    /// The value without interval and unit.
    private func bare(_ scalar: Scalar) -> String {
        switch scalar {
        case .null: return "—"
        case .bool(let flag): return String(flag)
        case .string(let text): return text
        case .int(let value):
            switch style {
            case .plain, .integer: return dressed(String(value.magnitude), isNegative: value < 0)
            default: return bare(Double(value))
            }
        case .number(let value): return bare(value)
        }
    }

    private func bare(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        let size = value.magnitude
        let digits =
            switch style {
            case .plain: Self.significant(size, 4)
            case .integer: Self.fixed(size, 0)
            case .decimals(let count): Self.fixed(size, count)
            case .significant(let count): Self.significant(size, count)
            case .percent(let count): Self.fixed(size * 100, count) + "%"
            }
        return dressed(digits, isNegative: value < 0)
    }

    private static func fixed(_ value: Double, _ count: Int) -> String { String(format: "%.\(count)f", value) }

    /// At most so many significant digits; `1.2 × 10⁻⁵` where C would write an exponent.
    private static func significant(_ value: Double, _ count: Int) -> String {
        let text = String(format: "%.\(count)g", value)
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text
        }
        let raised = String(exponent).map { $0 == "-" ? "⁻" : superscripts[$0.wholeNumberValue ?? 0] }.joined()
        return "\(text[..<mark]) × 10\(raised)"
    }

    private static let superscripts = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]

    /// Digits with their sign and their thousands; what rounds to nothing is not negative.
    private func dressed(_ digits: String, isNegative: Bool) -> String {
        let isNothing = digits.allSatisfy { "0.%".contains($0) }
        let sign = isNothing ? "" : isNegative ? "\u{2212}" : showsSign ? "+" : ""
        guard groupsThousands else { return sign + digits }
        let whole = digits.prefix { $0.isASCII && $0.isNumber }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return sign + grouped + digits.dropFirst(whole.count)
    }
}

/// A text that is no format.
public struct ValueFormatError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text that is no format.
    public let format: String

    /// The error for a text.
    public init(format: String) { self.format = format }

    /// The error as a sentence.
    public var description: String { "'\(format.shortened)' is not a format" }
}
