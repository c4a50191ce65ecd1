/// How a computed value is written in text: `.2f`, `.3g`, `.0%`, `d`, `p` for a p-value, with `+` for a sign and `,` for thousands in front, and
/// with `interval` and a unit in quotes at the end: `+.2f interval 'nats'`.
///
/// Without a format an integer is written in full, and any other number with at most four significant digits and every digit in
/// front of its decimal point. The form depends on the value alone, so that a value has the same digits wherever it is shown.
public struct ValueFormat: Sendable, Equatable {
    enum Style: Sendable, Equatable {
        case plain, integer, pValue
        case decimals(Int), significant(Int), percent(Int)
    }

    let style: Style
    let showsSign: Bool
    let groupsThousands: Bool
    /// Whether the ends of the value's interval are written after it: `12% [9%, 15%]`.
    public let showsInterval: Bool
    /// What stands after the number, a no-break space between them; empty for nothing.
    let unit: String

    /// The forms there are, for messages.
    public static let help = "\(forms), and interval and a unit such as 'nats' at the end"
    /// The forms of a column, whose intervals have columns of their own.
    public static let columnHelp = "\(forms), and a unit such as 'nats' at the end"
    private static let forms = "formats are .2f, .3g, .0%, d and p, with + (sign) and , (thousands) in front"
    static let mostDigits = 15

    /// - Throws: an error for a text that is not a format.
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
            case ("p", nil): style = .pValue
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

    /// The form of a p-value without a format.
    public static let pValue = ValueFormat(
        style: .pValue, showsSign: false, groupsThousands: false, showsInterval: false, unit: "")

    /// The form of a value without a format, by its path or its column's name: a p-value is called `p`, or ends in `_p` or `.p`.
    public static func plain(for name: String) -> ValueFormat {
        name == "p" || name.hasSuffix("_p") || name.hasSuffix(".p") ? pValue : plain
    }

    /// The least p-value that 10 000 random permutations can give, (1 + 0) / (1 + 10 000): a bound, and written as one.
    public static let leastP = 1 / 10_001.0

    /// The form with a number of decimals: `.2f`.
    public init(decimals: Int) {
        self.init(
            style: .decimals(decimals), showsSign: false, groupsThousands: false, showsInterval: false, unit: "")
    }

    private init(style: Style, showsSign: Bool, groupsThousands: Bool, showsInterval: Bool, unit: String) {
        self.style = style
        self.showsSign = showsSign
        self.groupsThousands = groupsThousands
        self.showsInterval = showsInterval
        self.unit = unit
    }

    /// The value as text: with a true minus sign (U+2212), an em dash for null, and no trace of the locale.
    /// - Parameter interval: the ends of its interval, which a format that shows one writes after it.
    public func format(_ scalar: Scalar, interval: (lower: Scalar, upper: Scalar)? = nil) -> String {
        if case .null = scalar { return "—" }
        var text = bare(scalar)
        if showsInterval, let (lower, upper) = interval { text += " [\(bare(lower)), \(bare(upper))]" }
        return unit.isEmpty ? text : "\(text)\u{00A0}\(unit)"
    }

    /// The value without interval and unit.
    private func bare(_ scalar: Scalar) -> String {
        switch scalar {
        case .null: "—"
        case .bool(let flag): String(flag)
        case .string(let text): text
        case .int(let value): style == .plain ? signed(DecimalDigits(value), Self.full) : bare(DecimalDigits(value))
        case .number(let value) where style == .pValue && value >= 0 && value <= Self.leastP:
            "≤\u{00A0}" + plain(DecimalDigits(Self.leastP).rounded(significant: 1))
        case .number(let value): value.isFinite ? bare(DecimalDigits(value)) : "—"
        }
    }

    private func bare(_ number: DecimalDigits) -> String {
        switch style {
        case .plain, .pValue: plain(number)
        case .integer: signed(number.rounded(at: 0), "")
        case .decimals(let count): signed(number.rounded(at: -count), "", decimals: count)
        case .percent(let count): signed(number.shifted(by: 2).rounded(at: -count), "", decimals: count) + "%"
        case .significant(let count): significant(number.rounded(significant: count), count)
        }
    }

    /// A narrow space that no line breaks at, between thousands from 10 000 on.
    private static let full = "\u{202F}"
    /// Digits in front of the point up to which a whole number, or any other, is written in full.
    private static let (mostWhole, mostOther) = (15, 6)

    /// At most four significant digits, but every digit in front of the point; very small and very large numbers as `1.2×10⁻⁵`.
    private func plain(_ number: DecimalDigits) -> String {
        if number.isWhole, number.point <= Self.mostWhole { return signed(number, Self.full) }
        guard number.point <= Self.mostOther else { return sign(number) + number.rounded(significant: 4).scientific }
        let rounded = number.rounded(significant: max(4, number.point))
        return rounded.point < -3 ? sign(rounded) + rounded.scientific : signed(rounded, Self.full)
    }

    /// Plain notation where C's `%g` has it, else `1.2×10⁻⁵`.
    private func significant(_ number: DecimalDigits, _ count: Int) -> String {
        let isShort = number.digits.isEmpty || (-3...count).contains(number.point)
        return isShort ? signed(number, "") : sign(number) + number.scientific
    }

    private func signed(_ number: DecimalDigits, _ separator: String, decimals: Int = 0) -> String {
        sign(number)
            + (groupsThousands
                ? number.positional(decimals: decimals, separator: ",", from: 4)
                : number.positional(decimals: decimals, separator: separator))
    }

    /// A true minus sign (U+2212); what is or rounds to zero has no sign.
    private func sign(_ number: DecimalDigits) -> String {
        number.digits.isEmpty ? "" : number.isNegative ? "\u{2212}" : showsSign ? "+" : ""
    }
}

extension Scalar {
    /// The value as pages, prose, tables and charts write it where no format is asked for: `0.1235`, `−12.3`, `5 701 824`, `1.2×10⁻⁵`.
    public var text: String { ValueFormat.plain.format(self) }
}

/// A text that is not a format.
public struct ValueFormatError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text that is not a format.
    public let format: String

    /// The error for a text.
    public init(format: String) { self.format = format }

    /// The error as a sentence.
    public var description: String {
        "'\(format.count > 60 ? format.prefix(60) + "…" : format)' is not a format"
    }
}
