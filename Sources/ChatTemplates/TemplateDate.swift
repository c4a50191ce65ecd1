/// The moment that a template's `strftime_now` writes, so that a page comes out the same on every day.
public struct TemplateDate: Sendable, Equatable, CustomStringConvertible {
    /// The year, from 1 to 9999.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Midnight of a day; `nil` where the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// A day as ISO 8601 writes it, `2024-07-26`; `nil` where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day as ISO 8601 writes it.
    public var description: String { "\(padded(year, to: 4))-\(padded(month))-\(padded(day))" }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private var dayOfYear: Int { (1..<month).map { Self.days(in: $0, of: year) }.reduce(day, +) }

    /// The day of the week, 0 for Sunday, by the Gregorian calendar.
    private var weekday: Int {
        let before = year - 1
        return (before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear) % 7
    }

    private func padded(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The date by a format of C's `strftime`, in the C locale; `%-d` leaves out the zero.
    func formatted(_ format: Text) throws(TemplateError.Problem) -> Text {
        var result = ""
        var rest = format.scalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%", var directive = rest.popFirst() else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let isBare = directive == "-"
            if isBare, let next = rest.popFirst() { directive = next }
            let written = try write(directive)
            result += isBare ? bare(written) : written
        }
        return Text(result)
    }

    private func bare(_ written: String) -> String {
        let rest = written.drop { $0 == "0" }
        return rest.isEmpty ? "0" : String(rest)
    }

    private func write(_ directive: Unicode.Scalar) throws(TemplateError.Problem) -> String {
        switch directive {
        case "Y": return padded(year, to: 4)
        case "y": return padded(year % 100)
        case "m": return padded(month)
        case "B": return Self.months[month - 1]
        case "b", "h": return String(Self.months[month - 1].prefix(3))
        case "d": return padded(day)
        case "e": return day < 10 ? " \(day)" : "\(day)"
        case "j": return padded(dayOfYear, to: 3)
        case "A": return Self.weekdays[weekday]
        case "a": return String(Self.weekdays[weekday].prefix(3))
        case "w": return "\(weekday)"
        case "u": return "\(weekday == 0 ? 7 : weekday)"
        case "F": return "\(padded(year, to: 4))-\(padded(month))-\(padded(day))"
        case "D", "x": return "\(padded(month))/\(padded(day))/\(padded(year % 100))"
        case "H", "M", "S": return "00"
        case "I": return "12"
        case "p": return "AM"
        case "T", "X": return "00:00:00"
        case "R": return "00:00"
        case "f": return "000000"
        case "Z", "z": return ""
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        default: throw .unsupported("the date format '%\(directive)'")
        }
    }
}
